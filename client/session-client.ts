import type {
  CallerView,
  DisplacedView,
  LimitChoice,
  OwnSessionView,
  SessionLimitView,
  SignedInView,
  StatedDevice,
} from "../src/api/parts/shapes.ts";
import { expect } from "./expect.ts";
import { request, type ApiAnswer, type ApiRequest, type Failure } from "./request.ts";
import { ASK, END_OTHERS, LIST, LOG_IN, LOG_OUT, WATCH_URL } from "./routes.ts";
import { checkClientOptions, type SessionClientOptions, type TokenStore } from "./session-client-options.ts";
import type { WatchSessionOptions } from "./watch-options.ts";
import { watchSession } from "./watch-session.ts";

/**
 * Who logs in: a user name and a password, or the id token of an identity provider, or its access token. The
 * last starts the session of the provider's sign-in. No token of ours comes of it: `tokens.get` of the client
 * gives the provider's access token, and goes on doing so.
 */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly idToken: string; readonly nonce?: string }
  | { readonly accessToken: string };

/** What came of a login. */
export type LoginAnswer =
  | (SignedInView & {
      readonly outcome: "signed-in";
      /** Exactly the sessions that this login displaced. */
      readonly displaced: readonly DisplacedView[];
    })
  /** There are as many sessions as the user may have. Nobody was signed out. */
  | (SessionLimitView & {
      readonly outcome: "session-limit";
      /** Logs in again with what the person chose; refused again under `deny`. */
      readonly choose: (choice: LimitChoice) => Promise<LoginAnswer>;
    })
  | Failure;

/** The session of one client, by the calls of the API. */
export interface SessionClient {
  /**
   * Signs in. A login always gives a new session, and the one that there is ends; but the sign-in of an
   * access token has one session ever.
   */
  logIn(
    credentials: Credentials,
    options?: LimitChoice & { readonly device?: StatedDevice },
  ): Promise<LoginAnswer>;
  /** Signs out, and forgets the token; a token that is not live any more is signed out as well. */
  logOut(): Promise<ApiAnswer<undefined>>;
  /** Who is signed in. With `watch` it does not count as activity. */
  session(options?: { readonly watch?: boolean }): Promise<ApiAnswer<CallerView>>;
  /** One's own live sessions; this one has `current: true`. */
  sessions(): Promise<ApiAnswer<readonly OwnSessionView[]>>;
  /** Ends one of one's own sessions. */
  endSession(id: string): Promise<ApiAnswer<undefined>>;
  /** Ends all others, and keeps this one. */
  endOtherSessions(): Promise<ApiAnswer<{ readonly sessionCount: number }>>;
  /** Tells when and why the session ends; see `watchSession`. */
  watch(options: Pick<WatchSessionOptions, "onEnded" | "intervalMs" | "push" | "signal" | "page">): void;
}

/**
 * The calls of the session API for a front end: sign in with the choice at a limit, sign out, list, end one,
 * end others, watch. Expected outcomes are values; a mistake in code is thrown.
 * @throws TypeError that names the option, its value and what is accepted.
 */
export function createSessionClient(options: SessionClientOptions = {}): SessionClient {
  const { url, credentials, tokens, fetch: send } = checkClientOptions(options);

  /** @param members what the answer has to have. */
  async function call<T>(
    [method, path]: readonly [string, string],
    members: readonly (string & keyof T)[],
    body?: unknown,
  ): Promise<ApiAnswer<T>> {
    const headers = await bearer(tokens);
    const made: ApiRequest = { method, body, members, headers, ...(credentials && { credentials }) };
    // What the contract says of a call is what its answer is (test/client/session-client.test.ts).
    return (await request(send, url + path, made)) as ApiAnswer<T>;
  }

  async function logIn(
    who: Credentials,
    choice: LimitChoice & { readonly device?: StatedDevice } = {},
  ): Promise<LoginAnswer> {
    const isAccessToken = "accessToken" in who;
    // Otherwise the login would succeed, and no other call would be of its session.
    const isSent = !isAccessToken || tokens !== undefined || options.fetch !== undefined;
    expect("createSessionClient", "tokens", tokens, isSent, "an object with get and set");
    const deliver = tokens === undefined || isAccessToken ? {} : { deliver: "token" };
    const answer = await call<LoggedIn>(LOG_IN, SIGNED_IN, { ...who, ...choice, ...deliver });
    if (answer.outcome === "ok") {
      const { token, ...signedIn } = answer.value;
      if (token !== undefined) await tokens?.set(token);
      return { outcome: "signed-in", ...signedIn };
    }
    if (answer.outcome === "unreachable" || answer.problem.code !== "session_limit") return answer;
    const { atLimit, sessions } = answer.problem.body as SessionLimitView;
    const choose = (chosen: LimitChoice) => logIn(who, { ...choice, ...chosen });
    return { outcome: "session-limit", atLimit, sessions, choose };
  }

  return {
    logIn,
    async logOut() {
      const answer = await call<undefined>(LOG_OUT, []);
      if (answer.outcome === "ok") await tokens?.set(undefined);
      return answer;
    },
    session: ({ watch = false } = {}) => call<CallerView>([ASK[0], watch ? WATCH_URL : ASK[1]], SIGNED_IN),
    async sessions() {
      const answer = await call<{ readonly sessions: readonly OwnSessionView[] }>(LIST, ["sessions"]);
      return answer.outcome === "ok" ? { outcome: "ok", value: answer.value.sessions } : answer;
    },
    endSession: (id) => call([END_OTHERS[0], `${END_OTHERS[1]}/${encodeURIComponent(id)}`], []),
    endOtherSessions: () => call(END_OTHERS, ["sessionCount"]),
    watch: (watching) =>
      watchSession({
        ...watching,
        url: url + WATCH_URL,
        fetch: async (to, init) =>
          send(to, {
            ...init,
            ...(credentials && { credentials }),
            headers: await bearer(tokens),
          }),
      }),
  };
}

const SIGNED_IN = ["user", "session"] as const;
type LoggedIn = SignedInView & { readonly displaced: readonly DisplacedView[]; readonly token?: string };

async function bearer(tokens: TokenStore | undefined): Promise<Readonly<Record<string, string>>> {
  const token = await tokens?.get();
  return token === null || token === undefined || token === "" ? {} : { authorization: `Bearer ${token}` };
}
