import { expect, test } from "vitest";
import { createDemoUsers, DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import { testDatabaseEndpoint } from "../support/database-endpoint.ts";
import { createDirectoryTable, createSessionsTable, testClient } from "../support/dynamodb.ts";

test("demo users are created once, and those that exist are left alone", async () => {
  const usersTable = await createDirectoryTable();
  const sessionsTable = await createSessionsTable();
  const directory = createUserDirectory({ documents: testClient(), tableName: usersTable, clock: Date.now });
  await directory.add({ userName: "bob", passwordHash: "kept", isAdmin: true, permissions: [] });
  const request = {
    dynamoDbEndpoint: testDatabaseEndpoint(),
    region: "eu-central-1",
    usersTable,
    sessionsTable,
  };

  expect((await createDemoUsers(request)).sort()).toEqual(["admin", "alice", "staff"]);
  expect(await createDemoUsers(request)).toEqual([]);

  expect((await directory.getWithPasswordHash("bob"))?.passwordHash).toBe("kept");
  const source = createPasswordSource(directory);
  const user = async (username: string) => {
    const outcome = await source.authenticate({ username, password: DEMO_PASSWORD });
    return outcome.outcome === "authenticated" ? outcome.user : undefined;
  };
  expect(await user("alice")).toEqual({ id: "alice", isAdmin: false, permissions: [] });
  expect(await user("staff")).toEqual({
    id: "staff",
    isAdmin: false,
    permissions: ["single_session.logout"],
  });
  expect(await user("admin")).toEqual({ id: "admin", isAdmin: true, permissions: [] });
});
