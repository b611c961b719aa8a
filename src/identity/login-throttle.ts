import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { CommitCheck } from "../sessions/commit.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import type { DeviceId } from "../sessions/session.ts";
import { createFailureCounters, type Reservation } from "./failure-counters.ts";
import { deviceKey } from "./sign-in-table.ts";
import { addressSubject, deviceFailures, deviceSubject, userSubject } from "./throttle-keys.ts";
import { ADDRESS_RULE, DEVICE_RULE, USER_RULE } from "./throttle-rules.ts";

/** Where an attempt comes from. */
export interface AttemptOrigin {
  readonly address?: string | undefined;
  /** What the request's device cookie says. */
  readonly device?: DeviceId | undefined;
}

/** An attempt that may be made, and counts as failed until it is told otherwise. */
export interface Attempt {
  /** Whether the next ones have to wait if this one fails, which so far they had not. */
  readonly throttles: boolean;
  /** The password was right. */
  succeeded(): Promise<void>;
  /** The password was never checked. */
  abandoned(): Promise<void>;
}

export type Admission =
  | { readonly outcome: "admitted"; readonly attempt: Attempt }
  | { readonly outcome: "throttled"; readonly waitMs: number };

/**
 * Slows down guessing of passwords (OWASP Authentication Cheat Sheet, NIST SP 800-63B-4 section 3.2.2)
 * without locking anybody out: waits are capped and end by themselves, and a device on which the user has
 * signed in before is let through, with failures of its own, whatever strangers do to the user's name or to
 * the address they share. User names are counted whether or not anybody has them, so that a throttle tells of
 * no user. Every method throws StoreUnavailableError where the database did not answer: then nobody may try.
 */
export interface LoginThrottle {
  /** Counts the attempt as failed, if it may be made at all. */
  admit(userName: string, origin: AttemptOrigin): Promise<Admission>;
  /**
   * As a part of the login's own commit: remembers the device, for a year, as one that this user has signed
   * in on.
   */
  remember(userName: string, device: DeviceId): CommitCheck;
}

export interface LoginThrottleDependencies {
  readonly documents: DocumentClient;
  /** The sign-in table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** As long as the device keeps its cookie; each login renews it. */
const REMEMBERED_MS = 365 * 24 * 60 * 60 * 1000;

export function createLoginThrottle(dependencies: LoginThrottleDependencies): LoginThrottle {
  const { documents, tableName, clock } = dependencies;
  const counters = createFailureCounters(dependencies);

  async function isRemembered(subject: string): Promise<boolean> {
    const input = { TableName: tableName, Key: deviceKey(subject), ConsistentRead: true };
    const { Item } = await reading(() => documents.send(new GetCommand(input)));
    // TTL deletes late.
    return Item !== undefined && clock() < (Item as { rememberedUntil: number }).rememberedUntil;
  }

  async function admitDevice(subject: string): Promise<Admission> {
    const counted = await counters.reserve(deviceFailures(subject), DEVICE_RULE);
    if (counted.outcome === "wait") return { outcome: "throttled", waitMs: counted.waitMs };
    return admitted({
      throttles: counted.reservation.isLastFree,
      succeeded: () => counters.reset(counted.reservation.subject),
      abandoned: () => counters.release(counted.reservation),
    });
  }

  /** The address first: who has used it up must not take a user's turns as well. */
  async function admitUnknownDevice(userName: string, address: string | undefined): Promise<Admission> {
    const fromAddress = await counters.reserve(addressSubject(address), ADDRESS_RULE);
    if (fromAddress.outcome === "wait") return { outcome: "throttled", waitMs: fromAddress.waitMs };
    const ofUser = await counters.reserve(userSubject(userName), USER_RULE);
    if (ofUser.outcome === "wait") {
      await counters.release(fromAddress.reservation);
      return { outcome: "throttled", waitMs: ofUser.waitMs };
    }
    const both: readonly Reservation[] = [fromAddress.reservation, ofUser.reservation];
    return admitted({
      throttles: both.some(({ isLastFree }) => isLastFree),
      // An address keeps its other failures: one's own account must not buy free attempts on those of others.
      succeeded: () =>
        all([counters.reset(ofUser.reservation.subject), counters.release(fromAddress.reservation)]),
      abandoned: () => all(both.map((reservation) => counters.release(reservation))),
    });
  }

  return {
    async admit(userName, { address, device }) {
      if (device !== undefined) {
        const subject = deviceSubject(userName, device);
        if (await isRemembered(subject)) return admitDevice(subject);
      }
      return admitUnknownDevice(userName, address);
    },

    remember(userName, device) {
      const rememberedUntil = clock() + REMEMBERED_MS;
      return {
        name: "remember-device",
        action: {
          Put: {
            TableName: tableName,
            Item: {
              ...deviceKey(deviceSubject(userName, device)),
              rememberedUntil,
              ttl: ttlOf(rememberedUntil),
            },
          },
        },
      };
    },
  };
}

const admitted = (attempt: Attempt): Admission => ({ outcome: "admitted", attempt });

async function all(changes: readonly Promise<void>[]): Promise<void> {
  await Promise.all(changes);
}
