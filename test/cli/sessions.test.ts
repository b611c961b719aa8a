// Long: started first.
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventsLost } from "../../src/outbox/make-events.ts";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { LOCAL } from "../support/local-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { runCommand, type Finished } from "./run-users.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ context: { singleUserSession: "false" } });
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const run = (...args: string[]): Promise<Finished> =>
  runCommand("cli/sessions.ts", [...args, "--port", String(stack.port)]);
async function json(...args: string[]): Promise<{ code: number | null; answer: Record<string, unknown> }> {
  const { code, stdout, stderr } = await run(...args, "--json");
  expect(stderr).toBe("");
  return { code, answer: JSON.parse(stdout) as Record<string, unknown> };
}

interface SignedIn {
  readonly id: string;
  readonly token: string;
}
async function signIn(username: string): Promise<SignedIn> {
  const answer = await new HttpClient(stack.url).login(username, { deliver: "token" });
  expect(answer.status).toBe(201);
  const { token, session } = answer.body as { token: string; session: { id: string } };
  return { token, id: session.id };
}
async function standingOf({ token }: SignedIn): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  const answer = await new HttpClient(stack.url).call("GET", "/session", undefined, headers);
  return answer.status === 200 ? "live" : (answer.body as { code: string }).code;
}
const audited = (): Record<string, unknown>[] =>
  stack.logLines.flatMap(({ line }) => {
    if (!line.startsWith("{")) return [];
    const { audit } = JSON.parse(line) as { audit?: Record<string, unknown> };
    return audit === undefined ? [] : [audit];
  });

test("one session is shown, ended through the function that keeps the account, and then shown as ended", async () => {
  const [one, other] = [await signIn("alice"), await signIn("alice")];
  expect(await json("show", one.id)).toMatchObject({
    code: 0,
    answer: { state: "live", session: { id: one.id, userId: "alice", identitySource: "passwords" } },
  });
  const ended = await run("end", one.id, "--actor", "carol");
  expect(ended).toEqual({ code: 0, stdout: `Ended the session ${one.id} of "alice".\n`, stderr: "" });
  expect([await standingOf(one), await standingOf(other)]).toEqual(["session_revoked", "live"]);
  expect(audited()).toContainEqual({
    action: "end_session",
    actor: "carol",
    outcome: "finished",
    targetUserId: "alice",
    targetSessionId: one.id,
  });
  const shown = await run("show", one.id);
  expect(shown.stdout).toMatch(/^state +ended\n[^]*reason +revoked\n[^]*endedBy +carol\n/);

  const again = await json("end", one.id);
  expect(again).toEqual({ code: 1, answer: { outcome: "not_found", sessionId: one.id } });
  expect(await json("show", "A".repeat(43))).toEqual({ code: 1, answer: { state: "unknown" } });
});

const DASHED = ["-", "--", "-h", "-V", "-1"].map((beginning) => beginning.padEnd(43, "A"));

test.each(DASHED)("an id may begin like an option: %s", async (sessionId) => {
  expect(await json("show", sessionId)).toEqual({ code: 1, answer: { state: "unknown" } });
  expect(await json("end", "--actor", "carol", sessionId, "--include-admins")).toEqual({
    code: 1,
    answer: { outcome: "not_found", sessionId },
  });
  expect(await json("end", sessionId, "--actor", sessionId)).toMatchObject({ code: 1 });
  expect((await run("list", "--user", sessionId)).stdout).toBe(`no live sessions of "${sessionId}"\n`);
  expect(await json("revoke", sessionId, "nobody")).toMatchObject({
    answer: { loggedOut: [{ userId: "nobody" }, { userId: sessionId }] },
  });
});

test("an administrator's session ends only where administrators are included", async () => {
  const boss = await signIn("admin");
  const refused = await run("end", boss.id);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain("Say --include-admins");
  expect(await standingOf(boss)).toBe("live");
  const bob = await signIn("bob");
  expect(await json("revoke", "admin", "bob", "nobody")).toMatchObject({
    code: 0,
    answer: {
      loggedOut: [
        { userId: "bob", sessionCount: 1 },
        { userId: "nobody", sessionCount: 0 },
      ],
      skipped: [{ userId: "admin", reason: "administrator" }],
      unfinished: [],
    },
  });
  expect([await standingOf(boss), await standingOf(bob)]).toEqual(["live", "session_revoked"]);
  const all = await run("revoke", "admin", "--include-admins");
  expect(all.stdout).toBe("Logged out 1 user, and ended 1 session.\n");
  expect(await standingOf(boss)).toBe("session_revoked");
});

test("lists and activity show what there is, newest first, and say when there is more", async () => {
  const [first, second] = [await signIn("staff"), await signIn("staff")];
  const { answer } = await json("list", "--user", "staff");
  expect(answer).toMatchObject({ sessions: [{ id: second.id }, { id: first.id }], more: false });
  expect(await json("list", "--limit", "1")).toMatchObject({ answer: { more: true } });
  expect((await run("list", "--user", "nobody")).stdout).toBe('no live sessions of "nobody"\n');
  const shown = (await run("list", "--user", "a\u001b[2J\u009b2Jb")).stdout;
  expect(shown).toBe('no live sessions of "a\\u001b[2J\\u{9b}2Jb"\n');
  await run("end", first.id, "--actor", "carol");
  expect(await json("activity", "staff")).toMatchObject({
    answer: {
      userId: "staff",
      activity: [
        { what: "ended", sessionId: first.id, reason: "revoked", by: "carol" },
        { what: "started", sessionId: second.id },
      ],
    },
  });
  expect((await run("activity", "staff")).stdout).toMatch(
    /^TIME .*\n.* revoked .*carol\n.* signed in, live /,
  );
});

test("unlock is that of the users command, as JSON too", async () => {
  expect(await json("unlock", "alice")).toEqual({
    code: 0,
    answer: { user: { userName: "alice", found: true, disabled: false, forgotten: null, devices: [] } },
  });
  expect((await json("unlock", "nobody")).code).toBe(1);
});

test.each([
  [["show", "short"], "is no session id: it has 43 letters"],
  [["revoke"], "Name whose sessions are to be ended"],
  [["revoke", " alice"], "must not begin or end with white space"],
  [["list", "--limit", "0"], "It is a whole number from 1 to 1000000."],
  [["lst"], "Did you mean list?"],
  [["list", "--region", "eu-central-1"], "name it with --stack"],
])("%j is a wrong call, and says what is accepted", async (args, message) => {
  const { code, stdout, stderr } = await runCommand("cli/sessions.ts", args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(message);
});

test("the shell completes commands and options of the package's bin, from one tree", async () => {
  const complete = async (...words: string[]) =>
    (await runCommand("cli/main.ts", ["complete", "--", ...words])).stdout;
  expect(await complete("sessions", "")).toMatch(/^list\t.*\nshow\t/);
  expect(await complete("sessions", "revoke", "--")).toContain("--include-admins\t");
  for (const shell of ["bash", "zsh", "fish"]) {
    const { code, stdout } = await runCommand("cli/main.ts", ["complete", shell]);
    expect(code).toBe(0);
    expect(stdout).toContain("serverless-single-session");
  }
  expect((await runCommand("cli/main.ts", ["sessions", "list", "--help"])).stdout).toContain(
    "  npx serverless-single-session sessions list --user alice --json",
  );
});

test("events that the outbox could not tell are told from its queue, and what is none stays there", async () => {
  const described = (await (await fetch(`${stack.url}/_local/stack`)).json()) as {
    outputs: Record<string, string>;
  };
  const operators = Object.values(described.outputs).find((value) => value.includes("untoldEvents")) ?? "{}";
  const { untoldEvents: QueueUrl } = JSON.parse(operators) as { untoldEvents: string };
  const sqs = new SQSClient({ ...LOCAL, endpoint: stack.url });
  const event = eventsLost(Date.UTC(2026, 10, 23));
  for (const body of [{ event }, { unreadable: { sessionId: "s", problem: "it makes no sense" } }])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(body) }));

  const stays = "Still in the queue: 1 record that the outbox could not read.\n";
  const would = `Would tell 1 event (1 events-lost).\n${stays}`;
  expect(await run("redrive-events", "--dry-run")).toEqual({ code: 1, stdout: would, stderr: "" });
  expect(await run("redrive-events")).toEqual({
    code: 1,
    stdout: `Told 1 event (1 events-lost).\n${stays}`,
    stderr: "",
  });
  expect(stack.events.map(({ detail }) => detail)).toContainEqual(event);

  const { Messages: [left, ...others] = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  expect([left?.Body, others]).toEqual([expect.stringContaining("unreadable"), []]);
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: left?.ReceiptHandle }));
  sqs.destroy();
  expect(await json("redrive-events")).toMatchObject({ code: 0, answer: { events: {}, unreadable: 0 } });
});
