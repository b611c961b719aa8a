import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { addUsers, bearer, cookie, startFunctions, type Functions } from "./harness.ts";

const CLEARED =
  /^__Host-session=; Max-Age=0; Path=\/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Secure; SameSite=Lax$/;
const FOREIGN = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {} });
});
afterAll(() => void vi.restoreAllMocks());

describe("POST /logout", () => {
  test("ends the session, clears the cookie and is counted", async () => {
    const token = await functions.logIn("alice");
    functions.recorded.clear();
    const answer = await functions.send("POST /logout", cookie(token));
    expect(answer).toMatchObject({ status: 204, text: "" });
    expect(answer.cookies).toEqual([expect.stringMatching(CLEARED)]);
    expect((await functions.send("GET /session", bearer(token))).body["code"]).toBe("session_logged_out");
    expect(functions.recorded.counts()).toMatchObject({ Logouts: 1 });
    expect(functions.recorded.text()).not.toContain(token);
  });

  test.each([
    ["no token", () => ({})],
    ["a malformed one", () => cookie("x")],
    ["one nobody has", () => bearer(SessionToken.generate().reveal())],
  ])("with %s is 204 quietly, and clears the cookie", async (_, sent) => {
    const answer = await functions.send("POST /logout", sent());
    expect(answer.status).toBe(204);
    expect(answer.cookies).toEqual([expect.stringMatching(CLEARED)]);
  });

  test("from a foreign page is 403 and ends nothing", async () => {
    const token = await functions.logIn("alice");
    const answer = await functions.send("POST /logout", { ...cookie(token), headers: FOREIGN });
    expect(answer).toMatchObject({ status: 403, cookies: [], body: { code: "cross_origin" } });
    expect((await functions.send("GET /session", bearer(token))).status).toBe(200);
  });

  test("while the store cannot be asked is 503 and leaves the cookie", async () => {
    const broken = await startFunctions({
      wrapStore: (store) => ({
        ...store,
        logout: () => Promise.reject(new StoreUnavailableError("gone", { effect: "unknown" })),
      }),
    });
    const answer = await broken.send("POST /logout", cookie(SessionToken.generate().reveal()));
    expect(answer).toMatchObject({ status: 503, cookies: [], body: { code: "outcome_unknown" } });
    expect(answer.headers["Retry-After"]).toBe("1");
  });
});
