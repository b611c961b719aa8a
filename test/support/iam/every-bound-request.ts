import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import { sessionKey } from "../../../src/sessions/table.ts";
import { testClient } from "../dynamodb.ts";
import { HttpClient, type Answer } from "../http-client.ts";
import { API_AUDIENCE, type TestProvider } from "../oidc-provider.ts";
import { logOutByJob } from "../run-job.ts";
import type { DrivenStack } from "./every-request.ts";

const codeOf = ({ body }: Answer): unknown => (body as { code?: unknown } | undefined)?.code;
const idOf = ({ body }: Answer): string => (body as { session: { id: string } }).session.id;

/**
 * Every request that comes of a provider's access tokens, of a source named `corp`, with a limit of two: by
 * first use and `displace` at the limit, or by login alone and `ask`.
 */
export async function makeEveryBoundRequest(stack: DrivenStack, provider: TestProvider): Promise<void> {
  const client = new HttpClient(stack.url);
  const token = (sub: string, sid: string, more: object = {}): Promise<string> =>
    provider.sign({ sub, sid, aud: API_AUDIENCE, ...more });
  const call = (method: string, path: string, accessToken: string, body?: object): Promise<Answer> =>
    client.call(method, path, body, { authorization: `Bearer ${accessToken}` });
  const get = (accessToken: string): Promise<Answer> => call("GET", "/session", accessToken);
  const invoke = (name: string, event: object): Promise<Answer> =>
    client.call("POST", `/2015-03-31/functions/${name}/invocations`, event);
  const authorize = async (accessToken: string): Promise<unknown> => {
    const headers = { authorization: `Bearer ${accessToken}` };
    const requestContext = { http: { method: "GET" } };
    const event = { version: "2.0", type: "REQUEST", rawPath: "/reports", headers, requestContext };
    return (await invoke("authorize", event)).body;
  };
  const logIn = (accessToken: string, more: object = {}): Promise<Answer> =>
    client.call("POST", "/login", { accessToken, ...more });

  await signInByIdToken(stack, provider);
  // Each function that resolves callers looks for traces of what it does not admit.
  const unseen = await token("maria", "unseen");
  for (const [method, path] of OTHER_CALLS)
    expect(codeOf(await call(method, path, unseen))).toBe("session_unknown");

  // The first call of a sign-in makes its session, at the API or at the authorizer, or a login does.
  const [one, two, three] = [await token("maria", "1"), await token("maria", "2"), await token("maria", "3")];
  const admits = (await get(one)).status === 200;
  if (admits) expect(await authorize(two)).toMatchObject({ isAuthorized: true });
  else for (const each of [one, two]) expect((await logIn(each)).status).toBe(201);
  for (const each of [one, two]) expect(await authorize(each)).toMatchObject({ isAuthorized: true });
  expect((await get(one)).status).toBe(200);
  expect((await logIn(one)).status).toBe(200);
  // At the limit the least recently seen is displaced, by a call, by the authorizer, and by a login.
  const [four, five] = [await token("maria", "4"), await token("maria", "5")];
  if (admits) expect((await get(four)).status).toBe(200);
  if (admits) expect(await authorize(five)).toMatchObject({ isAuthorized: true });
  else expect((await logIn(three)).status).toBe(409);
  expect((await logIn(three, { takeover: true })).status).toBe(201);
  const [live, dead] = [three, one];
  expect(codeOf(await get(dead))).toBe("session_displaced");
  expect(await authorize(dead)).toEqual({ isAuthorized: false });
  expect((await call("GET", "/sessions", live)).status).toBe(200);
  expect((await call("DELETE", "/sessions", live)).status).toBe(200);
  expect((await call("POST", "/logout", live)).status).toBe(204);
  expect((await call("POST", "/logout", await token("maria", "never"))).status).toBe(204);
  await findNothingLeft(stack, { call, get, logIn, authorize }, await token("nobody", "spent"));
  // Signed in before the logout, however long what comes after it takes.
  const signedInBefore = await token("unknown", "1");
  await invoke("admin-logout", { userIds: ["corp:maria", "corp:unknown"], includeAdmins: true });
  await invoke("admin-logout", { userIds: ["corp:maria"] });
  const documents = testClient();
  for (const includeAdmins of [true, false]) {
    const job = await logOutByJob(stack, documents, ["corp:maria", "corp:other"], { includeAdmins });
    expect(job).toMatchObject({ state: "finished", usersDone: 2 });
  }
  documents.destroy();
  expect(codeOf(await logIn(signedInBefore))).toBe("session_revoked");
}

const OTHER_CALLS = [
  ["GET", "/session?watch=1"],
  ["GET", "/sessions"],
  ["GET", "/sessions/activity"],
  ["DELETE", "/sessions"],
  ["POST", "/admin/logout"],
  ["GET", "/admin/jobs"],
] as const;

/** Sign-ins that are spent, and whose session and ending TTL has taken: they are looked at again. */
async function findNothingLeft(
  stack: DrivenStack,
  {
    call,
    get,
    logIn,
    authorize,
  }: {
    readonly call: (method: string, path: string, token: string) => Promise<Answer>;
    readonly get: (token: string) => Promise<Answer>;
    readonly logIn: (token: string) => Promise<Answer>;
    readonly authorize: (token: string) => Promise<unknown>;
  },
  token: string,
): Promise<void> {
  const id = idOf(await logIn(token));
  const documents = testClient();
  await documents.send(
    new DeleteCommand({ TableName: stack.tables["SessionsTableName"], Key: sessionKey(id) }),
  );
  documents.destroy();
  for (const [method, path] of OTHER_CALLS)
    expect(codeOf(await call(method, path, token))).toBe("session_unknown");
  expect(codeOf(await get(token))).toBe("session_unknown");
  expect(codeOf(await logIn(token))).toBe("session_unknown");
  expect(await authorize(token)).toEqual({ isAuthorized: false });
  expect((await call("POST", "/logout", token)).status).toBe(204);
}

/** Logins by id token and by code spend their sign-in, and are held to the times of sign-outs. */
async function signInByIdToken(stack: DrivenStack, provider: TestProvider): Promise<void> {
  const client = new HttpClient(stack.url);
  const begun = await client.call("GET", "/login/oidc");
  const back = await provider.signIn(String(begun.headers.get("location")), "frida");
  expect((await client.call("GET", back.pathname + back.search)).status).toBe(303);
  const idToken = await provider.sign({ sub: "frida", sid: "of the id token" });
  expect((await client.call("POST", "/login", { idToken })).status).toBe(201);
  const again = await provider.sign({ sub: "frida", sid: "of the id token" });
  expect((await client.call("POST", "/login", { idToken: again })).status).toBe(401);
}
