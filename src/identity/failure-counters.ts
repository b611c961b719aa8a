import { DeleteCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { conditionalWrite, type ConditionalWrite } from "../dynamodb/conditional-write.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { faultKind } from "../dynamodb/faults.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import { failuresKey } from "./sign-in-table.ts";
import {
  isForgotten,
  waitLeft,
  withAttempt,
  type FailureCounter,
  type ThrottleRule,
} from "./throttle-rules.ts";

/** An attempt that was counted before it was made. */
export interface Reservation {
  readonly subject: string;
  /** When it was counted (epoch milliseconds). */
  readonly at: number;
  /** When the attempt before it was counted, where there was one. */
  readonly previousAt: number | undefined;
  /** Whether it is the last one that need not wait: should it fail, the next ones have to. */
  readonly isLastFree: boolean;
}

export type ReserveOutcome =
  | { readonly outcome: "reserved"; readonly reservation: Reservation }
  | { readonly outcome: "wait"; readonly waitMs: number };

/**
 * Counters of failed attempts, an item each. An attempt is counted *before* its password is checked, by a
 * conditional update: a hundred at once are counted one after the other, and only those within the rule are
 * ever made. Where an answer is lost the client sends again and one attempt may count twice, which errs on
 * the safe side. Every method throws {@link StoreUnavailableError} where the database did not answer: then
 * nobody may try.
 */
export interface FailureCounters {
  reserve(subject: string, rule: ThrottleRule): Promise<ReserveOutcome>;
  /**
   * Takes an attempt back that was no failure; the wait is again the one before it, unless others came since.
   */
  release(reservation: Reservation): Promise<void>;
  /** Forgets all failures, and all attempts under way with them. */
  reset(subject: string): Promise<void>;
}

export interface FailureCountersDependencies {
  readonly documents: DocumentClient;
  /** The sign-in table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Each round lost means that another attempt got through, and few may at a time: this many never come to
 * pass.
 */
const MOST_ROUNDS = 20;

/** `ttl` is a reserved word of DynamoDB. */
const TTL_NAME = { "#ttl": "ttl" };
const IS_FREE = "attribute_not_exists(pk) OR (failures < :freeAttempts AND forgottenAt > :now)";
const IS_AS_SEEN = "failures = :seenFailures AND lastAt = :seenAt";
const IS_COUNTED = "failures > :none";
const IS_LAST = "lastAt = :at";
const COUNT_FREE = {
  "first-failure":
    "SET lastAt = :now, forgottenAt = if_not_exists(forgottenAt, :forgottenAt), " +
    "#ttl = if_not_exists(#ttl, :ttl) ADD failures :one",
  "last-failure": "SET lastAt = :now, forgottenAt = :forgottenAt, #ttl = :ttl ADD failures :one",
} as const satisfies Record<ThrottleRule["forgetsAfter"], string>;

/** What an update is made of, besides the item that it is for. */
type Update = Omit<UpdateCommandInput, "TableName" | "Key">;

const ANSWERED_WITH_OLD = {
  ReturnValues: "UPDATED_OLD",
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
} as const;

/**
 * Counts an attempt that need not wait, whatever the count is: free attempts at once do not get in each
 * other's way.
 */
function countFree(rule: ThrottleRule, now: number): Update {
  const { forgottenAt } = withAttempt(rule, undefined, now);
  return {
    ConditionExpression: IS_FREE,
    UpdateExpression: COUNT_FREE[rule.forgetsAfter],
    ExpressionAttributeNames: TTL_NAME,
    ExpressionAttributeValues: {
      ":freeAttempts": rule.freeAttempts,
      ":now": now,
      ":forgottenAt": forgottenAt,
      ":ttl": ttlOf(forgottenAt),
      ":one": 1,
    },
    ...ANSWERED_WITH_OLD,
  };
}

/**
 * Counts an attempt on a counter that was looked at: it has waited its time, or all is forgotten. One at a
 * time gets through.
 */
function countSeen(rule: ThrottleRule, seen: FailureCounter, now: number): Update {
  const next = withAttempt(rule, seen, now);
  return {
    ConditionExpression: IS_AS_SEEN,
    UpdateExpression: "SET failures = :failures, lastAt = :now, forgottenAt = :forgottenAt, #ttl = :ttl",
    ExpressionAttributeNames: TTL_NAME,
    ExpressionAttributeValues: {
      ":seenFailures": seen.failures,
      ":seenAt": seen.lastAt,
      ":failures": next.failures,
      ":now": now,
      ":forgottenAt": next.forgottenAt,
      ":ttl": ttlOf(next.forgottenAt),
    },
    ...ANSWERED_WITH_OLD,
  };
}

/** Takes one attempt back: the last of all, where its times are given, else any. */
function takeBack(last?: { readonly at: number; readonly previousAt: number }): Update {
  return {
    ConditionExpression: last === undefined ? IS_COUNTED : `${IS_COUNTED} AND ${IS_LAST}`,
    UpdateExpression: `${last === undefined ? "" : "SET lastAt = :previousAt "}ADD failures :minusOne`,
    ExpressionAttributeValues: {
      ":none": 0,
      ":minusOne": -1,
      ...(last !== undefined && { ":at": last.at, ":previousAt": last.previousAt }),
    },
  };
}

export function createFailureCounters(dependencies: FailureCountersDependencies): FailureCounters {
  const { documents, tableName, clock } = dependencies;
  const target = (subject: string) => ({ TableName: tableName, Key: failuresKey(subject) });
  const update = (subject: string, what: Update) =>
    updating(() => documents.send(new UpdateCommand({ ...target(subject), ...what })));

  return {
    async reserve(subject, rule) {
      let seen: FailureCounter | undefined;
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const now = clock();
        const waitMs = waitLeft(rule, seen, now);
        if (waitMs > 0) return { outcome: "wait", waitMs };
        const isFree = seen === undefined || (seen.failures < rule.freeAttempts && !isForgotten(seen, now));
        const count = seen === undefined || isFree ? countFree(rule, now) : countSeen(rule, seen, now);
        const answer = await update(subject, count);
        if (answer.result === "written") {
          const { lastAt: previousAt, failures: before = 0 } = (answer.output.Attributes ??
            {}) as Partial<FailureCounter>;
          const failures = isFree ? before + 1 : withAttempt(rule, seen, now).failures;
          const isLastFree = failures === rule.freeAttempts;
          return { outcome: "reserved", reservation: { subject, at: now, previousAt, isLastFree } };
        }
        seen = answer.item as FailureCounter | undefined;
      }
      throw new StoreUnavailableError("too many login attempts of one kind at once", { effect: "none" });
    },

    async release({ subject, at, previousAt }) {
      if (previousAt !== undefined) {
        const answer = await update(subject, takeBack({ at, previousAt }));
        if (answer.result === "written") return;
      }
      // A counter that was reset or forgotten in between has nothing to take back.
      await update(subject, takeBack());
    },

    async reset(subject) {
      await updating(() => documents.send(new DeleteCommand(target(subject))));
    },
  };
}

/** Nobody is signed in by a counter, so whatever happened to it, the login's own effect is `none`. */
async function updating<T>(update: () => Promise<T>): Promise<ConditionalWrite<T>> {
  try {
    return await conditionalWrite(update);
  } catch (cause) {
    if (faultKind(cause) === "fault") throw cause;
    throw new StoreUnavailableError("DynamoDB did not count a login attempt", { effect: "none", cause });
  }
}
