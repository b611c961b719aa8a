import { DeleteCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import { failuresKey } from "./sign-in-table.ts";
import { addressSubject, deviceFailures, devicesPrefix, networkOf, userSubject } from "./throttle-keys.ts";
import {
  ADDRESS_RULE,
  DEVICE_RULE,
  USER_RULE,
  waitLeft,
  type FailureCounter,
  type ThrottleRule,
} from "./throttle-rules.ts";

/** A counter that was cleared. */
export interface ClearedCounter {
  readonly failures: number;
  /** How much longer the next attempt would have had to wait, in milliseconds. */
  readonly waitMs: number;
}

/** What held somebody up. */
export interface ClearedUser {
  /** By the user's name, from devices that are not known. */
  readonly name: ClearedCounter | undefined;
  /** On devices that the user has signed in on before; each has a counter of its own. */
  readonly devices: readonly ClearedCounter[];
}

/**
 * Clears counters of failed attempts, so that the next attempt need not wait. An attempt under way is then no
 * failure. Every method throws StoreUnavailableError where the database did not answer; doing the same again
 * is safe.
 */
export interface Unlocking {
  /**
   * The counters of a user's name and devices. Reads the whole sign-in table, since the devices are known by
   * hash only.
   */
  unlockUser(userName: string): Promise<ClearedUser>;
  /** The counter of everybody who comes from the address; of an IPv6 address, from its /64 network. */
  unlockAddress(address: string): Promise<{
    readonly network: string;
    readonly cleared: ClearedCounter | undefined;
  }>;
}

export interface UnlockingDependencies {
  readonly documents: DocumentClient;
  /** The sign-in table. */
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

export function createUnlocking({ documents, tableName, clock }: UnlockingDependencies): Unlocking {
  /** A counter that says nothing any more is cleared too, and is not told. */
  async function clear(
    key: ReturnType<typeof failuresKey>,
    rule: ThrottleRule,
  ): Promise<ClearedCounter | undefined> {
    const { Attributes } = await reading(() =>
      documents.send(new DeleteCommand({ TableName: tableName, Key: key, ReturnValues: "ALL_OLD" })),
    );
    const counter = Attributes as FailureCounter | undefined;
    if (counter === undefined || counter.failures === 0 || clock() >= counter.forgottenAt) return undefined;
    return { failures: counter.failures, waitMs: waitLeft(rule, counter, clock()) };
  }

  async function deviceKeys(userName: string): Promise<ReturnType<typeof failuresKey>[]> {
    const input = {
      TableName: tableName,
      ConsistentRead: true,
      FilterExpression: "begins_with(pk, :prefix)",
      ProjectionExpression: "pk",
      ExpressionAttributeValues: { ":prefix": failuresKey(deviceFailures(devicesPrefix(userName))).pk },
    };
    const keys: ReturnType<typeof failuresKey>[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const command = new ScanCommand({ ...input, ...(from !== undefined && { ExclusiveStartKey: from }) });
      const page = await reading(() => documents.send(command));
      keys.push(...((page.Items ?? []) as ReturnType<typeof failuresKey>[]));
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
    return keys;
  }

  return {
    async unlockUser(userName) {
      const name = await clear(failuresKey(userSubject(userName)), USER_RULE);
      const keys = await deviceKeys(userName);
      const devices = await Promise.all(keys.map(({ pk }) => clear({ pk }, DEVICE_RULE)));
      return { name, devices: devices.filter((cleared) => cleared !== undefined) };
    },

    async unlockAddress(address) {
      const cleared = await clear(failuresKey(addressSubject(address)), ADDRESS_RULE);
      return { network: networkOf(address), cleared };
    },
  };
}
