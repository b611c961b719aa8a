// Long: started first.
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { connectSessions } from "../../cli/connect.ts";
import { connectFunctions } from "../../cli/invoke.ts";
import { erase, type EraseContext } from "../../cli/person/erase.ts";
import { locate, type Located } from "../../cli/place.ts";
import { createSignInStore } from "../../src/sessions/create-session-store.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import { sdkDocumentClient, testClient } from "../support/dynamodb.ts";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { runCommand, type Finished } from "./run-users.ts";

const COGNITO = {
  cognito: { userPoolId: "eu-central-1_TestPool1", clientId: "1example23456789", accessTokens: true },
};
const ANN = "cognito:ann";
const documents = sdkDocumentClient();
let stack: TestStack;
let located: Located;

beforeAll(async () => {
  const identity = JSON.stringify(["passwords", COGNITO]);
  stack = await startTestStack({ context: { identity, console: "false" } });
  await addDemoUsers(stack);
  located = await locate({ kind: "local", port: stack.port });
});
afterAll(async () => {
  await stack.stop();
  documents.destroy();
});

const run = (...args: string[]): Promise<Finished> =>
  runCommand("cli/sessions.ts", [...args, "--port", String(stack.port)]);

/** All items of all tables in which a text is: of what a person leaves, nothing else may be there. */
async function itemsWith(text: string): Promise<Record<string, unknown>[]> {
  const names = [located.sessionsTable, located.usersTable!, located.signInTable!, located.activityTable!];
  const all = await Promise.all(
    names.map((TableName) => documents.send(new ScanCommand({ TableName, ConsistentRead: true }))),
  );
  return all.flatMap(({ Items: items = [] }) => items).filter((item) => JSON.stringify(item).includes(text));
}
/** Beside what happens to others meanwhile. */
const countAll = async (): Promise<number> =>
  (await itemsWith("")).filter(({ pk }) => !/^(event#|hours)/.test(String(pk))).length;

const activityOf = async (userId: string) =>
  (await itemsWith(userId)).filter(({ pk }) => String(pk).startsWith("event#"));

async function signIn(username: string, password?: string): Promise<{ status: number; token: string }> {
  const client = new HttpClient(stack.url);
  const answer = await client.login(username, { deliver: "token", ...(password && { password }) });
  return { status: answer.status, token: (answer.body as { token?: string }).token ?? "" };
}
const standingOf = async (token: string): Promise<number> =>
  (await new HttpClient(stack.url).call("GET", "/session", undefined, { authorization: `Bearer ${token}` }))
    .status;

/** A sign-in of Ann's at her provider. */
const atProvider = (sessionClaim: string, signedInAt: number): SignIn => ({
  issuer: "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_TestPool1",
  userId: ANN,
  sessionClaim,
  signedInAt: Math.floor(signedInAt / 1000) * 1000,
  identifiedBy: "claim",
});
async function callWith(signedIn: SignIn): Promise<string> {
  const signIns = createSignInStore({
    documents: testClient(),
    tableName: located.sessionsTable,
    settings: {
      era: located.era,
      timeouts: { idle: "none", absolute: 3_600_000 },
      logoutAllSessions: true,
    },
    signIns: { tableName: located.signInTable!, isOfSource: (id) => id.startsWith("cognito:") },
  });
  const { outcome } = await signIns.useSignIn({
    signIn: signedIn,
    user: { id: ANN, isAdmin: false, permissions: [] },
    identitySource: "cognito",
    device: { label: signedIn.sessionClaim, class: "mobile" },
    policy: () => Promise.resolve(ONE_SESSION),
  });
  return outcome;
}

describe("a user of the directory", () => {
  test("is exported whole and without secrets, then erased whole, and nobody else's items are touched", async () => {
    await signIn("bob");
    const before = await countAll();
    // With a cookie: the device is remembered.
    await new HttpClient(stack.url).login("alice");
    const { token } = await signIn("alice");
    await signIn("alice", "not the password");
    const folder = await mkdtemp(join(tmpdir(), "export-"));
    const file = join(folder, "alice.json");
    try {
      await vi.waitFor(async () => expect(await activityOf("alice")).toHaveLength(3), 60_000);
      const exported = await run("export", "--user", "alice", "--out", file);
      expect(exported).toMatchObject({ code: 0, stderr: "" });
      expect(exported.stdout).toContain("point-in-time recovery: 35 days");
      const text = await readFile(file, "utf8");
      const { items } = JSON.parse(text) as { items: { kind: string }[] };
      const kinds = items.map(({ kind }) => kind).sort();
      expect(kinds).toEqual([
        ...["activity", "activity", "activity"],
        "directory user",
        "ending",
        "failed attempts",
        "remembered device",
        "roster",
        "session",
      ]);
      expect(text).not.toContain("$argon2");
      expect(((await stat(file)).mode & 0o777).toString(8)).toBe("600");
      expect((await run("export", "--user", "alice", "--out", file)).code).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }

    const dry = await run("erase", "--user", "alice", "--dry-run");
    expect(dry.stdout).toMatch(/1 +session +would be erased/);
    expect(await standingOf(token)).toBe(200);

    const unasked = await run("erase", "--user", "alice");
    expect(unasked).toMatchObject({ code: 2, stdout: "" });
    expect(unasked.stderr).toContain("say --yes");

    const erased = await run("erase", "--user", "alice", "--yes", "--json");
    expect(erased.code).toBe(0);
    expect(JSON.parse(erased.stdout)).toMatchObject({
      outcome: "erased",
      erased: {
        ...{ roster: 1, ending: 2, "directory user": 1, "remembered device": 1, "failed attempts": 1 },
        // Two starts, two ends, and the act that ended the last session.
        activity: 5,
      },
      kept: {},
    });
    expect(await standingOf(token)).toBe(401);
    expect(await itemsWith("alice")).toEqual([]);
    // All that was there before but for alice's own item of the directory.
    expect(await countAll()).toBe(before - 1);
    expect((await signIn("alice")).status).toBe(401);
    expect(JSON.parse((await run("erase", "--user", "alice", "--yes", "--json")).stdout)).toMatchObject({
      outcome: "erased",
      erased: {},
    });
  });
});

describe("a user of a source with access tokens", () => {
  test("leaves the time of the sign-out: neither a spent sign-in nor an unused one of before comes back", async () => {
    const [spent, unused] = [atProvider("phone", Date.now()), atProvider("tablet", Date.now() - 60_000)];
    expect(await callWith(spent)).toBe("live");
    const { stdout } = await run("erase", "--user", ANN, "--yes", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "erased",
      sessionCount: 1,
      erased: { ending: 1, roster: 1, "spent sign-in": 1 },
      kept: { "sign-out time": 1 },
    });
    expect(await itemsWith(ANN)).toMatchObject([{ pk: `signout#${ANN}` }]);
    expect([await callWith(spent), await callWith(unused)]).toEqual(["too-old", "too-old"]);
    expect(await callWith(atProvider("new phone", Date.now() + 10_000))).toBe("live");
  });

  test("with --marks-too leaves nothing, and a refreshed token makes the person anew, as the help says", async () => {
    const spent = atProvider("watch", Date.now() + 20_000);
    await callWith(spent);
    const { stdout } = await run("erase", "--user", ANN, "--yes", "--marks-too", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "erased", kept: {} });
    expect(await itemsWith(ANN)).toEqual([]);
    expect(await callWith(spent)).toBe("live");
  });
});

describe("somebody who signs in while it goes on", () => {
  /** The context of the command, with something done after each end of all sessions. */
  function during(action: (time: number) => Promise<unknown>): EraseContext & { close(): void } {
    const { sessions, documents: own, close } = connectSessions(located);
    const functions = connectFunctions(located);
    let time = 0;
    return {
      located,
      documents: own,
      sessions,
      progress: () => undefined,
      functions: {
        ...functions,
        invoke: async (...call) => {
          const answer = await functions.invoke(...call);
          await action(++time);
          return answer;
        },
      },
      close: () => {
        functions.close();
        close();
      },
    };
  }
  const logIn = (id: string) => stack.invoke("login", { user: { id } });
  const request = (userId: string) => ({ userId, actor: "test", marksToo: false });

  test("once, is erased all the same", async () => {
    const context = during(async (time) => time === 1 && (await logIn("once")));
    await logIn("once");
    expect(await erase(context, request("once"))).toMatchObject({ outcome: "erased", kept: [] });
    context.close();
    expect(await itemsWith('"once"')).toEqual([]);
  });

  test("each time, keeps the last session with a roster that lists it, and it is said", async () => {
    const context = during(() => logIn("always"));
    const { outcome } = await erase(context, request("always"));
    context.close();
    expect(outcome).toBe("signs-in-again");
    const left = await itemsWith("always");
    const sessionsLeft = left.filter(({ pk }) => String(pk).startsWith("session#"));
    const roster = left.find(({ pk }) => pk === "user#always") as { entries: { id: string }[] } | undefined;
    expect(sessionsLeft).toHaveLength(1);
    expect(roster?.entries.map(({ id }) => `session#${id}`)).toContain(sessionsLeft[0]?.["pk"]);
  });
});
