import { beforeEach, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import { createUserManagement, SessionsMayLiveError } from "../../src/identity/manage-users.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import type { RevokeRequest, RevokeResult } from "../../src/sessions/store.ts";
import { cheapHasher } from "../support/cheap-hash.ts";
import { createDirectoryTable, testClient } from "../support/dynamodb.ts";

const PASSWORD = "correct horse battery";
const OTHER_PASSWORD = "another horse battery";
const ALICE = { userName: "alice", password: PASSWORD, isAdmin: false, permissions: [] };
const UNAVAILABLE = new StoreUnavailableError("gone", { effect: "unknown" });

let directory: UserDirectory;

beforeEach(async () => {
  const tableName = await createDirectoryTable();
  directory = createUserDirectory({ documents: testClient(), tableName, clock: () => 1_000 });
});

/**
 * A `revoke` that answers as told, one answer a call, and notes what the directory said when it was called.
 */
function scripted(...answers: ("done" | "unfinished" | Error)[]) {
  const seen: { request: RevokeRequest; disabled: boolean | undefined }[] = [];
  const waits: number[] = [];
  const revoke = async (request: RevokeRequest): Promise<RevokeResult> => {
    const answer = answers.shift();
    seen.push({ request, disabled: (await directory.get("alice"))?.disabled });
    if (answer instanceof Error) throw answer;
    if (answer === "unfinished") return { loggedOut: [], spared: [], unfinished: ["alice"] };
    return { loggedOut: [{ userId: "alice", sessionCount: 2 }], spared: [], unfinished: [] };
  };
  const sleep = (milliseconds: number) => Promise.resolve(waits.push(milliseconds));
  return {
    seen,
    waits,
    management: createUserManagement({ directory, sessions: { revoke }, hasher: cheapHasher(), sleep }),
  };
}

async function mayLogIn(password: string): Promise<boolean> {
  const outcome = await createPasswordSource(directory).authenticate({ username: "alice", password });
  return outcome.outcome === "authenticated";
}

describe("adding", () => {
  test("an added user may log in, a second of the name is refused", async () => {
    const { management, seen } = scripted();
    expect(await management.addUser(ALICE)).toEqual({ outcome: "added" });
    expect(await management.addUser({ ...ALICE, password: OTHER_PASSWORD })).toEqual({ outcome: "exists" });
    expect(await mayLogIn(PASSWORD)).toBe(true);
    expect(await mayLogIn(OTHER_PASSWORD)).toBe(false);
    expect(seen).toEqual([]);
  });

  test.each([
    ["userName", { ...ALICE, userName: "a:b" }, 'A user name must not contain a colon, unlike "a:b".'],
    ["password", { ...ALICE, password: "too short" }, "15 to 256 characters; this one has 9"],
    ["permissions", { ...ALICE, permissions: [""] }, "permissions must not contain an empty name"],
  ])("an impossible %s is refused with what is accepted", async (field, user, problem) => {
    const outcome = await scripted().management.addUser(user);
    expect(outcome).toMatchObject({ outcome: "invalid", field });
    expect(JSON.stringify(outcome)).toContain(JSON.stringify(problem).slice(1, -1));
    expect(JSON.stringify(outcome)).not.toContain("too short");
    expect(await directory.list()).toEqual([]);
  });
});

describe("changes end the sessions (ASVS 7.4.2)", () => {
  beforeEach(() => scripted().management.addUser(ALICE));

  test("a disabled user is disabled before the sessions are revoked, by the rule's name", async () => {
    const { management, seen } = scripted("done");
    expect(await management.disableUser("alice")).toEqual({ outcome: "changed", sessionCount: 2 });
    expect(seen).toEqual([
      {
        request: { userIds: ["alice"], revokedBy: "rule:user-disabled", waitForLogins: true },
        disabled: true,
      },
    ]);
    expect(await mayLogIn(PASSWORD)).toBe(false);
  });

  test("an enabled user may log in again, and nothing is revoked", async () => {
    const { management, seen } = scripted("done");
    await management.disableUser("alice");
    expect(await management.enableUser("alice")).toBe("changed");
    expect(await mayLogIn(PASSWORD)).toBe(true);
    expect(seen).toHaveLength(1);
  });

  test("a new password is the only one that is right, and the sessions are revoked", async () => {
    const { management, seen } = scripted("done");
    expect(await management.setPassword("alice", OTHER_PASSWORD)).toEqual({
      outcome: "changed",
      sessionCount: 2,
    });
    expect(seen.map(({ request }) => request.revokedBy)).toEqual(["rule:password-changed"]);
    expect(await mayLogIn(PASSWORD)).toBe(false);
    expect(await mayLogIn(OTHER_PASSWORD)).toBe(true);
  });

  test("an impossible new password changes and revokes nothing", async () => {
    const { management, seen } = scripted("done");
    expect(await management.setPassword("alice", "short")).toMatchObject({ outcome: "invalid" });
    expect(seen).toEqual([]);
    expect(await mayLogIn(PASSWORD)).toBe(true);
  });

  test("a removed user lets nobody in while the sessions are revoked, and is gone then", async () => {
    const { management, seen } = scripted("done");
    expect(await management.removeUser("alice")).toEqual({ outcome: "changed", sessionCount: 2 });
    expect(seen).toEqual([
      {
        request: { userIds: ["alice"], revokedBy: "rule:user-removed", waitForLogins: true },
        disabled: true,
      },
    ]);
    expect(await directory.get("alice")).toBeUndefined();
  });

  test("a user who is not there is not found, and nothing is revoked", async () => {
    const { management, seen } = scripted();
    expect(await management.disableUser("nobody")).toEqual({ outcome: "not-found" });
    expect(await management.enableUser("nobody")).toBe("not-found");
    expect(await management.setPassword("nobody", OTHER_PASSWORD)).toEqual({ outcome: "not-found" });
    expect(await management.removeUser("nobody")).toEqual({ outcome: "not-found" });
    expect(seen).toEqual([]);
  });
});

describe("when sessions cannot be ended at once", () => {
  beforeEach(() => scripted().management.addUser(ALICE));

  test("what was unfinished or unanswered is asked for again, with growing waits, until it is done", async () => {
    const { management, seen, waits } = scripted("unfinished", UNAVAILABLE, "done");
    expect(await management.disableUser("alice")).toEqual({ outcome: "changed", sessionCount: 2 });
    expect(seen).toHaveLength(3);
    expect(waits).toEqual([500, 1000]);
  });

  test.each([
    ["it never finishes", () => scripted(...Array.from({ length: 5 }, () => "unfinished" as const)), 5],
    ["the store is gone", () => scripted(...Array.from({ length: 5 }, () => UNAVAILABLE)), 5],
    ["access is denied", () => scripted(new Error("AccessDenied")), 1],
  ])("when %s, the error says what was done and what may live", async (_, script, calls) => {
    const { management, seen } = script();
    const error: unknown = await management.disableUser("alice").catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SessionsMayLiveError);
    expect(String(error)).toMatch(/"alice" was disabled, but .* some may be live.*again/);
    expect(seen).toHaveLength(calls);
    expect((await directory.get("alice"))?.disabled).toBe(true);
  });

  test("disabling, or removing, again ends what was left", async () => {
    const denied = new Error("AccessDenied");
    const { management, seen } = scripted(denied, "done", denied, "done");
    await expect(management.disableUser("alice")).rejects.toThrow(SessionsMayLiveError);
    expect(await management.disableUser("alice")).toEqual({ outcome: "changed", sessionCount: 2 });
    await expect(management.removeUser("alice")).rejects.toThrow("disabled and not yet removed");
    expect(await management.removeUser("alice")).toEqual({ outcome: "changed", sessionCount: 2 });
    expect(seen).toHaveLength(4);
    expect(await directory.get("alice")).toBeUndefined();
  });
});
