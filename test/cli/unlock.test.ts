import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { createLoginThrottle, type AttemptOrigin } from "../../src/identity/login-throttle.ts";
import { deviceKey } from "../../src/identity/sign-in-table.ts";
import { deviceSubject } from "../../src/identity/throttle-keys.ts";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { DeviceId } from "../../src/sessions/session.ts";
import { createDirectoryTable, createSignInTable, testClient } from "../support/dynamodb.ts";
import { localStack, runUsers, type LocalAnswer } from "./run-users.ts";

const documents = testClient();
const ADDRESS = "203.0.113.7";
let signInTable: string;
let usersTable: string;
let stack: LocalAnswer;

beforeAll(async () => {
  usersTable = await createDirectoryTable();
  const directory = createUserDirectory({ documents, tableName: usersTable, clock: Date.now });
  for (const userName of ["alice", "bob", "Zoë"])
    await directory.add({ userName, passwordHash: "hash", isAdmin: false, permissions: [] });
});
beforeEach(async () => {
  signInTable = await createSignInTable();
  stack = await localStack({ sessionsTable: "none", usersTable, signInTable });
  return () => stack.close();
});
afterAll(() => documents.destroy());

const throttle = () => createLoginThrottle({ documents, tableName: signInTable, clock: Date.now });
const admission = async (userName: string, origin: AttemptOrigin = {}) =>
  (await throttle().admit(userName, origin)).outcome;
const run = (...args: string[]) => runUsers(["unlock", ...args, "--port", String(stack.port)]);

/** Failed attempts until the next one has to wait. */
async function lockOut(userName: string, origin: AttemptOrigin): Promise<void> {
  for (let count = 0; count < 200; count++) {
    if ((await admission(userName, origin)) === "throttled") return;
  }
  throw new Error("never throttled");
}

test("a locked-out user may try at once after unlock, which says what it forgot", async () => {
  await lockOut("alice", { address: ADDRESS });
  await lockOut("bob", { address: ADDRESS });
  const { code, stdout } = await run("alice");
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^Unlocked user "alice": forgot 10 failed attempts from unknown devices; the next attempt would have had to wait \d+ s\.\n$/,
  );
  expect(await admission("alice", { address: ADDRESS })).toBe("admitted");
  expect(await admission("bob", { address: ADDRESS })).toBe("throttled");
});

test("so may a user on a known device, which is counted by itself", async () => {
  const device = "d".repeat(43) as DeviceId;
  for (const user of ["alice", "bob"]) {
    const Item = { ...deviceKey(deviceSubject(user, device)), rememberedUntil: Date.now() + 600_000 };
    await documents.send(new PutCommand({ TableName: signInTable, Item }));
    await lockOut(user, { device });
  }
  const { stdout } = await run("alice");
  expect(stdout).toContain("forgot 5 failed attempts on a device the user has signed in on before");
  expect(await admission("alice", { device })).toBe("admitted");
  expect(await admission("bob", { device })).toBe("throttled");
});

test("a user is the same in any form of Unicode", async () => {
  await lockOut("Zoë", {});
  expect((await run("Zoe\u0308")).stdout).toContain('Unlocked user "Zoë"');
  expect(await admission("Zoë")).toBe("admitted");
});

test.each([
  ["IPv4", ADDRESS, ADDRESS, ADDRESS],
  ["a network of IPv6", "2001:db8::1", "2001:db8:0:0:ffff::2", "2001:db8:0:0::/64"],
])("everybody at an address of %s may try at once after unlock --address", async (_, from, named, shown) => {
  for (let user = 0; user < 100; user++) await admission(`user-${user}`, { address: from });
  expect(await admission("alice", { address: from })).toBe("throttled");
  const { code, stdout } = await run("--address", named);
  expect(code).toBe(0);
  expect(stdout).toContain(`Unlocked ${shown}: forgot 100 failed attempts`);
  expect(await admission("alice", { address: from })).toBe("admitted");
});

test("where nothing was counted, unlock says so and what else may be the reason", async () => {
  const { code, stdout } = await run("alice", "--address", ADDRESS);
  expect(code).toBe(0);
  expect(stdout).toContain('User "alice" had no failed attempts; nothing was changed.');
  expect(stdout).toContain("unlock it by --address");
  expect(stdout).toContain(`There were no failed attempts from ${ADDRESS}`);
});

test("a disabled user is named as such, since unlocking alone lets nobody in", async () => {
  const directory = createUserDirectory({ documents, tableName: usersTable, clock: Date.now });
  await directory.setDisabled("bob", true);
  expect((await run("bob")).stdout).toContain('User "bob" is disabled');
  await directory.setDisabled("bob", false);
});

test.each([
  [["alicf"], 1, 'There is no user "alicf"; nothing was changed.'],
  [["corp:maria"], 2, "signs in at an identity provider"],
  [["--address", "10.0.0.0/8"], 2, '--address "10.0.0.0/8" is no IP address; accepted are'],
  [[], 2, "Name whom to unlock: a user, an address by --address, or both."],
])("unlock %j is refused with a reason", async (args, expected, message) => {
  const { code, stdout, stderr } = await run(...args);
  expect(code).toBe(expected);
  expect(stdout + stderr).toContain(message);
});

test("unlock takes a name with white space at its ends as the directory does", async () => {
  const { code, stdout, stderr } = await run("alice ");
  expect(code).toBe(0);
  expect(stdout + stderr).toContain('"alice"');
});
