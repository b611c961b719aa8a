import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  addUnits,
  NO_UNITS,
  readUnits,
  writeUnits,
  type IndexShape,
  type ReadKind,
  type Units,
  type WireItem,
} from "./units.ts";

/** One request of the SDK and what it cost. */
export interface CountedRequest {
  /** `GetItem`, `TransactWriteItems`, … */
  readonly operation: string;
  readonly status: number;
  /** Keys, items or actions in it; 1 but for batches and transactions. */
  readonly entries: number;
  readonly units: Units;
}

export interface Passed<T> {
  readonly result: T;
  readonly requests: CountedRequest[];
  /** Requests one after the other: what was under way at the same time counts once. */
  readonly roundTrips: number;
}

/**
 * A proxy before DynamoDB Local that counts what passes. It reads each item before and after, so nothing is
 * timed through it.
 */
export interface CountingProxy {
  readonly endpoint: string;
  /** What passed while `action` ran, in the order of the answers. */
  during<T>(action: () => Promise<T>): Promise<Passed<T>>;
  stop(): Promise<void>;
}

/** The indexes of each table that is written to, by its name. */
export type TableShapes = (tableName: string) => readonly IndexShape[];

interface KeyedWrite {
  readonly table: string;
  readonly key: WireItem;
}

type Body = Readonly<Record<string, unknown>>;

/**
 * @param keyNames the names of the partition keys of the tables that are written to; none of them has a sort
 * key.
 */
export async function startCountingProxy(
  databaseEndpoint: string,
  shapes: TableShapes,
  keyNames: readonly string[] = ["pk"],
): Promise<CountingProxy> {
  let requests: CountedRequest[] = [];
  let roundTrips = 0;
  let underWay = 0;

  const ask = (headers: Record<string, string>, body: Body): Promise<Response> =>
    fetch(databaseEndpoint, { method: "POST", headers, body: JSON.stringify(body) });

  const count = async (
    incoming: IncomingMessage,
    headers: Record<string, string>,
  ): Promise<{ readonly status: number; readonly answer: string }> => {
    const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
    const body = JSON.parse(await text(incoming)) as Body;
    const writes = writesOf(operation, body, keyNames);
    const read = (written: KeyedWrite): Promise<WireItem | undefined> => readItem(ask, headers, written);
    const before = await Promise.all(writes.map(read));
    const answered = await ask(headers, {
      ...body,
      ...(/^(Query|Scan)$/.test(operation) && { ReturnConsumedCapacity: "TOTAL" }),
    });
    const answer = await answered.text();
    const after = await Promise.all(writes.map(read));
    const kind = operation === "TransactWriteItems" ? "transactional" : "plain";
    const written = writes.map(({ table }, index) =>
      writeUnits(before[index], after[index], shapes(table), kind),
    );
    const units = [...written, ...readsOf(operation, body, JSON.parse(answer) as Body)];
    requests.push({
      operation,
      status: answered.status,
      entries: units.length,
      units: units.reduce(addUnits, NO_UNITS),
    });
    return { status: answered.status, answer };
  };

  const server = createServer((incoming, outgoing) => {
    const headers = Object.fromEntries(
      ["content-type", "x-amz-target", "authorization", "x-amz-date"].map((name) => [
        name,
        String(incoming.headers[name]),
      ]),
    );
    if (underWay++ === 0) roundTrips++;
    const counted = count(incoming, headers).finally(() => underWay--);
    counted.then(
      ({ status, answer }) =>
        outgoing
          .writeHead(status, {
            "content-type": "application/x-amz-json-1.0",
            "content-length": Buffer.byteLength(answer),
          })
          .end(answer),
      () => incoming.socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async during(action) {
      requests = [];
      roundTrips = 0;
      const result = await action();
      return { result, requests, roundTrips };
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Sums what passed. */
export const totalUnits = (requests: readonly CountedRequest[]): Units =>
  requests.map(({ units }) => units).reduce(addUnits, NO_UNITS);

/** How many of each kind: `{ GetItem: 1, TransactWriteItems: 1 }`. */
export function requestsByKind(requests: readonly CountedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

async function readItem(
  ask: (headers: Record<string, string>, body: Body) => Promise<Response>,
  headers: Record<string, string>,
  { table, key }: KeyedWrite,
): Promise<WireItem | undefined> {
  const answer = await ask(
    { ...headers, "x-amz-target": "DynamoDB_20120810.GetItem" },
    { TableName: table, Key: key, ConsistentRead: true },
  );
  return ((await answer.json()) as { Item?: WireItem }).Item;
}

interface WireAction {
  readonly TableName: string;
  readonly Key?: WireItem;
  readonly Item?: WireItem;
}

function writesOf(operation: string, body: Body, keyNames: readonly string[]): KeyedWrite[] {
  const keyOf = ({ Key: key, Item: item }: Pick<WireAction, "Key" | "Item">): WireItem =>
    key ?? Object.fromEntries(Object.entries(item ?? {}).filter(([name]) => keyNames.includes(name)));
  switch (operation) {
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem": {
      const action = body as unknown as WireAction;
      return [{ table: action.TableName, key: keyOf(action) }];
    }
    case "TransactWriteItems":
      return (body["TransactItems"] as Record<string, WireAction>[])
        .flatMap((entry) => Object.values(entry))
        .map((action) => ({ table: action.TableName, key: keyOf(action) }));
    case "BatchWriteItem":
      return Object.entries(
        body["RequestItems"] as Record<string, Record<string, Pick<WireAction, "Key" | "Item">>[]>,
      ).flatMap(([table, entries]) =>
        entries.flatMap((entry) => Object.values(entry)).map((action) => ({ table, key: keyOf(action) })),
      );
    default:
      return [];
  }
}

function readsOf(operation: string, body: Body, answer: Body): Units[] {
  switch (operation) {
    case "GetItem":
      return [readUnits(answer["Item"] as WireItem | undefined, consistency(body))];
    case "TransactGetItems":
      return ((answer["Responses"] as { Item?: WireItem }[] | undefined) ?? []).map(({ Item: item }) =>
        readUnits(item, "transactional"),
      );
    case "BatchGetItem":
      return Object.entries(body["RequestItems"] as Record<string, { Keys: WireItem[] }>).flatMap(
        ([table, asked]) => {
          const found = (answer["Responses"] as Record<string, WireItem[]> | undefined)?.[table] ?? [];
          return asked.Keys.map((_, index) => readUnits(found[index], consistency(asked)));
        },
      );
    case "Query":
    case "Scan": {
      // By the sum of what was looked at, which the answer does not show: here the database's own figure is
      // the source.
      const { CapacityUnits: reads } = answer["ConsumedCapacity"] as { CapacityUnits: number };
      return [{ ...NO_UNITS, reads }];
    }
    default:
      return [];
  }
}

const consistency = (request: object): ReadKind =>
  (request as { ConsistentRead?: boolean }).ConsistentRead === true ? "consistent" : "eventual";
