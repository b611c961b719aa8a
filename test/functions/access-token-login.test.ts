import { describe, expect, test } from "vitest";
import { DISPLACED, sessionIdOf } from "./bound-functions.ts";
import { bearer, json, type Answer } from "./harness.ts";
import { authorize, bound, call, eachWithOwnUser, signIn, tick, underPolicy } from "./each-bound.ts";

eachWithOwnUser();

describe("POST /login with an access token", () => {
  const logIn = async (token: Promise<string>, more: object = {}, headers = {}): Promise<Answer> =>
    bound.functions.send("POST /login", json({ accessToken: await token, ...more }, headers));

  test("is 201 once, and 200 for the session that is there", async () => {
    const device = signIn("login");
    const first = await logIn(device(), { device: { label: "Till 7" } });
    expect(first).toMatchObject({ status: 201, body: { session: { device: { label: "Till 7" } } } });
    expect(first.body).not.toHaveProperty("token");
    expect(first.cookies).toEqual([]);
    const again = await logIn(device(), {}, { authorization: `Bearer ${await device()}` });
    expect(again).toMatchObject({ status: 200, body: { displaced: [] } });
    expect(sessionIdOf(again)).toBe(sessionIdOf(first));
  });

  test("names what it displaced, and ends the opaque session that came with it", async () => {
    const opaque = await bound.functions.logIn("boss");
    const one = signIn("1");
    await call(one());
    tick(1000);
    const answer = await logIn(signIn("2")(), {}, { authorization: `Bearer ${opaque}` });
    expect(answer.body["displaced"]).toHaveLength(1);
    expect((await bound.functions.send("GET /session", bearer(opaque))).body["code"]).toBe(
      "session_logged_out",
    );
    expect(await call(one())).toMatchObject(DISPLACED);
  });

  test("offers the choice at the limit; the first call refuses with the same", async () => {
    await underPolicy({ limit: 1, atLimit: "ask" }, async () => {
      const [one, two] = [signIn("1"), signIn("2")];
      const first = await call(one());
      const limit = { status: 409, body: { code: "session_limit", atLimit: "ask", sessions: [{}] } };
      expect(await call(two())).toMatchObject(limit);
      expect(await authorize(two())).toEqual({ isAuthorized: false });
      expect(await logIn(two())).toMatchObject(limit);
      expect((await logIn(two(), { end: [sessionIdOf(first)] })).status).toBe(201);
      expect((await call(two())).status).toBe(200);
    });
  });

  test("refuses what is no access token, a field of another way, and one way too many", async () => {
    const idToken = await bound.signer.cognitoId();
    expect((await logIn(Promise.resolve(idToken))).body["code"]).toBe("invalid_access_token");
    expect((await logIn(signIn("x")(), { idToken })).status).toBe(400);
    expect((await logIn(signIn("x")(), { deliver: "token" })).status).toBe(400);
    expect((await logIn(signIn("x")(), {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });
});
