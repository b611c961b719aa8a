import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { toSessionEnded, watchSession } from "../../client/watch-session.ts";

const A_WHILE_MS = 10 * 60_000;
const ENDED = { code: "session_revoked" };

let hosts = 0;
/** What is warned of is said once in a page, so that each test has a host of its own. */
let url: string;
let watching: AbortController;
let warnings: unknown[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  url = `https://watched-${++hosts}.example.com/session?watch=1`;
  watching = new AbortController();
  warnings = [];
  vi.spyOn(console, "warn").mockImplementation((text: unknown) => void warnings.push(text));
});
afterEach(() => {
  watching.abort();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Watches while these come, each as often as it says, and then that the session has ended. */
async function watchThrough(...answers: readonly (readonly [times: number, answer: () => Response])[]) {
  const queue = answers.flatMap(([times, answer]) => Array.from({ length: times }, () => answer));
  const onEnded = vi.fn();
  let asked = 0;
  watchSession({
    onEnded,
    url,
    intervalMs: 1000,
    signal: watching.signal,
    random: () => 0,
    fetch: () => Promise.resolve((queue[asked++] ?? (() => json(401, ENDED)))()),
  });
  await vi.advanceTimersByTimeAsync(A_WHILE_MS);
  expect(onEnded.mock.calls).toEqual([[ENDED]]);
  expect(asked).toBe(queue.length + 1);
}

const json = (status: number, body: object): Response => Response.json(body, { status });
const page = () =>
  new Response("<!doctype html>", { headers: { "content-type": "text/html; charset=utf-8" } });
const live = () => json(200, { user: {}, session: {} });
const problem = (status: number, code: string) => () =>
  new Response(JSON.stringify({ status, code, detail: `Of ${code}.` }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });

test.each([
  ["a path that the API does not have", () => json(404, { message: "Not Found" }), "404 application/json"],
  ["a host that answers its page for every path", page, "200 text/html; charset=utf-8"],
  ["another server's JSON", () => json(200, {}), "200 application/json"],
  ["another server's 401", () => json(401, { message: "Unauthorized" }), "401 application/json"],
])("%s is a warning, once, and is asked again", async (_, answer, text) => {
  await watchThrough([4, answer]);
  expect(warnings).toEqual([
    `watchSession: ${url} answered ${text}, which is not a response of GET /session.`,
  ]);
});

test.each([
  [401, "invalid_access_token"],
  [403, "cdn_required"],
  [409, "session_limit"],
  [400, "invalid_request"],
])("the API's own %d %s is a warning in its words, once, and is asked again", async (status, code) => {
  await watchThrough([4, problem(status, code)]);
  expect(warnings).toEqual([`watchSession: ${url} answered ${status} ${code}. Of ${code}.`]);
});

test("each code is told once", async () => {
  const [one, other] = [problem(409, "session_limit"), problem(403, "cdn_required")];
  await watchThrough([2, one], [2, other], [2, one]);
  expect(warnings).toEqual([
    expect.stringContaining("session_limit"),
    expect.stringContaining("cdn_required"),
  ]);
});

test("an access token that has expired, and is fresh at the next question, is no warning", async () => {
  await watchThrough([1, live], [1, problem(401, "invalid_access_token")], [1, live]);
  expect(warnings).toEqual([]);
});

test("an API that is busy is no warning", async () => {
  await watchThrough([3, problem(503, "unavailable")], [3, problem(429, "too_many_attempts")]);
  expect(warnings).toEqual([]);
});

test("an ending says where only a new sign-in at the provider helps", () => {
  const ended = { code: "session_displaced", newSignIn: true };
  expect(toSessionEnded(ended)).toEqual(ended);
  expect(toSessionEnded({ ...ended, newSignIn: "no" })).toEqual({ code: "session_displaced" });
});
