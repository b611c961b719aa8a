import { createHash } from "node:crypto";
import { ttlOf } from "../dynamodb/ttl.ts";
import { ENDED_REASONS, type EndedReason } from "../sessions/ending.ts";
import {
  ACTIVITY_KINDS,
  ACTIVITY_MS,
  USERS_ACTIVITY_MS,
  type ActivityDevice,
  type ActivityKind,
  type ActivityRecord,
} from "./activity.ts";
import { recordIdInKey, recordKey } from "./table.ts";

/** The shapes of the activity table's items, and the way between them and the words of activity. */

export type Item = Record<string, unknown>;

/** A time as the indexes sort it. */
export const orderOf = (at: number): string => String(at).padStart(15, "0");

/** The place of an item among others of its list: newer ones come after, and no two are at one place. */
export const placeOf = (at: number, id: string): string => `${orderOf(at)}#${id}`;

/**
 * How many lists there are of each kind. A list is a partition of the index, which takes a thousand writes a
 * second; a login makes one start and one end at most, and refusals are rarer.
 */
const LISTS: Readonly<Record<ActivityKind, number>> = {
  started: 8,
  ended: 8,
  contention: 1,
  suspected: 1,
  denied: 4,
  throttled: 4,
  administered: 1,
};

/** The list of suspects, which is not of a kind. */
export const SUSPECTS_LIST = "suspects";

/** The list that a record is in, always the same one. */
export function listOf({ id, kind }: Pick<ActivityRecord, "id" | "kind">): string {
  const count = LISTS[kind];
  const number = count === 1 ? 0 : (createHash("sha256").update(id).digest()[0] ?? 0) % count;
  return listName(kind, number);
}

/** All lists of some kinds. */
export const listsOf = (kinds: readonly ActivityKind[]): string[] =>
  kinds.flatMap((kind) => Array.from({ length: LISTS[kind] }, (_, number) => listName(kind, number)));

const listName = (kind: ActivityKind, number: number): string => `${kind}#${number}`;

/** How long a record is kept, in milliseconds from its time. */
export const keptMs = ({ userId }: Pick<ActivityRecord, "userId">): number =>
  userId === undefined ? ACTIVITY_MS : USERS_ACTIVITY_MS;

/** @param putAt when it is put (epoch milliseconds): a recount knows by it which counts are under way. */
export function toRecordItem(record: ActivityRecord, putAt: number): Item {
  const { id, at, device, devices, ...rest } = record;
  return {
    ...recordKey(id),
    order: placeOf(at, id),
    list: listOf(record),
    at,
    ...rest,
    ...(device && { device: named(device) }),
    ...(devices && { devices: devices.map(named) }),
    putAt,
    ttl: ttlOf(at + keptMs(record)),
  };
}

/** Without what else the device of a session or a roster holds. */
export const named = ({ label, class: deviceClass }: ActivityDevice): ActivityDevice => ({
  label,
  class: deviceClass,
});

export function fromRecordItem(item: Item): ActivityRecord {
  const { pk, sk: _sk, order: _order, list: _list, putAt: _putAt, ttl: _ttl, ...rest } = item;
  return { id: recordIdInKey(pk as string), ...rest } as unknown as ActivityRecord;
}

/** What is counted of an hour, by the names of the attributes. */
export type CounterName = "started" | `ended_${EndedReason}` | "denied" | "throttled" | "suspected";
export const COUNTER_NAMES: readonly CounterName[] = [
  "started",
  ...ENDED_REASONS.map((reason) => `ended_${reason}` as const),
  "denied",
  "throttled",
  "suspected",
];
export type Counts = Partial<Record<CounterName, number>>;

/** The counter that a record belongs to. */
export function counterOf({
  kind,
  reason,
}: Pick<ActivityRecord, "kind" | "reason">): CounterName | undefined {
  switch (kind) {
    case "ended":
      return `ended_${reason ?? "unknown"}`;
    case "contention":
    case "suspected":
      return "suspected";
    case "administered":
      return undefined;
    case "started":
    case "denied":
    case "throttled":
      return kind;
  }
}

/** The kinds that are counted. */
export const COUNTED_KINDS = ACTIVITY_KINDS.filter((kind) => counterOf({ kind }) !== undefined);

export const HOUR_MS = 60 * 60_000;

/** The beginning of the hour of a time; both are epoch milliseconds. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;
