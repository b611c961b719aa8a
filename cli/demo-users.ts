import { PERMISSIONS } from "../src/identity/permissions.ts";
import { connect } from "./connect.ts";
import { localClient } from "./place.ts";

/**
 * What every demo user's password is. It is known to everybody: demo users are for a stack on one's own
 * machine only.
 */
export const DEMO_PASSWORD = "local-demo-only";

/** A user that a local stack has from the start. */
export interface DemoUser {
  readonly userName: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
}

/** Those that it has unless others are named. */
export const DEMO_USERS: readonly DemoUser[] = [
  { userName: "alice", isAdmin: false, permissions: [] },
  { userName: "bob", isAdmin: false, permissions: [] },
  { userName: "staff", isAdmin: false, permissions: [PERMISSIONS.logOut] },
  { userName: "admin", isAdmin: true, permissions: [] },
];

export interface DemoUsersRequest {
  readonly dynamoDbEndpoint: string;
  readonly region: string;
  readonly usersTable: string;
  readonly sessionsTable: string;
  /** {@link DEMO_USERS} unless given. */
  readonly users?: readonly DemoUser[];
}

/**
 * Creates the demo users that are not there yet; those that exist are left as they are, with the password
 * they have.
 * @returns the names of those created.
 */
export async function createDemoUsers(request: DemoUsersRequest): Promise<string[]> {
  const { dynamoDbEndpoint, region, usersTable, sessionsTable, users = DEMO_USERS } = request;
  const dynamoDb = localClient(dynamoDbEndpoint, region);
  // Creating users ends no session and unlocks nobody.
  const tables = { dynamoDb, usersTable, sessionsTable, signInTable: "", era: "" };
  const { directory, management, close } = connect(tables);
  try {
    const existing = await directory.getMany(users.map((user) => user.userName));
    const created = users
      .filter((user) => !existing.has(user.userName))
      .map(async (user) => {
        const added = await management.addUser({
          ...user,
          permissions: [...user.permissions],
          password: DEMO_PASSWORD,
        });
        return added.outcome === "added" ? [user.userName] : [];
      });
    return (await Promise.all(created)).flat();
  } finally {
    close();
  }
}
