import { beforeAll, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import {
  administratorsAmong,
  livePermissions,
  mayList,
  mayLogOut,
  mayLogOutAdministrators,
} from "../../src/identity/permissions.ts";
import { permissionsProblem } from "../../src/identity/permissions-problem.ts";
import { createDirectoryTable, sdkDocumentClient } from "../support/dynamodb.ts";
import { disturbRequests } from "./disturbed-client.ts";

const documents = sdkDocumentClient();
let directory: UserDirectory;
let sent: string[];

beforeAll(async () => {
  const tableName = await createDirectoryTable();
  directory = createUserDirectory({ documents, tableName, clock: () => 0 });
  const add = (userName: string, isAdmin: boolean, permissions: string[] = []) =>
    directory.add({ userName, isAdmin, permissions, passwordHash: "hash" });
  await Promise.all([
    add("admin", true),
    add("plain", false),
    add("staff", false, ["single_session.logout"]),
  ]);
  await add("former", true, ["single_session.logout_all"]);
  await directory.setDisabled("former", true);
  sent = disturbRequests(documents);
});

describe("what a caller may do", () => {
  test.each([
    ["nobody in particular", false, [], [false, false, false]],
    ["with another permission", false, ["single_session"], [false, false, false]],
    ["with logout", false, ["single_session.logout"], [true, true, false]],
    ["with logout_all", false, ["single_session.logout_all"], [true, true, true]],
    ["an administrator", true, [], [true, true, true]],
  ])("%s: list, log out, log out administrators", (_, isAdmin, permissions, expected) => {
    const caller = { isAdmin, permissions };
    expect([mayList(caller), mayLogOut(caller), mayLogOutAdministrators(caller)]).toEqual(expected);
  });
});

describe("permissions read live", () => {
  const asAtLogin = (id: string) => ({ id, isAdmin: true, permissions: ["at-login"] });
  const none = { isAdmin: false, permissions: [] };

  test.each([
    [
      "in the directory: the directory's",
      "staff",
      { isAdmin: false, permissions: ["single_session.logout"] },
    ],
    ["disabled: none", "former", none],
    ["not in the directory any more: none", "removed", none],
    ["no name the directory could have: none", " blank", none],
    ["of another identity source: the session's", "oidc:admin", asAtLogin("oidc:admin")],
  ])("a user %s", async (_, id, expected) => {
    expect(await livePermissions(directory, asAtLogin(id))).toEqual({ id, ...expected });
  });

  test("without a directory the session's are used", async () => {
    expect(await livePermissions(undefined, asAtLogin("plain"))).toEqual(asAtLogin("plain"));
  });
});

describe("administrators among many", () => {
  test("each id is answered for, and only possible ones are asked for, in one request", async () => {
    sent.length = 0;
    const ids = ["admin", "plain", "former", "nobody", "oidc:admin"];
    expect(Object.fromEntries(await administratorsAmong(directory, ids))).toEqual({
      admin: true,
      plain: false,
      former: false,
      nobody: "not-in-directory",
      "oidc:admin": "not-in-directory",
    });
    expect(sent).toEqual(["BatchGetItem"]);
  });

  test("1,000 ids take ten requests", async () => {
    sent.length = 0;
    const ids = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
    expect((await administratorsAmong(directory, [...ids.slice(1), "admin"])).size).toBe(1000);
    expect(sent).toHaveLength(10);
  });

  test("without a directory nobody is in it", async () => {
    expect([...(await administratorsAmong(undefined, ["admin"]))]).toEqual([["admin", "not-in-directory"]]);
  });
});

describe("what permissions may be", () => {
  test.each([[[]], [["single_session.logout"]], [["x".repeat(1020)]]])("accepted: %.40s", (permissions) => {
    expect(permissionsProblem(permissions)).toBeUndefined();
  });

  test.each([
    [[""], "empty"],
    [["\ud800"], "well-formed"],
    [["a\nb"], "line breaks"],
    [["x".repeat(1021)], "1024 bytes as JSON; these have 1025"],
    [Array.from({ length: 300 }, () => "ü"), "1024 bytes"],
  ])("refused with a reason: %.40s (%s)", (permissions, reason) => {
    expect(permissionsProblem(permissions)).toContain(reason);
  });
});
