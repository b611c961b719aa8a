import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { conditionalWrite } from "../dynamodb/conditional-write.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import { ACTIVITY_MS, SUSPICIONS, type ActivityRecord } from "./activity.ts";
import { named, placeOf, SUSPECTS_LIST, type Item } from "./items.ts";
import type { Suspect } from "./store.ts";
import { suspectKey, userIdInSuspectKey } from "./table.ts";

/** A record that makes a suspect of its user. */
type Suspicious = ActivityRecord & Required<Pick<ActivityRecord, "userId" | "devices">>;

const isSuspicious = (record: ActivityRecord): record is Suspicious =>
  (record.kind === "contention" || record.kind === "suspected") &&
  record.userId !== undefined &&
  record.devices !== undefined;

/** Rounds lost to other records of one user: so many never come at once. */
const MOST_ROUNDS = 5;

/** Adds a record that was new to what is known of its user; of other kinds, nothing. */
export async function noteSuspect(
  { documents, tableName }: { readonly documents: DocumentClient; readonly tableName: string },
  record: ActivityRecord,
): Promise<void> {
  if (!isSuspicious(record)) return;
  const key = suspectKey(record.userId);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const input = { TableName: tableName, Key: key, ConsistentRead: true };
    const { Item: seen } = await documents.send(new GetCommand(input));
    // The answer to the put was lost, and the client sent it again.
    if (seen?.["lastId"] === record.id) return;
    const { result } = await conditionalWrite(() =>
      documents.send(
        new PutCommand({
          TableName: tableName,
          Item: withRecord(seen, record),
          ...(seen === undefined
            ? { ConditionExpression: "attribute_not_exists(pk)" }
            : {
                ConditionExpression: "lastId = :seen",
                ExpressionAttributeValues: { ":seen": seen["lastId"] as unknown },
              }),
        }),
      ),
    );
    if (result === "written") return;
  }
  throw new StoreUnavailableError("too many records of one suspect at once", { effect: "none" });
}

/** The item of a suspect with one more record. What is older than what is kept begins anew: TTL is late. */
function withRecord(seen: Item | undefined, record: Suspicious): Item {
  const known = seen === undefined ? undefined : fromSuspectItem(seen);
  const before = known !== undefined && record.at - known.lastAt < ACTIVITY_MS ? known : undefined;
  // Records may come in another order than they happened in.
  const isLatest = before === undefined || record.at >= before.lastAt;
  const lastAt = isLatest ? record.at : before.lastAt;
  const sessionId = isLatest ? record.sessionId : before.sessionId;
  const suspicions = new Set([...(before?.suspicions ?? []), record.suspicion ?? "displacements"]);
  return {
    ...suspectKey(record.userId),
    list: SUSPECTS_LIST,
    order: placeOf(lastAt, record.userId),
    firstAt: Math.min(before?.firstAt ?? record.at, record.at),
    lastAt,
    times: (before?.times ?? 0) + 1,
    suspicions: SUSPICIONS.filter((suspicion) => suspicions.has(suspicion)),
    devices: (isLatest ? record.devices : before.devices).map(named),
    ...(sessionId !== undefined && { sessionId }),
    lastId: record.id,
    ttl: ttlOf(lastAt + ACTIVITY_MS),
  };
}

export function fromSuspectItem(item: Item): Suspect {
  const { pk, firstAt, lastAt, times, suspicions, devices, sessionId } = item as unknown as Suspect & {
    readonly pk: string;
  };
  return {
    userId: userIdInSuspectKey(pk),
    ...{ firstAt, lastAt, times, suspicions, devices },
    ...(sessionId !== undefined && { sessionId }),
  };
}
