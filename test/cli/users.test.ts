// Long: started first.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import { trustedIdentity } from "../../src/identity/trusted.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { NO_LIMIT } from "../../src/sessions/policy.ts";
import {
  createDirectoryTable,
  createSessionsTable,
  createSignInTable,
  testClient,
} from "../support/dynamodb.ts";
import { answerWith, localStack, runProcess, runUsers, type LocalAnswer } from "./run-users.ts";

const PASSWORD = "correct horse battery";
let sessionsTable: string;
let usersTable: string;
let signInTable: string;
let directory: UserDirectory;
let stack: LocalAnswer;
let here: string[];

beforeAll(async () => {
  sessionsTable = await createSessionsTable();
  signInTable = await createSignInTable();
});

beforeEach(async () => {
  usersTable = await createDirectoryTable();
  directory = createUserDirectory({ documents: testClient(), tableName: usersTable, clock: Date.now });
  stack = await localStack({ sessionsTable, usersTable, signInTable });
  here = ["--port", String(stack.port)];
});

afterEach(() => stack.close());

async function mayLogIn(username: string, password: string): Promise<boolean> {
  const outcome = await createPasswordSource(directory).authenticate({ username, password });
  return outcome.outcome === "authenticated";
}

const done = (line: string) => ({ code: 0, stdout: `${line}\n`, stderr: "" });
const refused = (line: string) => ({ code: 1, stdout: `${line}\n`, stderr: "" });

describe("on the local stack", () => {
  test("a user is added, listed, disabled, enabled, given a new password and removed", async () => {
    expect(await runUsers(["list", ...here])).toEqual(done("no users yet"));
    expect(await runUsers(["list", "--json", ...here])).toEqual(done("[]"));

    const access = ["--admin", "--own-permission", "reports.read", "--own-permission", "reports.write"];
    const added = await runProcess("cli/users.ts", ["add", "alice", ...access, ...here], {
      input: `${PASSWORD}\n`,
    });
    expect(added).toEqual(done('Added user "alice".'));
    expect(await mayLogIn("alice", PASSWORD)).toBe(true);

    const listed = await runUsers(["list", "--json", ...here]);
    expect(JSON.parse(listed.stdout)).toEqual([
      {
        userName: "alice",
        isAdmin: true,
        permissions: ["reports.read", "reports.write"],
        disabled: false,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
        updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      },
    ]);

    expect(await runUsers(["disable", "alice", ...here])).toEqual(
      done('Disabled user "alice" and ended 0 sessions.'),
    );
    expect(await mayLogIn("alice", PASSWORD)).toBe(false);
    expect(await runUsers(["enable", "alice", ...here])).toEqual(done('Enabled user "alice".'));
    expect(await mayLogIn("alice", PASSWORD)).toBe(true);

    const input = "another horse battery\r\n";
    expect(await runUsers(["set-password", "alice", ...here], { input })).toEqual(
      done('Set the password of user "alice" and ended 0 sessions.'),
    );
    expect(await mayLogIn("alice", "another horse battery")).toBe(true);

    const granted = ["--admin", "--own-permission", "reports.read"];
    expect(await runUsers(["set-permissions", "alice", ...granted, ...here])).toEqual(
      done('Set the permissions of user "alice" and ended 0 sessions.'),
    );
    expect(await directory.get("alice")).toMatchObject({ isAdmin: true, permissions: ["reports.read"] });
    expect(await mayLogIn("alice", "another horse battery")).toBe(true);

    expect(await runUsers(["remove", "alice", ...here])).toEqual(
      done('Removed user "alice" and ended 0 sessions.'),
    );
    expect(await directory.list()).toEqual([]);
  });

  test("the list is a table of aligned columns without anything secret", async () => {
    await directory.add({ userName: "zoe", passwordHash: "$argon2id$x", isAdmin: true, permissions: [] });
    const permissions = ["single_session.logout", "p"];
    await directory.add({
      userName: "bartholomew",
      passwordHash: "$argon2id$x",
      isAdmin: false,
      permissions,
    });
    await directory.setDisabled("zoe", true);
    const today = new Date().toISOString().slice(0, 10);
    expect((await runUsers(["list", ...here])).stdout.trimEnd().split("\n")).toEqual([
      "USER         ADMIN  DISABLED  CREATED     PERMISSIONS",
      `bartholomew  no     no        ${today}  single_session.logout, p`,
      `zoe          yes    yes       ${today}`,
    ]);
  });

  test("disabling a user ends the sessions that the user has, in the era that the stack names", async () => {
    const seventh = await localStack({ sessionsTable, usersTable, signInTable, era: "7" });
    await directory.add({ userName: "carol", passwordHash: "hash", isAdmin: false, permissions: [] });
    const sessions = createSessionStore({
      documents: testClient(),
      tableName: sessionsTable,
      settings: { era: "7", timeouts: { idle: 600_000, absolute: 3_600_000 }, logoutAllSessions: true },
    });
    const logIn = async () => {
      const login = await sessions.login({
        ...trustedIdentity({ id: "carol" }),
        device: { label: "Chrome on Windows", class: "desktop" },
        policy: NO_LIMIT,
      });
      if (login.outcome !== "logged-in") throw new Error(login.outcome);
      return login.token;
    };
    const tokens = [await logIn(), await logIn()];

    const disabled = await runUsers(["disable", "carol", "--port", String(seventh.port)]);
    await seventh.close();
    expect(disabled).toEqual(done('Disabled user "carol" and ended 2 sessions.'));
    for (const token of tokens) {
      expect(await sessions.validate(token)).toMatchObject({
        outcome: "ended",
        ending: { reason: "revoked", endedBy: "rule:user-disabled" },
      });
    }
  });

  test("a name that is taken is refused and keeps its password", async () => {
    await runUsers(["add", "alice", ...here], { input: PASSWORD });
    expect(await runUsers(["add", "alice", ...here], { input: "another horse battery" })).toEqual(
      refused('User "alice" exists already; nothing was changed.'),
    );
    expect(await mayLogIn("alice", PASSWORD)).toBe(true);
  });

  test.each([["disable"], ["enable"], ["set-password"], ["set-permissions"], ["remove"]])(
    "%s of a user who is not there is refused",
    async (name) => {
      expect(await runUsers([name, "nobody", ...here], { input: PASSWORD })).toEqual(
        refused('There is no user "nobody"; nothing was changed.'),
      );
    },
  );

  test.each([
    ["a short password", ["add", "alice"], "short secret", "15 to 256 characters; this one has 12"],
    ["no password", ["add", "alice"], "", "No password on standard input"],
    ["a name with a colon", ["add", "a:b"], PASSWORD, 'The user name "a:b" must not contain a colon'],
    [
      "an empty permission to set",
      ["set-permissions", "alice", "--permission", ""],
      "",
      '"" is none of this project\'s permissions',
    ],
    [
      "an empty permission",
      ["add", "alice", "--own-permission", ""],
      PASSWORD,
      '"" cannot be a permission: accepted are 1 to 128 characters',
    ],
    ["a password argument", ["add", "alice", "--password", PASSWORD], "", "a password is never an argument"],
    ["a password argument", ["set-password", "alice", `--password=${PASSWORD}`], "", "shell's history"],
  ])("%s is a usage error that says why and shows no password", async (_, args, input, message) => {
    const { code, stdout, stderr } = await runUsers([...args, ...here], { input });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
    for (const secret of [PASSWORD, "short secret"]) expect(stderr).not.toContain(secret);
    expect(await directory.list()).toEqual([]);
  });
});

describe("permissions", () => {
  const set = (...more: string[]) => runUsers(["set-permissions", "alice", ...more, ...here]);

  test("a permission that does not exist is refused by the option's name", async () => {
    const { code, stderr } = await set("--permission", "nonsense");
    expect(code).toBe(2);
    expect(stderr).toContain("option '--permission <permission>' argument 'nonsense' is invalid");
    expect(stderr).toContain("single_session.logout, single_session.logout_all");
  });

  test("of this project and of one's own are given together, each once", async () => {
    await directory.add({ userName: "alice", passwordHash: "hash", isAdmin: false, permissions: [] });
    const both = ["--permission", "single_session.logout", "--own-permission", "kiosk"];
    expect((await set(...both, ...both)).code).toBe(0);
    expect(await directory.get("alice")).toMatchObject({
      permissions: ["single_session.logout", "kiosk"],
    });
  });
});

describe("usage", () => {
  test.each([
    [["frobnicate"], "unknown command 'frobnicate'"],
    [["add"], "missing required argument 'name'"],
    [["list", "--port", "99999"], "A port is a whole number from 1 to 65535"],
    [["list", "--port", "3000", "--stack", "x"], "cannot be used with option '--port <port>'"],
    [["list", "--region", "eu-central-1"], "name it with --stack"],
    [["list", "--unknown"], "unknown option '--unknown'"],
  ])("%j is refused with a reason", async (args, message) => {
    const { code, stderr } = await runUsers(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each([[["--help"]], [["add", "--help"]], [["remove", "--help"]]])("%j explains", async (args) => {
    const { code, stdout } = await runUsers(args);
    expect(code).toBe(0);
    expect(stdout).toContain("Usage: users");
    expect(stdout).not.toContain("--password");
  });
});

describe("when there is nothing to manage", () => {
  test("nothing listening is a message that says what to do", async () => {
    await stack.close();
    const { code, stderr } = await runUsers(["list", ...here]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Nothing answers at .*_local\/stack\. Start the local stack with `npm start`.*--stack/,
    );
    expect(stderr).not.toContain("    at ");
  });

  test.each([
    ["another server", "/", "hello"],
    ["a page that is no JSON", "/_local/stack", "<html>"],
    ["other JSON", "/_local/stack", '{"outputs":{}}'],
  ])("%s on the port is a message that says what to do", async (_, path, body) => {
    const other = await answerWith(path, body);
    const { code, stderr } = await runUsers(["list", "--port", String(other.port)]);
    await other.close();
    expect(code).toBe(1);
    expect(stderr).toContain(`Something answers on port ${other.port}, but not this project's local stack`);
  });

  test("a stack without the password directory is named as such", async () => {
    const without = await localStack({ sessionsTable });
    const { code, stderr } = await runUsers(["list", "--port", String(without.port)]);
    await without.close();
    expect(code).toBe(1);
    expect(stderr).toContain("has no password directory");
  });

  test("a database that is gone is a message without a stack trace", async () => {
    const broken = await localStack({ sessionsTable, usersTable, signInTable }, "http://127.0.0.1:9");
    const { code, stderr } = await runUsers(["list", "--port", String(broken.port)]);
    await broken.close();
    expect(code).toBe(1);
    expect(stderr).toContain("DynamoDB did not answer");
    expect(stderr).not.toContain("    at ");
  });
});
