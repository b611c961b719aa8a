import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createUserDirectory } from "../../src/identity/directory.ts";
import { createDirectoryTable, createSessionsTable, testClient } from "../support/dynamodb.ts";
import { answerWith, runUsers, type LocalAnswer } from "./run-users.ts";

describe("on a deployed stack", () => {
  const described = (outputs: Readonly<Record<string, string>>) =>
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>
      <member><StackName>sessions-prod</StackName><StackStatus>CREATE_COMPLETE</StackStatus>
      <CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${Object.entries(outputs)
        .map(
          ([key, value]) =>
            `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
        )
        .join("")}</Outputs></member>
    </Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const missing = `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
    <Code>ValidationError</Code><Message>Stack with id sessions-prod does not exist</Message></Error></ErrorResponse>`;
  let usersTable: string;
  let sessionsTable: string;
  let cloudFormation: LocalAnswer | undefined;

  afterAll(() => cloudFormation?.close());

  async function runDeployed(args: readonly string[], body: string, status = 200) {
    await cloudFormation?.close();
    cloudFormation = await answerWith("/", body, status);
    return runUsers([...args, "--stack", "sessions-prod", "--region", "eu-central-1"], {
      input: "correct horse battery",
      env: {
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_CLOUDFORMATION: `http://localhost:${cloudFormation.port}`,
        AWS_ENDPOINT_URL_DYNAMODB: inject("dynamoDbEndpoint"),
      },
    });
  }

  beforeAll(async () => {
    usersTable = await createDirectoryTable();
    sessionsTable = await createSessionsTable();
  });

  test("the tables are found by the stack's outputs", async () => {
    const outputs = { SessionsTableName: sessionsTable, UsersTableName: usersTable, Other: "x" };
    expect(await runDeployed(["add", "alice"], described(outputs))).toEqual({
      code: 0,
      stdout: 'Added user "alice".\n',
      stderr: "",
    });
    const directory = createUserDirectory({
      documents: testClient(),
      tableName: usersTable,
      clock: Date.now,
    });
    expect((await directory.list()).map((user) => user.userName)).toEqual(["alice"]);
  });

  test("a stack that does not exist is a message that says what to check", async () => {
    const { code, stderr } = await runDeployed(["list"], missing, 400);
    expect(code).toBe(1);
    expect(stderr).toContain('Cannot read stack "sessions-prod": Stack with id sessions-prod does not exist');
    expect(stderr).toContain("--region");
  });

  test("some other stack is named as such", async () => {
    const { code, stderr } = await runDeployed(["list"], described({ Other: "x" }));
    expect(code).toBe(1);
    expect(stderr).toContain('Stack "sessions-prod" has no output SessionsTableName');
  });
});
