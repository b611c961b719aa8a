import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onlyReads, readUnits, sumOfUnits, writeUnits } from "./units.ts";
import type { IndexShape, ReadKind, Units, WireItem } from "./units.ts";

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

/** A request's or an answer's body, as far as it is looked at. */
interface Body {
  readonly TransactItems?: readonly Readonly<Record<string, WireAction>>[];
  readonly RequestItems?: Readonly<Record<string, unknown>>;
  readonly Responses?: unknown;
  readonly Item?: WireItem;
  readonly ConsistentRead?: boolean;
  readonly ConsumedCapacity?: { readonly CapacityUnits: number };
}
interface WireAction {
  readonly TableName: string;
  readonly Key?: WireItem;
  readonly Item?: WireItem;
}

const JSON_TYPE = "application/x-amz-json-1.0";

/** @param keyNames the names of the keys of the tables that are written to. */
export async function startCountingProxy(
  databaseEndpoint: string,
  shapes: TableShapes,
  keyNames: readonly string[] = ["pk"],
): Promise<CountingProxy> {
  let requests: CountedRequest[] = [];
  let roundTrips = 0;
  let underWay = 0;

  async function count(incoming: IncomingHttpHeaders, body: Body) {
    const target = String(incoming["x-amz-target"]);
    const operation = target.split(".")[1] ?? "";
    const ask = (operationTarget: string, asked: object): Promise<Response> =>
      fetch(databaseEndpoint, {
        method: "POST",
        headers: {
          "content-type": JSON_TYPE,
          "x-amz-target": operationTarget,
          authorization: String(incoming.authorization),
          "x-amz-date": String(incoming["x-amz-date"]),
        },
        body: JSON.stringify(asked),
      });
    const itemOf = async ({ TableName, Key, Item = {} }: WireAction): Promise<WireItem | undefined> => {
      const named = Object.entries(Item).filter(([name]) => keyNames.includes(name));
      const key = { TableName, Key: Key ?? Object.fromEntries(named), ConsistentRead: true };
      return ((await (await ask("DynamoDB_20120810.GetItem", key)).json()) as Body).Item;
    };
    const writes = writesOf(operation, body);
    const before = await Promise.all(writes.map(itemOf));
    const counts = /^(Query|Scan)$/.test(operation) && { ReturnConsumedCapacity: "TOTAL" };
    const answered = await ask(target, { ...body, ...counts });
    const answer = await answered.text();
    const after = await Promise.all(writes.map(itemOf));
    const kind = operation === "TransactWriteItems" ? "transactional" : "plain";
    const all = [
      ...writes.map(({ TableName }, index) =>
        writeUnits(before[index], after[index], shapes(TableName), kind),
      ),
      ...readsOf(operation, body, JSON.parse(answer) as Body),
    ];
    return { operation, status: answered.status, entries: all.length, units: sumOfUnits(all), answer };
  }

  const server = createServer((incoming, outgoing) => {
    if (underWay++ === 0) roundTrips++;
    json(incoming)
      .then((body) => count(incoming.headers, body as Body))
      .finally(() => underWay--)
      .then(
        ({ answer, ...counted }) => {
          requests.push(counted);
          const headers = { "content-type": JSON_TYPE, "content-length": Buffer.byteLength(answer) };
          outgoing.writeHead(counted.status, headers).end(answer);
        },
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
  sumOfUnits(requests.map(({ units }) => units));

/** How many of each kind: `{ GetItem: 1, TransactWriteItems: 1 }`. */
export function requestsByKind(requests: readonly CountedRequest[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { operation } of requests) counts[operation] = (counts[operation] ?? 0) + 1;
  return counts;
}

function writesOf(operation: string, body: Body): WireAction[] {
  switch (operation) {
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
      return [body as WireAction];
    case "TransactWriteItems":
      return (body.TransactItems ?? []).flatMap((entry) => Object.values(entry));
    case "BatchWriteItem":
      return Object.entries(body.RequestItems ?? {}).flatMap(([TableName, entries]) =>
        (entries as Record<string, Omit<WireAction, "TableName">>[])
          .flatMap((entry) => Object.values(entry))
          .map((action) => ({ ...action, TableName })),
      );
    default:
      return [];
  }
}

function readsOf(operation: string, body: Body, answer: Body): Units[] {
  switch (operation) {
    case "GetItem":
      return [readUnits(answer.Item, consistency(body))];
    case "TransactGetItems":
      return ((answer.Responses ?? []) as { Item?: WireItem }[]).map(({ Item }) =>
        readUnits(Item, "transactional"),
      );
    case "BatchGetItem": {
      const found = (answer.Responses ?? {}) as Record<string, WireItem[] | undefined>;
      return Object.entries(body.RequestItems ?? {}).flatMap(([table, asked]) =>
        (asked as { Keys: WireItem[] }).Keys.map((_, index) =>
          readUnits(found[table]?.[index], consistency(asked as Body)),
        ),
      );
    }
    case "Query":
    case "Scan":
      // By the sum of what was looked at, which the answer does not show: here the database's own figure is
      // the source.
      return [onlyReads(answer.ConsumedCapacity?.CapacityUnits ?? NaN)];
    default:
      return [];
  }
}

const consistency = ({ ConsistentRead }: Body): ReadKind =>
  ConsistentRead === true ? "consistent" : "eventual";
