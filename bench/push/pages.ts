import { connect } from "../../client/push/connection.ts";
import type { LocalStack } from "../../local/stack.ts";
import { GET_SESSION } from "../../src/api/get-session.ts";
import type { LiveView } from "../../src/api/parts/shapes.ts";
import { ask } from "../support/http.ts";

/** A page that is signed in and listens: the client's own connection, without a browser around it. */
export interface Page {
  readonly userId: string;
  /** When its question was answered with the end of its session, in milliseconds of `performance.now()`. */
  readonly toldAt: Promise<number>;
  close(): void;
}

interface LoggedIn {
  readonly token: string;
}

/** Signs a user in, whom the stack takes to be authenticated. */
export async function signIn(stack: LocalStack, userId: string): Promise<string> {
  const result = await stack.invoke("login", { user: { id: userId } });
  if (result.outcome === "fault") throw new Error(result.fault.errorMessage);
  return (result.answer as LoggedIn).token;
}

/** Opens a page for a user, and waits until it is subscribed. */
export async function openPage(stack: LocalStack, userId: string): Promise<Page> {
  const headers = { authorization: `Bearer ${await signIn(stack, userId)}` };
  const look = (query: string) => ask(stack.url + GET_SESSION.path + query, { headers });
  const { live } = JSON.parse((await look("")).body) as { readonly live: LiveView };
  let close = (): void => undefined;
  let tell: (at: number) => void = () => undefined;
  const toldAt = new Promise<number>((resolve) => (tell = resolve));
  await new Promise<void>((resolve, reject) => {
    close = connect({ ...live, key: userId }, (event) => {
      if (event === "subscribe_success") resolve();
      if (event === "data")
        void look("?watch=1").then(({ status }) => status === 401 && tell(performance.now()));
      if (event === "refused" || event === "lost") reject(new Error(`the connection is ${event}`));
    });
  });
  return { userId, toldAt, close };
}
