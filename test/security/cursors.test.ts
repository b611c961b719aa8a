import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addUsers, bearer, startFunctions, type Functions } from "../functions/harness.ts";

let functions: Functions;
let admin: string;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { admin: { isAdmin: true } });
  admin = await functions.logIn("admin");
});
afterAll(() => void vi.restoreAllMocks());

/**
 * A cursor as the product writes one, of what a caller made up; `json` as it is, for numbers that no program
 * writes.
 */
const cursor = (json: string): string => Buffer.from(json).toString("base64url");
const key = (pk: string, createdAt: string, userId = "admin"): string =>
  cursor(
    `["byUser",{"pk":${JSON.stringify(pk)},"userId":${JSON.stringify(userId)},"createdAt":${createdAt}}]`,
  );
const SESSION = `session#${"A".repeat(43)}`;

test.each([
  ["a time that is infinite", key(SESSION, "1e400")],
  ["a time that no number of the database can be", key(SESSION, "1e200")],
  ["a time that is no whole number", key(SESSION, "1.5")],
  ["a time before all times", key(SESSION, "-1")],
  ["an empty key", key("", "1")],
  ["a key longer than keys can be", key("x".repeat(3000), "1")],
  ["a key of another kind of item", key("user#admin", "1")],
  ["an empty user id", key(SESSION, "1", "")],
  ["a user id longer than any", key(SESSION, "1", "x".repeat(3000))],
  [
    "a prototype in place of a member",
    cursor('["byUser",{"__proto__":{"pk":"session#x","userId":"admin","createdAt":1}}]'),
  ],
  ["another index's name", cursor('["endingsByUser",{"pk":"ended#x","endedUserId":"admin","endedAt":1}]')],
])(
  "a cursor with %s is 400 naming the parameter, for everybody's sessions and for one user's",
  async (_, made) => {
    for (const query of [`cursor=${made}`, `userId=admin&cursor=${made}`]) {
      expect(await functions.send("GET /admin/sessions", { ...bearer(admin), query })).toMatchObject({
        status: 400,
        body: { code: "invalid_request", errors: [{ parameter: "cursor" }] },
      });
    }
  },
);

test("a cursor that names a place where no session is, but one could be, is answered from there on", async () => {
  const answer = await functions.send("GET /admin/sessions", {
    ...bearer(admin),
    query: `userId=admin&cursor=${key(SESSION, String(functions.clock.now + 1000))}`,
  });
  expect(answer).toMatchObject({ status: 200 });
});
