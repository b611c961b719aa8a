import { HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ROUTES } from "../../infra/routes.ts";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import {
  addUsers,
  cookie,
  json,
  PASSWORD,
  startFunctions,
  type Answer,
  type Functions,
} from "../functions/harness.ts";

/** What a page of another origin makes a browser send along, by its age and by what the page does. */
const FOREIGN: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ["a page of another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
  ["a page of another site that hides its origin", { "sec-fetch-site": "cross-site", origin: "null" }],
  ["a page of a sibling host", { "sec-fetch-site": "same-site", origin: "https://evil.example.com" }],
  ["a page of another site, without an origin", { "sec-fetch-site": "cross-site" }],
  ["an old browser's page of another site", { origin: "https://evil.example" }],
  ["an old browser's page without an origin of its own (a sandbox, a file)", { origin: "null" }],
  ["an origin that only begins like an allowed one", { origin: "https://app.example.com.evil.example" }],
  ["the own host by another port", { origin: "https://api.example.com:8443" }],
];

/**
 * A form of another page can have these types, and needs no leave to (Fetch standard, CORS-safelisted
 * request-header).
 */
const FORM_TYPES = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"];

const STATE_CHANGING = ROUTES.filter(({ method }) => method !== HttpMethod.GET);

/** A body with which each call would do what it does; a route without one here has none. */
const BODIES: Readonly<Record<string, object>> = {
  "POST /login": { username: "alice", password: PASSWORD },
  "POST /admin/logout": { userIds: ["alice"], includeAdmins: true },
};

let functions: Functions;
let admin: string;
let another: string;
beforeAll(async () => {
  functions = await startFunctions({ settings: { policy: NO_LIMIT } });
  await addUsers(functions.directory, { alice: {}, admin: { isAdmin: true } });
});
beforeEach(async () => {
  await functions.store.revoke({ userIds: ["admin", "alice"], revokedBy: "test" });
  await startOver();
});
afterAll(() => void vi.restoreAllMocks());

/** By direct invocation, which hashes no password. */
async function logIn(
  id: string,
): Promise<{ readonly token: string; readonly session: { readonly id: string } }> {
  return (await functions.invoke("login", { user: { id, isAdmin: id === "admin" } })) as Awaited<
    ReturnType<typeof logIn>
  >;
}

async function startOver(): Promise<void> {
  admin = (await logIn("admin")).token;
  another = (await logIn("admin")).session.id;
  await logIn("alice");
}

/** The call as a page would make it on purpose, with an administrator's cookie. */
async function call(
  route: string,
  headers: Readonly<Record<string, string>>,
  type?: string,
): Promise<Answer> {
  const body = BODIES[route];
  const path = route.replace("{id}", another);
  const sent = body === undefined ? { headers } : json(body, headers);
  const typed = type === undefined ? sent : { ...sent, headers: { ...sent.headers, "content-type": type } };
  return functions.send(path, { ...typed, ...cookie(admin) });
}

/** How many sessions each user has. */
const counts = (): Promise<number[]> =>
  Promise.all(
    ["admin", "alice"].map(
      async (userId) => (await functions.store.listUser(userId, { limit: 100 })).items.length,
    ),
  );

describe.each(STATE_CHANGING.map(({ method, path }) => `${method} ${path}`))("CSRF on %s", (route) => {
  test("from any foreign page is 403, changes nothing and sets no cookie", async () => {
    const before = await counts();
    expect(before).toEqual([2, 1]);
    for (const [page, headers] of FOREIGN) {
      const answer = await call(route, headers);
      expect({ page, status: answer.status, code: answer.body["code"], cookies: answer.cookies }).toEqual({
        page,
        status: 403,
        code: "cross_origin",
        cookies: [],
      });
    }
    expect(await counts()).toEqual(before);
  });

  test("by a foreign page's form, of whatever type, is 403 and changes nothing", async () => {
    for (const type of FORM_TYPES) {
      const answer = await call(
        route,
        { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
        type,
      );
      expect(answer).toMatchObject({ status: 403, cookies: [] });
    }
    expect(await counts()).toEqual([2, 1]);
  });

  test("from the own page or an allowed origin does what it does", async () => {
    const answer = await call(route, { "sec-fetch-site": "same-origin", origin: "https://api.example.com" });
    expect(answer.status).toBeLessThan(300);
    expect(await counts()).not.toEqual([2, 1]);
    await startOver();
    const allowed = await call(route, { "sec-fetch-site": "cross-site", origin: "https://app.example.com" });
    expect(allowed.status).toBeLessThan(300);
  });
});

describe("CSRF on a body", () => {
  test.each(FORM_TYPES)(
    "a form's type %s is 415 also where a client says nothing of its origin",
    async (type) => {
      for (const route of Object.keys(BODIES)) expect((await call(route, {}, type)).status).toBe(415);
      expect(await counts()).toEqual([2, 1]);
    },
  );
});

describe("CSRF on the cookie itself", () => {
  // A browser takes SameSite=Lax cookies from the answer to a navigation, also one that it sent without its
  // own.
  test("POST /logout from any foreign page, without the cookie, does not clear it", async () => {
    for (const [page, headers] of FOREIGN) {
      const { status, body, cookies } = await functions.send("POST /logout", { headers });
      expect({ page, status, code: body["code"], cookies }).toEqual({
        page,
        status: 403,
        code: "cross_origin",
        cookies: [],
      });
    }
  });

  test("POST /logout by the own page, without the cookie, clears it", async () => {
    const answer = await functions.send("POST /logout", { headers: { "sec-fetch-site": "same-origin" } });
    expect(answer).toMatchObject({ status: 204, cookies: [expect.stringContaining("Max-Age=0")] });
  });
});

describe("CSRF on GET", () => {
  const reading = ROUTES.filter(({ method }) => method === HttpMethod.GET);

  test.each(reading.map(({ path }) => path))(
    "%s ends no session, makes none and sets no cookie",
    async (path) => {
      const answer = await functions.send(`GET ${path}`, {
        ...cookie(admin),
        headers: { "sec-fetch-site": "cross-site" },
        ...(path === "/admin/endings" && { query: "userId=alice" }),
      });
      expect(answer).toMatchObject({ status: 200, cookies: [] });
      expect(await counts()).toEqual([2, 1]);
    },
  );
});
