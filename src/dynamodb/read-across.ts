import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import { Backoff, type BackoffDependencies } from "./backoff.ts";
import type { DocumentClient } from "./document-client.ts";
import { StoreUnavailableError } from "./errors.ts";
import { faultKind } from "./faults.ts";

type Item = Record<string, unknown>;

/** Where an item is; the partition key of all tables here. */
export interface ItemPlace {
  readonly tableName: string;
  readonly key: { readonly pk: string };
}

const READ_BACKOFF = { firstMs: 25, longestMs: 500, patienceMs: 4000 };

/**
 * Reads a few items of several tables in one request, consistently. Each is as of an instant of its own.
 * @returns what is in the places, in their order; `undefined` where there is nothing.
 * @throws {@link StoreUnavailableError} when the patience ends first.
 */
export async function readAcross(
  dependencies: BackoffDependencies & { readonly documents: DocumentClient },
  places: readonly ItemPlace[],
): Promise<(Item | undefined)[]> {
  const backoff = new Backoff(dependencies, READ_BACKOFF);
  const found = new Map<string, Item>();
  let left = requestFor(places);
  let cause: unknown;
  for (;;) {
    try {
      const answer = await dependencies.documents.send(new BatchGetCommand({ RequestItems: left }));
      for (const [tableName, items] of Object.entries(answer.Responses ?? {}))
        for (const item of items) found.set(nameOf(tableName, item["pk"]), item);
      left = (answer.UnprocessedKeys ?? {}) as typeof left;
      if (Object.keys(left).length === 0)
        return places.map(({ tableName, key }) => found.get(nameOf(tableName, key.pk)));
    } catch (error) {
      if (faultKind(error) === "fault") throw error;
      cause = error;
    }
    if ((await backoff.wait()) === "out-of-patience")
      throw new StoreUnavailableError("DynamoDB did not answer a read", { effect: "none", cause });
  }
}

function requestFor(places: readonly ItemPlace[]) {
  const tables = new Set(places.map(({ tableName }) => tableName));
  return Object.fromEntries(
    [...tables].map((table) => {
      const keys = places.filter(({ tableName }) => tableName === table).map(({ key }) => key);
      return [table, { Keys: keys, ConsistentRead: true }];
    }),
  );
}

const nameOf = (tableName: string, pk: unknown): string => JSON.stringify([tableName, pk]);
