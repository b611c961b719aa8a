import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { connect, type Connection } from "../../cli/connect.ts";
import { admit } from "../../cli/doctor/patient.ts";
import { TABLE_CHECKS } from "../../cli/doctor/table-checks.ts";
import { locate, locateDirectory, localClient } from "../../cli/place.ts";
import type { LocalStack } from "../../local/stack.ts";
import type { DirectoryUser } from "../../src/identity/directory.ts";
import { backUp, restore, switchOn, type Backup, type Clients } from "./backup.ts";
import { callWith, signedIn, signIn, signInOfAnn, signOut, standingOf, type Held } from "./people.ts";

export interface DrillOptions {
  /** Starts the stack with an era, always over the same tables; the first time with the demo users. */
  readonly start: (era: string) => Promise<LocalStack>;
  readonly say: (line: string) => void;
}

/** What was expected of a step, and whether it was so. */
export interface Finding {
  readonly what: string;
  readonly isRight: boolean;
  readonly seen: string;
}

const AFTER_THE_LEAK = "a password after the leak";

/**
 * The restore drill: everything is taken away that can be, a backup of before comes back, and the runbook
 * (docs/operate/restore.md) is followed. Nothing that ended may be live at its end.
 */
export async function runDrill({ start, say }: DrillOptions): Promise<Finding[]> {
  const findings: Finding[] = [];
  const expectSame = (what: string, seen: unknown, expected: unknown): void => {
    const [found, wanted] = [JSON.stringify(seen), JSON.stringify(expected)];
    findings.push({ what, isRight: found === wanted, seen: found });
    say(`${found === wanted ? "ok   " : "WRONG"} ${what}: ${found}`);
  };
  let stack = await start("1");
  const deploy = async (era: string): Promise<void> => {
    await stack.stop();
    stack = await start(era);
  };
  const clients = clientsOf(stack);
  try {
    const located = await locateDirectory({ kind: "local", port: stack.port });
    const world = { ...clients, sessionsTable: located.sessionsTable, signInTable: located.signInTable };
    const tables = [located.sessionsTable, located.usersTable, located.signInTable];

    say("Before the backup: alice and bob sign in; Ann's phone calls with her provider's token.");
    const held = { alice: await signedIn(stack.url, "alice"), bob: await signedIn(stack.url, "bob") };
    const [phone, laptop] = [signInOfAnn("phone", 60), signInOfAnn("laptop", 5)];
    await callWith(world, phone, { era: "1" });
    const standings = async () => [
      await standingOf(stack.url, held.alice),
      await standingOf(stack.url, held.bob),
    ];
    expectSame("alice and bob", await standings(), ["live", "live"]);
    // A sign-in that was used only after the backup has no mark in it.
    const backups = [];
    for (const table of tables) backups.push(await backUp(clients, table));
    const backupTime = Date.now();

    say(
      "Since: alice logs out, and her password leaks and is changed; bob is disabled; staff loses a permission;",
    );
    say("carol is added; Ann's laptop signs in and displaces the phone, and its session is revoked.");
    await takeAway(located, stack, held.alice);
    await callWith(world, laptop, { era: "1" });
    await stack.invoke("admin-logout", { userIds: ["pool:ann"], includeAdmins: true });
    expectSame("alice and bob", await standings(), ["session_logged_out", "session_revoked"]);
    const before = await usersOf(located);

    say("Steps 1 to 4: the doors are closed, and the tables come back under their names.");
    await stack.stop();
    for (const backup of backups) await restore(clients, backup);
    await runStep5(located, clients, backups, expectSame);

    say("What a restore does if nobody follows the runbook:");
    await deploy("1");
    expectSame("alice and bob, without the runbook", await standings(), ["live", "live"]);
    expectSame("bob's login, without the runbook", (await signIn(stack.url, "bob")).status, 201);
    const byEraAlone = await callWith(world, laptop, { era: "2" });
    expectSame("Ann's laptop, refreshed, by a new era without admitFrom", byEraAlone, "live");
    for (const backup of backups) {
      await restore(clients, backup);
      await switchOn(clients, backup);
    }

    say("Steps 6 to 8: a new era, admitFrom, and the changes of the users once more.");
    const closedAt = Date.now();
    await deploy("2");
    expectSame("alice and bob, of before", await standings(), ["session_unknown", "session_unknown"]);
    const admission = { era: "2", admitFrom: closedAt };
    const ann = [await callWith(world, phone, admission), await callWith(world, laptop, admission)];
    // The mark of the one is in the backup; the other is shut out by its time.
    expectSame("Ann's devices, refreshed", ann, ["unknown", "expired"]);
    expectSame("whom the lists name", changedSince(before, await usersOf(located), backupTime), [
      "alice",
      "bob",
      "carol",
      "staff",
    ]);
    await changeOnceMore(located);
    await expectNothingBack(stack, located, expectSame);
    return findings;
  } finally {
    await stack.stop();
    clients.client.destroy();
  }
}

type Directory = Awaited<ReturnType<typeof locateDirectory>>;
type Expect = (what: string, seen: unknown, expected: unknown) => void;

function clientsOf({ databaseEndpoint, region }: LocalStack): Clients {
  const client = new DynamoDBClient(localClient(databaseEndpoint, region));
  const marshallOptions = { removeUndefinedValues: true };
  return { client, documents: DynamoDBDocumentClient.from(client, { marshallOptions }) };
}

async function withUsers<T>(located: Directory, action: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = connect(located);
  try {
    return await action(connection);
  } finally {
    connection.close();
  }
}

const usersOf = (located: Directory): Promise<readonly DirectoryUser[]> =>
  withUsers(located, ({ directory }) => directory.list());

async function takeAway(located: Directory, { url }: LocalStack, alice: Held): Promise<void> {
  await signOut(url, alice);
  await changeOnceMore(located);
}

/** What was changed since the backup, and is changed again by step 7. */
const changeOnceMore = (located: Directory): Promise<void> =>
  withUsers(located, async ({ management }) => {
    await management.setPassword("alice", AFTER_THE_LEAK);
    await management.disableUser("bob");
    await management.setPermissions("staff", { isAdmin: false, permissions: [] });
    const carol = { userName: "carol", password: "a password of carol's", isAdmin: false, permissions: [] };
    await management.addUser(carol);
  });

/** Step 5, with the command that says what is missing. */
async function runStep5(
  located: Directory,
  clients: Clients,
  backups: readonly Backup[],
  expectSame: Expect,
): Promise<void> {
  const missing = async (): Promise<string[]> => {
    const patient = admit(located);
    const names: string[] = [];
    for (const check of TABLE_CHECKS.filter(({ deployedOnly }) => deployedOnly !== true))
      if ((await check.run(patient)).level === "fail") names.push(check.name);
    patient.close();
    return names;
  };
  expectSame("what doctor finds missing", await missing(), [
    "sessions table: stream",
    "tables: time to live",
  ]);
  for (const backup of backups) await switchOn(clients, backup);
  expectSame("what doctor finds missing after step 5", await missing(), []);
}

/** The runbook's rule: who was changed later than the backup, or is in one of the two lists only. */
function changedSince(
  before: readonly DirectoryUser[],
  after: readonly DirectoryUser[],
  time: number,
): string[] {
  const names = (users: readonly DirectoryUser[]) => users.map(({ userName }) => userName);
  const changed = before.filter(({ updatedAt }) => updatedAt > time);
  const inOneOnly = [...before, ...after].filter(
    ({ userName }) => !names(before).includes(userName) || !names(after).includes(userName),
  );
  return [...new Set(names([...changed, ...inOneOnly]))].sort();
}

async function expectNothingBack(stack: LocalStack, located: Directory, expectSame: Expect): Promise<void> {
  const { url, port } = stack;
  const refused = [(await signIn(url, "alice")).status, (await signIn(url, "bob")).status];
  expectSame("alice's old password, and bob", refused, [401, 401]);
  const alice = await signedIn(url, "alice", AFTER_THE_LEAK);
  const again = await signedIn(url, "alice", AFTER_THE_LEAK);
  const two = [await standingOf(url, alice), await standingOf(url, again)];
  expectSame("alice with the new password, twice", two, ["session_displaced", "live"]);
  const staff = (await usersOf(located)).find(({ userName }) => userName === "staff");
  expectSame("staff's permissions", staff?.permissions, []);
  const { era } = await locate({ kind: "local", port });
  expectSame("the era", era, "2");
}
