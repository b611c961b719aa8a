import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { endingKey, sessionIdInEndingKey, sessionIdInKey, sessionKey } from "../../src/sessions/table.ts";
import type { Database, Part, Place } from "../model/database.ts";
import type { Item } from "../model/expression.ts";
import { placeOf, SESSIONS } from "../model/request.ts";

/** When something changed, and beside what. */
type Circumstances = Pick<Change, "time" | "step" | "eras">;

/** What changed an item. */
export type Cause =
  /** A transaction, with the ending that it puts beside the delete of a session, if any. */
  | { readonly cause: "commit"; readonly ending: Item | undefined }
  /** A write by itself: the bulk revocation's, or a touch. */
  | { readonly cause: "write" | "ttl" | "restore" };

/** A change of an item of the sessions table, and the record that the stream has of it. */
export interface Change {
  readonly pk: string;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly cause: Cause;
  /** The real time, epoch milliseconds. */
  readonly time: number;
  readonly step: number;
  /** Of the operations that were under way: while an era is being changed there are two. */
  readonly eras: readonly string[];
  readonly record: DynamoDBRecord;
}

const BEGINNING = placeOf(SESSIONS, { pk: "" });
const SESSION_PREFIX = sessionKey("").pk;
const ENDING_PREFIX = endingKey("").pk;

/** The id of the session whose item it is. */
export const sessionIdOf = (pk: string): string | undefined =>
  pk.startsWith(SESSION_PREFIX) ? sessionIdInKey(pk) : undefined;

/** The id of the session whose ending it is. */
export const endedIdOf = (pk: string): string | undefined =>
  pk.startsWith(ENDING_PREFIX) ? sessionIdInEndingKey(pk) : undefined;

/**
 * Makes the records of the table's stream from what became of the items: as DynamoDB does, one for each
 * change of an item, in the order of its changes, and none where nothing changed.
 */
export class ChangeCapture {
  /** All parts of the transactions that were begun: those that were applied leave the database's list. */
  readonly #parts = new Map<string, readonly Part[]>();
  #made = 0;

  /** The changes between two states; what no transaction did has the cause given. */
  between(before: Database, after: Database, cause: Cause, at: Circumstances): Change[] {
    for (const { token, parts } of after.running) if (!this.#parts.has(token)) this.#parts.set(token, parts);
    const changes: Change[] = [];
    const between = new Map<Place, Item | undefined>();
    const push = (place: Place, was: Item | undefined, is: Item | undefined, why: Cause): void => {
      if (was === is || !place.startsWith(BEGINNING)) return;
      changes.push(this.#change(place.slice(BEGINNING.length), was, is, why, at));
    };
    for (const { token, place, after: is } of appliedParts(before, after)) {
      push(place, before.items[place], is, { cause: "commit", ending: this.#endingBeside(token, place) });
      between.set(place, is);
    }
    for (const place of new Set([
      ...Object.keys(before.items),
      ...Object.keys(after.items),
      ...between.keys(),
    ])) {
      push(place, between.has(place) ? between.get(place) : before.items[place], after.items[place], cause);
    }
    return changes;
  }

  #endingBeside(token: string, place: Place): Item | undefined {
    const id = sessionIdOf(place.slice(BEGINNING.length));
    if (id === undefined) return undefined;
    const other = placeOf(SESSIONS, endingKey(id));
    const part = this.#parts.get(token)?.find((one) => one.place === other);
    return part === undefined || part.change === "check" ? undefined : part.change.after;
  }

  #change(
    pk: string,
    before: Item | undefined,
    after: Item | undefined,
    cause: Cause,
    at: Circumstances,
  ): Change {
    const sequence = String(++this.#made).padStart(21, "1");
    const record = {
      eventID: `event-${this.#made}`,
      eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
      eventSource: "aws:dynamodb",
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(at.time / 1000),
        Keys: marshall({ pk }),
        ...(before !== undefined && { OldImage: marshall(before) }),
        ...(after !== undefined && { NewImage: marshall(after) }),
        SequenceNumber: sequence,
        StreamViewType: "NEW_AND_OLD_IMAGES",
      },
      ...(cause.cause === "ttl" && {
        userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
      }),
    } as DynamoDBRecord;
    return { pk, before, after, cause, ...at, record };
  }
}

/** What running transactions have done to items between two states. */
function appliedParts(before: Database, after: Database) {
  return before.running.flatMap(({ token, parts }) => {
    const left = after.running.find((running) => running.token === token)?.parts ?? [];
    const gone = parts.filter((part) => !left.includes(part));
    return gone.flatMap(({ place, change }) =>
      change === "check" ? [] : [{ token, place, after: change.after }],
    );
  });
}
