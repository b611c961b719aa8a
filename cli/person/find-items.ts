import { GetCommand, ScanCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import { batchGet } from "../../src/dynamodb/batch.ts";
import { directoryKey } from "../../src/identity/directory-table.ts";
import { deviceKey, failuresKey } from "../../src/identity/sign-in-table.ts";
import { deviceFailures, devicesPrefix, userSubject } from "../../src/identity/throttle-keys.ts";
import { fromRosterItem } from "../../src/sessions/items.ts";
import { signOutKey, spentSignInKey } from "../../src/sessions/sign-in-keys.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { endingKey, rosterKey, sessionKey } from "../../src/sessions/table.ts";
import type { Located } from "../place.ts";
import { readPages } from "../sessions/pages.ts";
import { activityItems } from "./activity-items.ts";
import type { Kind, PersonItem } from "./person-item.ts";
import { sessionIdsInIndex } from "./session-index.ts";

export interface PersonContext {
  readonly located: Located;
  readonly documents: DynamoDBDocumentClient;
  readonly sessions: SessionStore;
  readonly progress: (line: string) => void;
}

const MOST = 100_000;

/** Every item that is known to be a person's, in all tables. It reads the whole sign-in table. */
export async function findItems(context: PersonContext, userId: string): Promise<PersonItem[]> {
  const { located } = context;
  const user =
    located.usersTable === undefined ? [] : await directoryUser(context, located.usersTable, userId);
  const signIn =
    located.signInTable === undefined ? [] : await signInItems(context, located.signInTable, userId);
  const activity =
    located.activityTable === undefined
      ? []
      : await activityItems(context.documents, located.activityTable, userId);
  return [...(await sessionItems(context, userId)), ...user, ...signIn, ...activity];
}

/** The ids come from the roster and the indexes, which lag; the items are read consistently by them. */
async function sessionItems(context: PersonContext, userId: string): Promise<PersonItem[]> {
  const { located, documents, sessions } = context;
  const table = located.sessionsTable;
  const key = rosterKey(userId);
  const read = await documents.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
  const roster = fromRosterItem(read.Item);
  const endings = await readPages(MOST, (page) => sessions.listEndings(userId, page));
  const ids = new Set<string>([
    ...roster.entries.map(({ id }) => id),
    ...roster.leaving,
    ...(await sessionIdsInIndex(documents, table, userId)),
    ...endings.found.map(({ sessionId }) => sessionId),
  ]);
  const keys = [...ids].flatMap((id) => [sessionKey(id), endingKey(id)]);
  const items = await batchGet({ ...REAL_WAITING, documents, tableName: table }, keys);
  const found = items.map((item): PersonItem => {
    const pk = String(item["pk"]);
    const isSession = pk.startsWith(sessionKey("").pk);
    return { kind: isSession ? "session" : "ending", table, key: { pk }, item };
  });
  return read.Item === undefined ? found : [{ kind: "roster", table, key, item: read.Item }, ...found];
}

/** The item of the password directory; none of the directory has an id with a colon. */
export async function directoryUser(
  { documents }: PersonContext,
  table: string,
  userId: string,
): Promise<PersonItem[]> {
  if (userId.includes(":")) return [];
  const key = directoryKey(userId);
  const { Item: item } = await documents.send(
    new GetCommand({ TableName: table, Key: key, ConsistentRead: true }),
  );
  return item === undefined ? [] : [{ kind: "directory user", table, key, item }];
}

/** By one scan: devices and marks have keys that are hashes, and no index. */
async function signInItems(
  { documents, progress }: PersonContext,
  table: string,
  userId: string,
): Promise<PersonItem[]> {
  const prefix = devicesPrefix(userId);
  const input = {
    TableName: table,
    ConsistentRead: true,
    FilterExpression:
      "pk = :failures OR pk = :out OR userId = :user " +
      "OR begins_with(pk, :device) OR begins_with(pk, :ofDevice)",
    ExpressionAttributeValues: {
      ":failures": failuresKey(userSubject(userId)).pk,
      ":out": signOutKey(userId).pk,
      ":device": deviceKey(prefix).pk,
      ":ofDevice": failuresKey(deviceFailures(prefix)).pk,
      ":user": userId,
    },
  };
  const found: PersonItem[] = [];
  let scanned = 0;
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new ScanCommand({ ...input, ...(from && { ExclusiveStartKey: from }) }),
    );
    for (const item of page.Items ?? []) {
      const pk = String(item["pk"]);
      found.push({ kind: kindOf(pk), table, key: { pk }, item });
    }
    from = page.LastEvaluatedKey;
    scanned += page.ScannedCount ?? 0;
    if (from !== undefined) progress(`${scanned} items of the sign-in table read`);
  } while (from !== undefined);
  return found;
}

function kindOf(pk: string): Kind {
  if (pk.startsWith(spentSignInKey("").pk)) return "spent sign-in";
  if (pk.startsWith(signOutKey("").pk)) return "sign-out time";
  return pk.startsWith(deviceKey("").pk) ? "remembered device" : "failed attempts";
}
