import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { lambdaContext } from "../http/events.ts";
import { addUsers, bearer, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
let bob: string;
let boss: string;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { boss: { isAdmin: true }, bob: {} });
});
beforeEach(async () => {
  // The newest ending is asked for below.
  functions.clock.now += 1000;
  [bob, boss] = [await functions.logIn("bob"), await functions.logIn("boss")];
  functions.recorded.clear();
});
afterAll(() => void vi.restoreAllMocks());

const isLive = async (token: string): Promise<boolean> =>
  (await functions.send("GET /session", bearer(token))).status === 200;
const invoke = (event: unknown, remainingMs = 10_000): Promise<unknown> =>
  functions.invoke("admin-logout", event, lambdaContext(remainingMs));

/** As EventBridge delivers it. */
const event = (detail: unknown, more: object = {}): object => ({
  version: "0",
  id: "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "user.left",
  source: "hr.system",
  account: "111122223333",
  time: "2026-11-25T09:00:00Z",
  region: "eu-central-1",
  resources: [],
  detail,
  ...more,
});

const REFUSED = { name: "RevocationRefusedError" };

describe("an event of EventBridge", () => {
  test.each<[string, unknown]>([
    ["with the user ids alone", { userIds: ["bob"] }],
    [
      "that carries more than is asked for",
      { userIds: ["bob"], reason: "left", userId: "7", nested: { a: 1 } },
    ],
    ["with a reason that no record takes", { userIds: ["bob"], reason: { code: 7 } }],
    ["whose detail an input transformer made text of", '{"userIds":["bob"],"reason":"left"}'],
  ])("%s logs its users out, by its source", async (_, detail) => {
    expect(await invoke(event(detail))).toMatchObject({ loggedOut: [{ userId: "bob", sessionCount: 1 }] });
    expect(await isLive(bob)).toBe(false);
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { actor: "hr.system", phase: "begun" } },
      { audit: { actor: "hr.system", userIds: ["bob"] } },
      { audit: { actor: "hr.system", phase: "ended", outcome: "finished" } },
    ]);
  });

  test("has its reason in the audit lines, if it is one that they take", async () => {
    const reasons = (): unknown[] =>
      functions.recorded
        .lines("audit")
        .map(({ audit }) => (audit as { reason?: string }).reason)
        .filter((reason) => reason !== undefined);
    await invoke(event({ userIds: ["bob"], reason: "left" }));
    expect(reasons()).toEqual(["left", "left"]);
    functions.recorded.clear();
    await invoke(event({ userIds: ["bob"], reason: "a\nb" }));
    expect(reasons()).toEqual([]);
  });

  test("names who acts in its detail, if it wants to", async () => {
    await invoke(event({ userIds: ["bob"], actor: "maria" }));
    expect(functions.recorded.lines("audit")[0]).toMatchObject({ audit: { actor: "maria" } });
  });

  test("skips administrators and names them in an audit line, and with includeAdmins ends theirs too", async () => {
    await invoke(event({ userIds: ["bob", "boss"] }));
    expect(await isLive(boss)).toBe(true);
    expect(functions.recorded.lines("audit")).toContainEqual(
      expect.objectContaining({
        audit: { action: "admin_logout_skipped", actor: "hr.system", userIds: ["boss"] },
      }),
    );
    expect(functions.recorded.counts()["RevocationsSkipped"]).toBe(1);
    await invoke(event({ userIds: ["boss"], includeAdmins: true }));
    expect(await isLive(boss)).toBe(false);
  });

  test("may come twice: the second time there is nothing left to end", async () => {
    await invoke(event({ userIds: ["bob"] }));
    expect(await invoke(event({ userIds: ["bob"] }))).toMatchObject({ loggedOut: [{ sessionCount: 0 }] });
    const { items } = await functions.store.listEndings("bob", { limit: 1 });
    expect(items).toMatchObject([{ reason: "revoked", endedBy: "hr.system" }]);
  });

  test.each<[string, unknown, string]>([
    ["without user ids", { users: ["bob"] }, "userIds is missing"],
    ["with one id that is in no list", { userIds: "bob" }, "userIds is a string"],
    ["with no ids", { userIds: [] }, "userIds is an array of 0"],
    ["with a wrong id among right ones", { userIds: ["bob", ""] }, "userIds.1 is a string of 0 characters"],
    [
      "with more than 1,000 ids",
      { userIds: Array.from({ length: 1001 }, (_, n) => `u${n}`) },
      "array of 1001",
    ],
    [
      "with a word for includeAdmins",
      { userIds: ["bob"], includeAdmins: "yes" },
      "includeAdmins is a string",
    ],
    ["that is a dry run", { userIds: ["bob"], dryRun: true }, "dryRun is a boolean"],
    ["with a wrong actor", { userIds: ["bob"], actor: 7 }, "actor is a number"],
    ["whose detail is missing", undefined, "This is missing"],
    ["whose detail is null", null, "This is null"],
    ["whose detail is a list", [{ userIds: ["bob"] }], "This is an array"],
    ["whose detail is no JSON", "userIds=bob", "This is a string"],
    ["whose detail is text of a list", '["bob"]', "This is an array"],
  ])("%s is thrown, naming the field, counted and audited", async (_, detail, what) => {
    await expect(invoke(event(detail))).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining(what) as string,
    });
    expect(await isLive(bob)).toBe(true);
    expect(functions.recorded.counts()["RevocationsRefused"]).toBe(1);
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { action: "admin_logout", outcome: "refused" } },
    ]);
  });

  test("for which time ran short is thrown, and names who is left in an audit line", async () => {
    await expect(invoke(event({ userIds: ["bob"] }), 1500)).rejects.toMatchObject({
      name: "RevocationUnfinishedError",
    });
    expect(await isLive(bob)).toBe(true);
    expect(functions.recorded.lines("audit")).toMatchObject([
      { audit: { phase: "begun", requested: 1 } },
      { audit: { action: "admin_logout_targets", userIds: ["bob"] } },
      { audit: { action: "admin_logout_unfinished", userIds: ["bob"] } },
      { audit: { phase: "ended", outcome: "unfinished", unfinished: 1 } },
    ]);
    expect(functions.recorded.counts()["RevocationsUnfinished"]).toBe(1);
    expect(await invoke(event({ userIds: ["bob"] }))).toMatchObject({ loggedOut: [{ sessionCount: 1 }] });
  });

  test("that is refused shows nothing of its values in the log", async () => {
    const secret = "correct horse battery staple";
    const wrong = { userIds: secret, actor: [secret], includeAdmins: secret };
    await expect(invoke(event(wrong))).rejects.toMatchObject(REFUSED);
    await expect(invoke({ userIds: ["bob"], asynchronous: true, [secret]: 1 })).rejects.toMatchObject(
      REFUSED,
    );
    expect(functions.recorded.text()).not.toContain(secret);
  });
});

describe("an event of another kind, whose sender reads no answer either,", () => {
  const body = JSON.stringify({ userIds: ["bob"] });
  test.each<[string, unknown]>([
    [
      "of a schedule without input",
      event("{}", { source: "aws.scheduler", "detail-type": "Scheduled Event" }),
    ],
    ["of a queue", { Records: [{ eventSource: "aws:sqs", body }] }],
    ["of a topic", { Records: [{ EventSource: "aws:sns", Sns: { Message: body } }] }],
    ["of a stream", { Records: [{ eventSource: "aws:kinesis", kinesis: { data: btoa(body) } }] }],
    ["of a queue, with members of ours beside", { Records: [], userIds: ["bob"] }],
    ["of a pipe", [{ userIds: ["bob"] }]],
    ["of a pipe, empty", []],
    [
      "of Cognito",
      { version: "1", triggerSource: "PostConfirmation_ConfirmSignUp", userName: "bob", request: {} },
    ],
    ["of a stranger's own shape", { user: "bob" }],
    ["as text", body],
    ["as null", null],
  ])("%s is thrown, and nobody is logged out", async (_, sent) => {
    await expect(invoke(sent)).rejects.toMatchObject(REFUSED);
    expect(await isLive(bob)).toBe(true);
    expect(functions.recorded.counts()["RevocationsRefused"]).toBe(1);
  });
});

describe("an invocation that says it is asynchronous", () => {
  test("is carried out", async () => {
    expect(await invoke({ userIds: ["bob"], asynchronous: true })).toMatchObject({
      loggedOut: [{ userId: "bob" }],
    });
    expect(await isLive(bob)).toBe(false);
  });

  test.each<[string, object]>([
    ["a wrong member", { userIds: "bob", asynchronous: true }],
    ["a member that is not known", { userIds: ["bob"], includeAdmin: true, asynchronous: true }],
    ["no users", { asynchronous: true }],
    ["a word instead of true", { userIds: ["bob"], asynchronous: "yes" }],
  ])("with %s is thrown", async (_, sent) => {
    await expect(invoke(sent)).rejects.toMatchObject(REFUSED);
    expect(await isLive(bob)).toBe(true);
  });

  test("and is left unfinished is thrown", async () => {
    await expect(invoke({ userIds: ["bob"], asynchronous: true }, 1500)).rejects.toMatchObject({
      name: "RevocationUnfinishedError",
    });
  });

  test("or that it is not is answered as ever", async () => {
    expect(await invoke({ userIds: ["bob"], asynchronous: false }, 1500)).toMatchObject({
      unfinished: ["bob"],
    });
    expect(await invoke({ userIds: "bob", asynchronous: false })).toMatchObject({ code: "invalid_request" });
  });
});

// Functions of their own take over what is recorded, so these come last.
test("an event that meets no database is thrown, and audited as failed", async () => {
  const unreachable = await startFunctions({
    wrapStore: (store) => ({
      ...store,
      revoke: () => Promise.reject(new StoreUnavailableError("gone", { effect: "none" })),
    }),
  });
  await expect(unreachable.invoke("admin-logout", event({ userIds: ["bob"] }))).rejects.toMatchObject({
    name: "StoreUnavailableError",
  });
  expect(unreachable.recorded.lines("audit")).toMatchObject([
    { audit: { phase: "begun" } },
    { audit: { action: "admin_logout_targets" } },
    { audit: { phase: "ended", outcome: "failed" } },
  ]);
});

test("a thousand skipped administrators with the longest ids are named in lines of a bounded size", async () => {
  const ids = Array.from({ length: 1000 }, (_, n) => `corp:${n}:`.padEnd(512, "ä").slice(0, 200));
  const many = await startFunctions({
    wrapStore: (store) => ({
      ...store,
      revoke: ({ userIds }) => Promise.resolve({ loggedOut: [], spared: userIds, unfinished: [] }),
    }),
  });
  await many.invoke("admin-logout", event({ userIds: ids }));
  const lines = many.recorded.lines("audit").filter(({ audit }) => {
    return (audit as { action: string }).action === "admin_logout_skipped";
  });
  expect(lines.flatMap(({ audit }) => (audit as { userIds: string[] }).userIds)).toEqual(ids);
  for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(32_000);
});
