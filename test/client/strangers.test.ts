import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createSessionClient, createSessionKeeper, type SessionClient } from "../../client/index.ts";

let warnings: unknown[];
beforeEach(() => {
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: unknown) => void warnings.push(text));
});
afterEach(() => void vi.restoreAllMocks());

let hosts = 0;
/** A host is warned of once in a page. */
const clientOf = (answer: () => Response) =>
  createSessionClient({ url: `https://${++hosts}.example.com`, fetch: () => Promise.resolve(answer()) });

const page = () => new Response("<!doctype html>", { headers: { "content-type": "text/html" } });
const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });
const REFUSED = { outcome: "refused", problem: { code: "unknown", detail: "" } };

const CALLS: readonly (readonly [string, (client: SessionClient) => Promise<unknown>])[] = [
  ["POST /login", (client) => client.logIn({ username: "alice", password: "x" })],
  ["POST /logout", (client) => client.logOut()],
  ["GET /session", (client) => client.session()],
  ["GET /sessions", (client) => client.sessions()],
  ["DELETE /sessions/S", (client) => client.endSession("S")],
  ["DELETE /sessions", (client) => client.endOtherSessions()],
];

describe("what another server answers is refused as unknown, and a warning, once", () => {
  const text = (route: string, what: string) =>
    `${route.replace(" ", ` https://${hosts}.example.com`)} answered ${what}, which is not a response of the session API.`;

  test.each(CALLS)("a page: %s", async (route, call) => {
    const client = clientOf(page);
    for (let calls = 0; calls < 3; calls++) expect(await call(client)).toMatchObject(REFUSED);
    expect(warnings).toEqual([text(route, "200 text/html")]);
  });

  test.each(CALLS.filter(([route]) => !/logout|sessions.S/.test(route)))("JSON: %s", async (route, call) => {
    for (const body of [{}, null, 5, { user: null, session: null }]) {
      expect(await call(clientOf(json(body)))).toMatchObject(REFUSED);
      expect(warnings.splice(0)).toEqual([text(route, "200 application/json")]);
    }
  });

  test("a path that no server has", async () => {
    const client = clientOf(json({ message: "Not Found" }, 404));
    expect(await client.session()).toMatchObject({ ...REFUSED, problem: { status: 404 } });
    expect(warnings).toEqual([text("GET /session", "404 application/json")]);
  });
});

test("an answer that breaks off is an outage, and a gateway that is busy is no mistake: no warning", async () => {
  const broken = () => new Response(new ReadableStream({ start: (body) => body.error(new Error("lost")) }));
  expect(await clientOf(broken).session()).toEqual({ outcome: "unreachable" });
  expect(await clientOf(json({ message: "Slow down" }, 429)).session()).toMatchObject(REFUSED);
  expect(warnings).toEqual([]);
});

test("a keeper says that the API does not say, and goes on after another server's answer to a login", async () => {
  const keeper = createSessionKeeper(clientOf(json({})));
  onTestFinished(keeper.start());
  expect(await keeper.logIn({ username: "alice", password: "x" })).toMatchObject(REFUSED);
  keeper.askAgain();
  await vi.waitFor(() => expect(keeper.state()).toMatchObject({ status: "unsure", failure: REFUSED }));
});
