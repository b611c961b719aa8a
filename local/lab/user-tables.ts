import { GetCommand, QueryCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isUnexpired } from "../../src/sessions/session.ts";
import {
  BY_USER_INDEX,
  ENDINGS_BY_USER_INDEX,
  rosterKey,
  sessionIdInEndingKey,
  sessionIdInKey,
  sessionKey,
} from "../../src/sessions/table.ts";
import type { EndingRow, RosterRow, SessionRow, UserTables } from "./shapes.ts";

type Item = Readonly<Record<string, unknown>>;

/** Newest first; older ones say nothing of what was just done. */
const ENDINGS_SHOWN = 12;

/**
 * What the sessions table has of a user, each item read consistently. Which there are is what the roster and
 * the index say: a session that only one of them knew would be shown too.
 * @param now by the clock of the functions, in epoch milliseconds.
 */
export async function readUserTables(
  documents: DynamoDBDocumentClient,
  tableName: string,
  { userId, now }: { readonly userId: string; readonly now: number },
): Promise<UserTables> {
  const get = async (key: { readonly pk: string }): Promise<Item | undefined> =>
    (await documents.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }))).Item;
  const query = async (
    index: { readonly name: string; readonly partitionKey: string },
    limit?: number,
  ): Promise<Item[]> => {
    const answer = await documents.send(
      new QueryCommand({
        ...{ TableName: tableName, IndexName: index.name, ScanIndexForward: false, Limit: limit },
        KeyConditionExpression: "#user = :user",
        ExpressionAttributeNames: { "#user": index.partitionKey },
        ExpressionAttributeValues: { ":user": userId },
      }),
    );
    return answer.Items ?? [];
  };
  const [rosterItem, indexed, ended] = await Promise.all([
    get(rosterKey(userId)),
    query(BY_USER_INDEX),
    query(ENDINGS_BY_USER_INDEX, ENDINGS_SHOWN),
  ]);
  const roster = rosterItem && toRoster(rosterItem);
  const keys = new Set([
    ...indexed.map((item) => String(item["pk"])),
    ...(roster?.entries ?? []).map(({ id }) => sessionKey(id).pk),
  ]);
  const items = await Promise.all([...keys].map((pk) => get({ pk })));
  const sessions = items.flatMap((item) => (item === undefined ? [] : [toSession(item, now)]));
  return {
    sessions: sessions.sort((one, other) => other.createdAt - one.createdAt),
    ...(roster && { roster }),
    endings: ended.map(toEnding),
  };
}

const labelIn = (item: Item): string => (item["device"] as { readonly label: string }).label;

function toSession(item: Item, now: number): SessionRow {
  const times = item as Pick<SessionRow, "createdAt" | "lastSeenAt" | "idleExpiresAt" | "expiresAt">;
  const { createdAt, lastSeenAt, idleExpiresAt, expiresAt } = times;
  return {
    id: sessionIdInKey(String(item["pk"])),
    device: labelIn(item),
    ...{ createdAt, lastSeenAt, idleExpiresAt, expiresAt },
    live: isUnexpired(times, now),
  };
}

type RosterItem = Pick<RosterRow, "version" | "changedAt" | "leaving"> & {
  readonly entries: readonly { readonly id: string; readonly device: { readonly label: string } }[];
};

function toRoster(item: Item): RosterRow {
  const { entries, leaving, changedAt, version } = item as unknown as RosterItem;
  return {
    ...{ version, changedAt, leaving },
    entries: entries.map((entry) => ({ id: entry.id, device: entry.device.label })),
  };
}

function toEnding(item: Item): EndingRow {
  const device = item["displacedByDevice"];
  return {
    id: sessionIdInEndingKey(String(item["pk"])),
    reason: String(item["endReason"]),
    endedAt: Number(item["endedAt"]),
    by: String(item["endedBy"]),
    ...(typeof device === "string" && { byDevice: device }),
  };
}
