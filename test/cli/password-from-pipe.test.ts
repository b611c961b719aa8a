import { afterAll, beforeAll, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import { createDirectoryTable, createSessionsTable, testClient } from "../support/dynamodb.ts";
import { localStack, runProcess, type LocalAnswer } from "./run-users.ts";

const PASSWORD = "correct hörse battery";
let usersTable: string;
let stack: LocalAnswer;

beforeAll(async () => {
  usersTable = await createDirectoryTable();
  stack = await localStack({ sessionsTable: await createSessionsTable(), usersTable, signInTable: "none" });
});
afterAll(() => stack.close());

const run = (args: string[], input: Buffer) =>
  runProcess("cli/users.ts", [...args, "--port", String(stack.port)], { input });

test.each([
  ["a byte-order mark and CRLF", Buffer.from(`\uFEFF${PASSWORD}\r\n`)],
  ["UTF-16 of PowerShell", Buffer.from(`\uFEFF${PASSWORD}\r\n`, "utf16le")],
  ["a decomposed character", Buffer.from("correct ho\u0308rse battery\n")],
])("a password from a pipe with %s is the one that people type", async (name, input) => {
  expect(await run(["add", name], input)).toMatchObject({ code: 0 });
  const directory = createUserDirectory({ documents: testClient(), tableName: usersTable, clock: Date.now });
  const credentials = { username: name, password: PASSWORD };
  expect(await createPasswordSource(directory).authenticate(credentials)).toMatchObject({
    outcome: "authenticated",
  });
});

test("what is no one line of text is a usage error that says why", async () => {
  const twoLines = await run(["add", "zoe"], Buffer.from(`${PASSWORD}\nsecond line\n`));
  expect(twoLines).toMatchObject({ code: 2, stdout: "" });
  expect(twoLines.stderr).toContain("Standard input has more than one line.");
  const latin1 = await run(["add", "zoe"], Buffer.from(PASSWORD, "latin1"));
  expect(latin1.code).toBe(2);
  expect(latin1.stderr).toContain("not valid UTF-8");
});
