import { describe, expect, test } from "vitest";
import { DISPLACED, sessionIdOf, startBound } from "./bound-functions.ts";
import { bearer, json, MINUTE, startFunctions, type Answer } from "./harness.ts";
import { authorize, bound, call, eachWithOwnUser, signIn, tick, user, underPolicy } from "./each-bound.ts";

eachWithOwnUser();
const watch = (token: Promise<string>): Promise<Answer> => call(token, "GET /session", { query: "watch=1" });
const asBoss = async (): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await bound.functions.logIn("boss")}`,
});

describe("an unchanged client", () => {
  test("goes on with its refreshed tokens; a second device signs the first out, for good", async () => {
    const first = signIn("first");
    const answer = await call(first());
    expect(answer).toMatchObject({
      status: 200,
      body: { user: { id: `cognito:${user}`, isAdmin: false, permissions: ["readers"] } },
    });
    tick(2 * MINUTE);
    expect((await call(first())).body["session"]).toMatchObject({ id: sessionIdOf(answer) });
    const second = signIn("second");
    expect((await call(second())).status).toBe(200);
    for (let refreshes = 0; refreshes < 3; refreshes++) {
      expect(await call(first())).toMatchObject(DISPLACED);
      tick(MINUTE);
    }
    expect((await call(second())).status).toBe(200);
    tick(1000);
    const again = signIn("third");
    expect((await call(again())).status).toBe(200);
    expect(await call(second())).toMatchObject(DISPLACED);
  });

  test("is let through by the authorizer at its first call, and refused once it was displaced", async () => {
    const first = signIn("first");
    expect(await authorize(first())).toMatchObject({
      isAuthorized: true,
      context: { userId: `cognito:${user}`, permissions: ["readers"] },
    });
    tick(1000);
    expect(await authorize(signIn("second")())).toMatchObject({ isAuthorized: true });
    expect(await authorize(first())).toEqual({ isAuthorized: false });
  });

  test("may make all its first calls at once: each is answered yes", async () => {
    const device = signIn("parallel");
    const calls = Array.from({ length: 8 }, async () => (await call(device())).status);
    expect(await Promise.all(calls)).toEqual(Array(8).fill(200));
  });

  test("has the permissions of the token at hand", async () => {
    const at = Math.floor(bound.functions.clock.now / 1000);
    const claims = { sub: user, origin_jti: "groups", auth_time: at };
    const admin = await call(bound.signer.cognito({ ...claims, "cognito:groups": ["admins"] }));
    expect(admin.body).toMatchObject({ user: { isAdmin: true } });
    const demoted = bound.signer.cognito({ ...claims, "cognito:groups": ["x"] });
    expect((await call(demoted)).body).toMatchObject({ user: { isAdmin: false, permissions: ["x"] } });
    expect((await call(demoted, "GET /admin/sessions")).status).toBe(403);
  });
});

describe("what does not admit", () => {
  test("is a call that watches, lists, ends or administers", async () => {
    const device = signIn("quiet");
    const calls: [string, object][] = [
      ["GET /session", { query: "watch=1" }],
      ["GET /sessions", {}],
      ["DELETE /sessions", {}],
      ["GET /admin/sessions", {}],
      ["POST /admin/logout", json({ userIds: ["a"] }, { authorization: `Bearer ${await device()}` })],
    ];
    for (const [route, more] of calls)
      expect(await call(device(), route, more)).toMatchObject({
        status: 401,
        body: { code: "session_unknown" },
      });
    expect((await call(device())).status).toBe(200);
    for (const [route] of calls.slice(0, 3)) expect((await call(device(), route)).status).toBe(200);
  });

  test("is any call where only a login admits, and then any call has the session", async () => {
    const own = await startBound({ admit: "login" });
    const device = own.signIn(user, "login-only");
    const ask = async () => own.call(device());
    expect((await ask()).body["code"]).toBe("session_unknown");
    const login = await own.functions.send("POST /login", json({ accessToken: await device() }));
    expect(login).toMatchObject({ status: 201, body: { displaced: [], user: { id: `cognito:${user}` } } });
    expect(await ask()).toMatchObject({ status: 200, body: { session: { id: sessionIdOf(login) } } });
  });
});

describe("own routes", () => {
  test("list and end sessions as for any caller", async () => {
    await underPolicy({ limit: 3, atLimit: "displace" }, async () => {
      const [one, two, three] = [signIn("1"), signIn("2"), signIn("3")];
      const [a, b] = [await call(one()), await call(two())];
      await call(three());
      const list = (await call(one(), "GET /sessions")).body["sessions"] as { id: string; current?: true }[];
      expect(list).toHaveLength(3);
      expect(list.find(({ current }) => current)?.id).toBe(sessionIdOf(a));
      expect((await call(one(), `DELETE /sessions/${sessionIdOf(b)}`)).status).toBe(204);
      expect((await call(two())).body["code"]).toBe("session_logged_out");
      expect((await call(one(), "DELETE /sessions")).body).toEqual({ sessionCount: 1 });
      expect((await call(three())).body).toMatchObject({ code: "session_logged_out", newSignIn: true });
      expect((await call(one())).status).toBe(200);
      tick(16 * MINUTE);
      expect((await call(one(), "DELETE /sessions")).body["code"]).toBe("reauthentication_required");
    });
  });

  test("log out a sign-in by an expired token, also one that was never admitted", async () => {
    const device = signIn("logout");
    await call(device());
    const at = Math.floor(bound.functions.clock.now / 1000);
    const expired = bound.signer.cognito({
      sub: user,
      origin_jti: `${user}-logout`,
      auth_time: at,
      exp: at - 60,
    });
    expect((await call(expired)).body["code"]).toBe("invalid_access_token");
    expect((await call(expired, "POST /logout")).status).toBe(204);
    expect((await call(device())).body).toMatchObject({ code: "session_logged_out", newSignIn: true });

    const never = signIn("never");
    expect((await call(never(), "POST /logout")).status).toBe(204);
    expect((await call(never())).body["code"]).toBe("session_logged_out");
  });

  test("log out with 204 whatever the token was worth", async () => {
    for (const token of ["a.b.c", await bound.signer.cognito({ client_id: "other" })])
      expect((await call(token, "POST /logout")).status).toBe(204);
  });
});

describe("administrators' logout", () => {
  const revoke = async (includeAdmins: boolean): Promise<Answer> =>
    bound.functions.send(
      "POST /admin/logout",
      json({ userIds: [`cognito:${user}`], includeAdmins }, await asBoss()),
    );

  test("ends a bound session, and shuts out what signed in before, never used ones too", async () => {
    const [used, unused] = [signIn("used"), signIn("unused")];
    await call(used());
    expect((await revoke(true)).body).toMatchObject({ loggedOut: [{ sessionCount: 1 }] });
    const revoked = { code: "session_revoked", by: { administrator: true }, newSignIn: true };
    expect((await call(used())).body).toMatchObject(revoked);
    expect((await call(unused())).body).toMatchObject(revoked);
    tick(10_000);
    expect((await call(signIn("new")())).status).toBe(200);
  });

  test("without includeAdmins leaves an administrator's next sign-in alone", async () => {
    const groups = { "cognito:groups": ["admins"] };
    await revoke(false);
    expect((await call(signIn("admin", groups)())).status).toBe(200);
    expect((await call(signIn("other")())).body["code"]).toBe("session_revoked");
  });

  test("shuts out the id token of a sign-in from before as well", async () => {
    const at = Math.floor(bound.functions.clock.now / 1000);
    const idToken = await bound.signer.cognitoId({ sub: user, origin_jti: "before", auth_time: at });
    await revoke(true);
    bound.functions.recorded.clear();
    expect(await bound.functions.send("POST /login", json({ idToken }))).toMatchObject({
      status: 401,
      body: { code: "invalid_credentials", newSignIn: true },
    });
    expect(bound.functions.recorded.text()).toContain('"outcome": "id-token-before-sign-out"');
  });
});

describe("one sign-in", () => {
  test("makes one session ever: by id token, then by access token, and the other way", async () => {
    const at = Math.floor(bound.functions.clock.now / 1000);
    const claims = { sub: user, auth_time: at };
    const idToken = await bound.signer.cognitoId({ ...claims, origin_jti: "id-first" });
    expect((await bound.functions.send("POST /login", json({ idToken }))).status).toBe(201);
    expect((await call(bound.signer.cognito({ ...claims, origin_jti: "id-first" }))).status).toBe(401);

    expect((await call(bound.signer.cognito({ ...claims, origin_jti: "access-first" }))).status).toBe(200);
    const late = await bound.signer.cognitoId({ ...claims, origin_jti: "access-first" });
    bound.functions.recorded.clear();
    const refused = await bound.functions.send("POST /login", json({ idToken: late }));
    expect(refused).toMatchObject({ status: 401, body: { code: "invalid_credentials", newSignIn: true } });
    expect(bound.functions.recorded.text()).toContain('"outcome": "id-token-sign-in-spent"');
  });

  test("without its claim in the id token starts none, and the log says what is missing", async () => {
    const idToken = await bound.signer.cognitoId({ sub: user, origin_jti: undefined });
    expect((await bound.functions.send("POST /login", json({ idToken }))).status).toBe(401);
    expect(bound.functions.recorded.text()).toContain('"outcome": "id-token-no-session-claim"');
  });
});

describe("what cannot be verified", () => {
  test("is 401 invalid_access_token with the reason in the log alone, also from the authorizer's view", async () => {
    const token = await bound.signer.cognito({ client_id: "other" });
    const answer = await call(token);
    expect(answer).toMatchObject({
      status: 401,
      body: { code: "invalid_access_token" },
      headers: { "WWW-Authenticate": 'Bearer error="invalid_token"' },
    });
    expect(answer.text).not.toContain("audience");
    expect(await authorize(token)).toEqual({ isAuthorized: false });
    const reasons = bound.functions.recorded.text().match(/"outcome": "access-token-wrong-audience"/g);
    expect(reasons).toHaveLength(2);
  });

  test("is session_unknown as ever where no source has access tokens", async () => {
    const plain = await startFunctions();
    expect((await plain.send("GET /session", bearer(await bound.signer.cognito()))).body["code"]).toBe(
      "session_unknown",
    );
  });
});

describe("a sign-in outside its time", () => {
  test("is session_expired: from before admitFrom, or older than a session may be", async () => {
    const own = await startBound({ admitFrom: Date.now() + 5000 });
    const ask = async (token: Promise<string>) => own.call(token);
    expect((await ask(own.signIn(user, "old")())).body).toMatchObject({
      code: "session_expired",
      newSignIn: true,
    });
    own.tick(10_000);
    expect((await ask(own.signIn(user, "new")())).status).toBe(200);
    const old = bound.signer.cognito({ auth_time: Math.floor(bound.functions.clock.now / 1000) - 13 * 3600 });
    expect((await call(old)).body["code"]).toBe("session_expired");
  });

  test("and a bound session goes on watching until it expires, never by watching", async () => {
    const device = signIn("watch");
    const answer = await call(device());
    expect((await watch(device())).status).toBe(200);
    expect((answer.body["session"] as { expiresAt: string }).expiresAt).toBe(
      new Date(Math.floor(bound.functions.clock.now / 1000) * 1000 + 12 * 60 * MINUTE).toISOString(),
    );
    tick(31 * MINUTE);
    expect((await call(device())).body).toMatchObject({ code: "session_expired", newSignIn: true });
  });
});
