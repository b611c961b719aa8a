import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createDirectoryTable, createSessionsTable, testClient } from "../support/dynamodb.ts";
import { startCloudFormation } from "./cloudformation.ts";
import { operatorsOutput, runUsers, type LocalAnswer } from "./run-users.ts";

describe("on a deployed stack", () => {
  let cloudFormation: LocalAnswer;
  const usersTables: string[] = [];

  beforeAll(async () => {
    const sessionsTable = await createSessionsTable();
    for (let count = 0; count < 3; count++) usersTables.push(await createDirectoryTable());
    const output = (construct: string, index: number) =>
      operatorsOutput({ construct, sessionsTable, usersTable: usersTables[index]!, signInTable: "none" });
    cloudFormation = await startCloudFormation({
      one: { outputs: { WhateverKey: output("Login", 0), Url: "https://example.com", Json: '{"a":1}' } },
      two: { outputs: { A: output("Staff", 0), B: output("Customers", 1) } },
      outer: { outputs: { Other: "x" }, nested: ["middle"] },
      middle: { nested: ["inner"] },
      inner: { outputs: { Deep: output("Backend/Sessions", 2) } },
      other: { outputs: { Other: "x" } },
      newer: { outputs: { A: JSON.stringify({ singleSession: 2 }) } },
    });
  });
  afterAll(() => cloudFormation.close());

  const runDeployed = (args: readonly string[]) =>
    runUsers([...args, "--region", "eu-central-1"], {
      input: "correct horse battery",
      env: {
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_CLOUDFORMATION: `http://localhost:${cloudFormation.port}`,
        AWS_ENDPOINT_URL_DYNAMODB: testDatabaseEndpoint(),
      },
    });
  const usersIn = async (index: number) => {
    const tableName = usersTables[index]!;
    const directory = createUserDirectory({ documents: testClient(), tableName, clock: Date.now });
    return (await directory.list()).map((user) => user.userName);
  };

  test("the tables are found by the construct's output, whatever its key", async () => {
    expect(await runDeployed(["add", "alice", "--stack", "one"])).toEqual({
      code: 0,
      stdout: 'Added user "alice".\n',
      stderr: "",
    });
    expect(await usersIn(0)).toEqual(["alice"]);
  });

  test("of several constructs in a stack one is named, and the error lists them", async () => {
    const unnamed = await runDeployed(["list", "--stack", "two"]);
    expect(unnamed.code).toBe(1);
    expect(unnamed.stderr).toContain(
      'Stack "two" has 2 SingleSession constructs. Name one with --construct: "Staff", "Customers".',
    );
    expect((await runDeployed(["add", "bob", "--stack", "two", "--construct", "Customers"])).code).toBe(0);
    expect(await usersIn(1)).toEqual(["bob"]);
    const wrong = await runDeployed(["list", "--stack", "two", "--construct", "customers"]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('has no SingleSession construct "customers". --construct takes: "Staff"');
  });

  test("a construct in a nested stack is found", async () => {
    expect((await runDeployed(["add", "carol", "--stack", "outer"])).code).toBe(0);
    expect(await usersIn(2)).toEqual(["carol"]);
  });

  test("a stack that does not exist is a message that says what to check", async () => {
    const { code, stderr } = await runDeployed(["list", "--stack", "sessions-prod"]);
    expect(code).toBe(1);
    expect(stderr).toContain('Cannot read stack "sessions-prod": Stack with id sessions-prod does not exist');
    expect(stderr).toContain("--region");
  });

  test("some other stack is named as such", async () => {
    const { code, stderr } = await runDeployed(["list", "--stack", "other"]);
    expect(code).toBe(1);
    expect(stderr).toContain('Stack "other" has no SingleSession construct');
  });

  test("a stack of another version is named as such", async () => {
    const { code, stderr } = await runDeployed(["list", "--stack", "newer"]);
    expect(code).toBe(1);
    expect(stderr).toContain("was deployed with another version of this project");
  });
});
