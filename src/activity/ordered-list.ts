import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import type { Item } from "./items.ts";
import type { BY_LIST_INDEX, BY_USER_INDEX } from "./table.ts";

/** One partition of an index, read from its newest item on. */

export interface ListDependencies {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
}

export interface OrderedList {
  readonly index: typeof BY_USER_INDEX | typeof BY_LIST_INDEX;
  readonly partition: string;
  /** The lowest place and the highest. */
  readonly from: string;
  readonly to: string;
}

/** What is left out: `names` and `values` are those of the expression. */
export interface ListFilter {
  readonly expression: string;
  readonly names: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Items of a list, the highest place first, and whether there may be more below. */
export interface ListPart {
  readonly items: readonly Item[];
  /** Where to go on: everything above was looked at, this place too. */
  readonly next: string | undefined;
}

export interface PartRequest {
  /** How many items are looked at. */
  readonly limit: number;
  /** Items at this place and above are left out. */
  readonly below?: string | undefined;
  readonly filter?: ListFilter | undefined;
}

/** @throws StoreUnavailableError */
export async function readPart(
  { documents, tableName }: ListDependencies,
  { index, partition, from, to }: OrderedList,
  { limit, below, filter }: PartRequest,
): Promise<ListPart> {
  const highest = below !== undefined && below < to ? below : to;
  if (highest < from) return { items: [], next: undefined };
  const answer = await reading(() =>
    documents.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index.name,
        KeyConditionExpression: "#partition = :partition AND #place BETWEEN :from AND :highest",
        ...(filter && { FilterExpression: filter.expression }),
        ExpressionAttributeNames: {
          "#partition": index.partitionKey,
          "#place": index.sortKey,
          ...filter?.names,
        },
        ExpressionAttributeValues: {
          ":partition": partition,
          ":from": from,
          ":highest": highest,
          ...filter?.values,
        },
        ScanIndexForward: false,
        // The one at `below` is among them.
        Limit: limit + (below === undefined ? 0 : 1),
      }),
    ),
  );
  const items = (answer.Items ?? []).filter((item) => placeIn(item) !== below);
  const last = answer.LastEvaluatedKey;
  return { items, next: last === undefined ? undefined : placeIn(last) };
}

/** The place of an item of an index, or of a key. */
export const placeIn = (item: Item): string => item["order"] as string;
