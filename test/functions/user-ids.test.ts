import { beforeAll, describe, expect, test } from "vitest";
import { createUserManagement } from "../../src/identity/manage-users.ts";
import { userSubject } from "../../src/identity/throttle-keys.ts";
import { trimBlank, userIdProblem } from "../../src/sessions/session.ts";
import { addUsers, bearer, json, PASSWORD, startFunctions, type Answer, type Functions } from "./harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
  await addUsers(functions.directory, { alice: {}, root: { isAdmin: true } });
});

/** What text has at its ends after it was pasted, by name. */
const BLANKS: [string, string][] = [
  ["spaces", "  "],
  ["a tab and a line break", "\t\r\n"],
  ["a no-break space", "\u00a0"],
  ["an ideographic space", "\u3000"],
  ["a next line", "\u0085"],
  ["a byte-order mark", "\ufeff"],
  ["a zero-width space", "\u200b"],
  ["a word joiner", "\u2060"],
  ["a soft hyphen", "\u00ad"],
  ["a right-to-left mark", "\u200f"],
  ["a Hangul filler", "\u3164"],
];

const logIn = (username: string, password = PASSWORD): Promise<Answer> =>
  functions.send("POST /login", json({ username, password, deliver: "token" }));

describe("a user name of the directory", () => {
  test.each(BLANKS)("is found with %s at its ends, as one and the same user", async (_, blank) => {
    const answer = await logIn(`${blank}alice${blank}`);
    expect(answer).toMatchObject({ status: 201, body: { user: { id: "alice" } } });
  });

  test("has one counter of failed attempts, whatever is at its ends", () => {
    for (const [, blank] of BLANKS) expect(userSubject(`alice${blank}`)).toBe(userSubject("alice"));
  });

  test.each(BLANKS)("that is nothing but %s is 400", async (_, blank) => {
    expect(await logIn(blank)).toMatchObject({ status: 400, body: { errors: [{ pointer: "#/username" }] } });
  });

  test("is added, changed and removed with blanks at its ends", async () => {
    const { directory, store: sessions } = functions;
    const management = createUserManagement({ directory, sessions });
    const carol = { userName: " carol\u00a0", password: PASSWORD, isAdmin: false, permissions: [] };
    expect(await management.addUser(carol)).toEqual({ outcome: "added" });
    expect(await management.addUser({ ...carol, userName: "carol\ufeff" })).toEqual({ outcome: "exists" });
    expect((await directory.get("carol"))?.userName).toBe("carol");
    expect(await management.disableUser("carol ")).toMatchObject({ outcome: "changed" });
    expect((await logIn("carol ")).status).toBe(401);
    expect(await management.removeUser("\tcarol")).toMatchObject({ outcome: "changed" });
    expect(await management.addUser({ ...carol, userName: " \u00a0" })).toMatchObject({
      outcome: "invalid",
      problem: expect.stringContaining("must not be empty") as string,
    });
  });

  test("cannot have what shows nothing inside it", async () => {
    const { directory, store: sessions } = functions;
    const management = createUserManagement({ directory, sessions });
    for (const userName of ["al\u200bice", "al\u202eice", "al\u00adice"]) {
      const user = { userName, password: PASSWORD, isAdmin: false, permissions: [] };
      expect(await management.addUser(user)).toMatchObject({ outcome: "invalid", field: "userName" });
    }
  });

  test("keeps its password as it was typed", async () => {
    expect((await logIn("alice", `${PASSWORD} `)).status).toBe(401);
  });
});

describe("the user id of a trusted backend", () => {
  test.each(BLANKS)("is refused with %s at its ends, and told which character it is", async (_, blank) => {
    const codePoint = (blank.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    for (const [id, place] of [
      [`dave${blank}`, "ends"],
      [`${blank}dave`, "begins"],
    ]) {
      expect(await functions.invoke("login", { user: { id } })).toMatchObject({
        code: "invalid_request",
        errors: [
          {
            pointer: "#/user/id",
            detail: expect.stringMatching(
              new RegExp(
                `^user.id is ".*without white space .* at its ends\\); this one ${place} with U\\+${codePoint}`,
              ),
            ) as string,
          },
        ],
      });
    }
  });

  test.each(["dave smith", "corp:dave", "Ünï", "❤️", "נועה", "می\u200cخواهم"])(
    "is taken as it is: %s",
    async (id) => {
      expect(await functions.invoke("login", { user: { id } })).toMatchObject({ user: { id } });
    },
  );

  test("is refused in the lists of an administrators' logout", async () => {
    const errors = [
      { pointer: "#/userIds/1", detail: expect.stringContaining("ends with U+0020") as string },
    ];
    const userIds = ["dave", "dave "];
    const token = await functions.logIn("root");
    const answer = await functions.send("POST /admin/logout", json({ userIds }, bearer(token).headers));
    expect(answer).toMatchObject({ status: 400, body: { errors } });
  });

  test("is refused as a query of an administrator", async () => {
    const token = await functions.logIn("root");
    for (const path of ["GET /admin/sessions", "GET /admin/endings"]) {
      const answer = await functions.send(path, { ...bearer(token), query: "userId=dave%C2%A0" });
      expect(answer).toMatchObject({
        status: 400,
        body: { errors: [{ parameter: "userId", detail: expect.stringContaining("U+00A0") as string }] },
      });
    }
  });
});

describe("blank ends", () => {
  test("are cut in a time that grows with the text only", () => {
    const text = `a${" ".repeat(200_000)}b`;
    expect(trimBlank(text)).toBe(text);
    expect(trimBlank(` ${text}\u200b`)).toBe(text);
  });

  test("are no problem of an id that has none", () => {
    expect(userIdProblem("a")).toBeUndefined();
    expect(userIdProblem(" ")).toContain("white space");
  });
});
