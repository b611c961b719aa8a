import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { createPasswordHasher } from "../../src/identity/password-hash.ts";
import { KnownUser } from "./known-user.ts";
import { LOAD_PASSWORD } from "./checked-calls.ts";
import type { StackChild } from "./stack-child.ts";

/**
 * Every second user may have three sessions; two of ten, one of either kind, can also log in with a password.
 */
const SEVERAL_EVERY = 2;
const PASSWORD_EVERY = 10;
const SEVERAL = 3;

/**
 * The users of a load, none of them logged in; those with passwords, and an administrator who takes part in
 * nothing else, are put into the directory. All names end with `run`, so that nobody has sessions of another
 * run in the same tables.
 */
export async function createPopulation(
  stack: Pick<StackChild, "region" | "tables">,
  databaseEndpoint: string,
  { count, run }: { readonly count: number; readonly run: string },
): Promise<{ readonly users: readonly KnownUser[]; readonly admin: KnownUser }> {
  const users = Array.from({ length: count }, (_, index) => {
    const limit = index % SEVERAL_EVERY === 0 ? SEVERAL : 1;
    const userId = `${limit === 1 ? "one" : "many"}-${index}-${run}`;
    return new KnownUser({ userId, limit, hasPassword: index % PASSWORD_EVERY < SEVERAL_EVERY });
  });
  const admin = new KnownUser({ userId: `administrator-${run}`, limit: 1, hasPassword: true });

  const client = new DynamoDBClient({
    endpoint: databaseEndpoint,
    region: stack.region,
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  try {
    const directory = createUserDirectory({
      documents: DynamoDBDocumentClient.from(client),
      tableName: stack.tables["UsersTableName"] ?? "",
      clock: Date.now,
    });
    // One hash for all: hashing is what takes the time, and nothing here asks whether salts differ.
    const passwordHash = await createPasswordHasher().hash(LOAD_PASSWORD);
    for (const { userId } of [admin, ...users.filter(({ hasPassword }) => hasPassword)]) {
      await directory.add({
        userName: userId,
        passwordHash,
        isAdmin: userId === admin.userId,
        permissions: [],
      });
    }
  } finally {
    client.destroy();
  }
  return { users, admin };
}
