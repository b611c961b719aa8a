import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { SessionToken } from "../../src/sessions/token.ts";
import {
  addUsers,
  bearer,
  cookie,
  json,
  PASSWORD,
  startFunctions,
  tokenOf,
  type Answer,
  type Functions,
} from "../functions/harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {}, mallory: {} });
});
beforeEach(() => functions.store.revoke({ userIds: ["alice", "mallory"], revokedBy: "test" }));
afterAll(() => void vi.restoreAllMocks());

const logIn = (username: string, sent: object = {}): Promise<Answer> =>
  functions.send("POST /login", { ...json({ username, password: PASSWORD }), ...sent });
/** By direct invocation, which hashes no password. */
const tokenFor = async (id: string): Promise<string> =>
  ((await functions.invoke("login", { user: { id } })) as { readonly token: string }).token;
const codeOf = async (token: string): Promise<unknown> =>
  (await functions.send("GET /session", bearer(token))).body["code"] ?? "live";

describe("session fixation: a login", () => {
  test.each([
    ["a well-formed token that nobody issued", () => Promise.resolve(SessionToken.generate().reveal())],
    [
      "a token that ended",
      async () => {
        const token = await tokenFor("mallory");
        await functions.send("POST /logout", bearer(token));
        return token;
      },
    ],
    ["somebody else's live token", () => tokenFor("mallory")],
    ["the user's own live token", () => tokenFor("alice")],
  ])("with %s never adopts it, and the token is worth nothing afterwards", async (_, brought) => {
    const token = await brought();
    const given = tokenOf(await logIn("alice", cookie(token)));
    expect(given).not.toBe(token);
    expect(await codeOf(given)).toBe("live");
    expect(await codeOf(token)).not.toBe("live");
  });

  test("with somebody's token as bearer ends that one and gives its own", async () => {
    const token = await tokenFor("mallory");
    const { headers } = json({});
    const answer = await logIn("alice", { headers: { ...headers, authorization: `Bearer ${token}` } });
    expect(tokenOf(answer)).not.toBe(token);
    expect(await codeOf(token)).toBe("session_logged_out");
  });

  test("that is refused leaves the presented session and its token as they are", async () => {
    const token = await tokenFor("alice");
    const answer = await functions.send("POST /login", {
      ...json({ username: "alice", password: "not-the-password" }),
      ...cookie(token),
    });
    expect(answer).toMatchObject({ status: 401, cookies: [] });
    expect(await codeOf(token)).toBe("live");
  });

  test("takes no token from the body or the query", async () => {
    const token = SessionToken.generate().reveal();
    const answer = await functions.send(
      "POST /login",
      json({ username: "alice", password: PASSWORD, token }),
    );
    expect(answer).toMatchObject({ status: 400, cookies: [] });
    const elsewhere = await logIn("alice", { query: `token=${token}&__Host-session=${token}` });
    expect(tokenOf(elsewhere)).not.toBe(token);
    expect(await codeOf(token)).toBe("session_unknown");
  });
});

describe("cookie tossing: of two session cookies", () => {
  let mallorys: string;
  let alices: string;
  beforeEach(async () => {
    mallorys = await tokenFor("mallory");
    alices = await tokenFor("alice");
  });
  const both = (...tokens: string[]) => ({ cookies: tokens.map((token) => `__Host-session=${token}`) });
  const userOf = async (sent: object): Promise<unknown> =>
    (await functions.send("GET /session", sent)).body["user"] ?? "nobody";

  test("the first counts, on every call alike", async () => {
    expect(await userOf(both(alices, mallorys))).toMatchObject({ id: "alice" });
    expect((await functions.send("POST /logout", both(alices, mallorys))).status).toBe(204);
    expect([await codeOf(alices), await codeOf(mallorys)]).toEqual(["session_logged_out", "live"]);
  });

  test.each(["\u2000", "\u00a0", "\ufeff", "$Version=1, ", '"'])(
    "one whose name has %j before the prefix, so that no browser guards it, is none",
    async (before) => {
      const sent = { cookies: [`${before}__Host-session=${mallorys}`, `__Host-session=${alices}`] };
      expect(await userOf(sent)).toMatchObject({ id: "alice" });
      expect(await userOf({ cookies: [`${before}__Host-session=${mallorys}`] })).toBe("nobody");
    },
  );

  test.each(["__host-session", "__HOST-SESSION", "session", "__Secure-session"])(
    "one named %s is none",
    async (name) => {
      expect(await userOf({ cookies: [`${name}=${mallorys}`] })).toBe("nobody");
    },
  );
});
