import { describe, expect, test } from "vitest";
import { foreignPermission, ownedPermission } from "../../cli/permission-options.ts";

const OURS = ["single_session.logout", "single_session.logout_all"];

describe("--permission", () => {
  test.each(OURS)("takes %s", (name) => {
    expect(ownedPermission(name)).toBe(name);
  });

  test.each([
    ["nothing", "", "single_session.logout, single_session.logout_all"],
    ["a name that is none", "nonsense", "single_session.logout, single_session.logout_all"],
    ["a misspelled one", "single_session.log_out", "single_session.logout, single_session.logout_all"],
    ["one in capitals", "SINGLE_SESSION.LOGOUT", "is none of this project's permissions"],
    ["one with a space after it", "single_session.logout ", "is none of this project's permissions"],
    ["several in one value", OURS.join(","), "repeat the option"],
    ["one of one's own, which has an option of its own", "kiosk", "use --own-permission"],
  ])("refuses %s, and names the value and what is accepted", (_, value, message) => {
    expect(() => ownedPermission(value)).toThrow(message);
    expect(() => ownedPermission(value)).toThrow(JSON.stringify(value));
  });
});

describe("--own-permission", () => {
  test.each(["kiosk", "reports.read", "corp:Gruppe-Ä", "orders/*", "single", "session.read", "日本"])(
    "takes %s",
    (name) => {
      expect(foreignPermission(name)).toBe(name);
    },
  );

  test.each([
    ["nothing", "", "1 to 128 characters"],
    ["one of ours", "single_session.logout", "use --permission"],
    ["a misspelled one of ours", "single_session.log_out", "looks like a permission of this project"],
    ["one of ours in another spelling", "SingleSession:logout", "looks like a permission of this project"],
    [
      "one of ours with a misspelled prefix",
      "single_sesion.logout",
      "looks like a permission of this project",
    ],
    ["a list", "kiosk,reports", "without white space, commas"],
    ["white space", "my kiosk", "without white space, commas"],
    ["a line break", "kiosk\n", "without white space, commas"],
    ["an endless name", "k".repeat(129), "1 to 128 characters"],
  ])("refuses %s, and names the value", (_, value, message) => {
    expect(() => foreignPermission(value)).toThrow(message);
    expect(() => foreignPermission(value)).toThrow(JSON.stringify(value));
  });
});
