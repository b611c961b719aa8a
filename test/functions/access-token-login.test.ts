import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DISPLACED, sessionIdOf, startBound, type BoundFunctions } from "./bound-functions.ts";
import { bearer, json, type Answer } from "./harness.ts";

let bound: BoundFunctions;
let user = "";
let count = 0;
beforeAll(async () => {
  bound = await startBound();
});
beforeEach(() => {
  user = `user-${count++}`;
  bound.functions.recorded.clear();
});

const tick = (ms: number): void => bound.tick(ms);
const signIn = (claim: string, more: object = {}) => bound.signIn(user, claim, more);
const call: BoundFunctions["call"] = (...sent) => bound.call(...sent);
const authorize: BoundFunctions["authorize"] = (token) => bound.authorize(token);

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
    bound = await startBound({}, { limit: 1, atLimit: "ask" });
    const [one, two] = [signIn("1"), signIn("2")];
    const first = await call(one());
    const limit = { status: 409, body: { code: "session_limit", atLimit: "ask", sessions: [{}] } };
    expect(await call(two())).toMatchObject(limit);
    expect(await authorize(two())).toEqual({ isAuthorized: false });
    expect(await logIn(two())).toMatchObject(limit);
    expect((await logIn(two(), { end: [sessionIdOf(first)] })).status).toBe(201);
    expect((await call(two())).status).toBe(200);
    bound = await startBound();
  });

  test("refuses what is no access token, a field of another way, and one way too many", async () => {
    const idToken = await bound.signer.cognitoId();
    expect((await logIn(Promise.resolve(idToken))).body["code"]).toBe("invalid_access_token");
    expect((await logIn(signIn("x")(), { idToken })).status).toBe(400);
    expect((await logIn(signIn("x")(), { deliver: "token" })).status).toBe(400);
    expect((await logIn(signIn("x")(), {}, { "sec-fetch-site": "cross-site" })).status).toBe(403);
  });
});
