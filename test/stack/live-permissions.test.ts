import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { createUserManagement, type UserManagement } from "../../src/identity/manage-users.ts";
import { PERMISSIONS } from "../../src/identity/permissions.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { testClient } from "../support/dynamodb.ts";
import { addDemoUsers, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";
import { SETTINGS } from "../support/store.ts";

/**
 * What an administrator may do, and who is one, is what the directory says now, not what it said at login.
 */

let stack: TestStack;
let directory: UserDirectory;
let management: UserManagement;

beforeAll(async () => {
  stack = await startTestStack();
  await addDemoUsers(stack);
  const documents = testClient();
  const { UsersTableName: users = "", SessionsTableName: sessions = "" } = stack.tables;
  directory = createUserDirectory({ documents, tableName: users, clock: Date.now });
  management = createUserManagement({
    directory,
    sessions: createSessionStore({ documents, tableName: sessions, settings: SETTINGS }),
  });
});
afterAll(() => stack.stop());

const as = async (username: string): Promise<HttpClient> => {
  const client = new HttpClient(stack.url);
  await client.login(username);
  return client;
};
const logOut = (caller: HttpClient, userId: string, more = {}) =>
  caller.call("POST", "/admin/logout", { userIds: [userId], ...more });

describe("a caller who is signed in", () => {
  test("and lost the permission a moment ago gets 403 on every administrators' call", async () => {
    const staff = await as("staff");
    expect((await logOut(staff, "nobody")).status).toBe(200);
    await directory.setPermissions("staff", { isAdmin: false, permissions: [] });
    expect(await logOut(staff, "alice")).toMatchObject({
      status: 403,
      body: { code: "permission_required" },
    });
    expect((await staff.call("GET", "/admin/sessions")).status).toBe(403);
    expect((await staff.call("GET", "/admin/endings?userId=alice")).status).toBe(403);
    await directory.setPermissions("staff", { isAdmin: false, permissions: [PERMISSIONS.logOut] });
  });

  test("and was disabled a moment ago gets 403, even before the sessions are ended", async () => {
    const staff = await as("staff");
    await directory.setDisabled("staff", true);
    expect((await logOut(staff, "alice")).status).toBe(403);
    await directory.setDisabled("staff", false);
  });

  test("and was given the permission a moment ago needs no new login", async () => {
    const bob = await as("bob");
    expect((await logOut(bob, "nobody")).status).toBe(403);
    await directory.setPermissions("bob", { isAdmin: false, permissions: [PERMISSIONS.logOut] });
    expect((await logOut(bob, "nobody")).status).toBe(200);
  });
});

describe("a target", () => {
  test("who became an administrator after signing in is skipped", async () => {
    const [alice, staff] = [await as("alice"), await as("staff")];
    await directory.setPermissions("alice", { isAdmin: true, permissions: [] });
    expect((await logOut(staff, "alice")).body).toMatchObject({
      loggedOut: [],
      skipped: [{ userId: "alice", reason: "administrator" }],
    });
    expect((await alice.session()).status).toBe(200);
  });

  test("who is one no longer is logged out, whatever the session says", async () => {
    const [alice, staff] = [await as("alice"), await as("staff")];
    await directory.setPermissions("alice", { isAdmin: false, permissions: [] });
    expect((await logOut(staff, "alice")).body).toMatchObject({
      loggedOut: [{ userId: "alice", sessionCount: 1 }],
    });
    expect((await alice.session()).status).toBe(401);
  });

  test("of no directory is an administrator if the session says so", async () => {
    await stack.invoke("login", { user: { id: "corp:root", isAdmin: true } });
    const staff = await as("staff");
    expect((await logOut(staff, "corp:root")).body).toMatchObject({ skipped: [{ userId: "corp:root" }] });
    const admin = await as("admin");
    expect((await logOut(admin, "corp:root", { includeAdmins: true })).body).toMatchObject({
      loggedOut: [{ userId: "corp:root", sessionCount: 1 }],
    });
  });
});

test("changing permissions through the users' commands ends the sessions that carry the old ones", async () => {
  const staff = await as("staff");
  expect(await management.setPermissions("staff", { isAdmin: false, permissions: [] })).toEqual({
    outcome: "changed",
    sessionCount: 1,
  });
  expect(await staff.session()).toMatchObject({ status: 401, body: { code: "session_revoked" } });
});
