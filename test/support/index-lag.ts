import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX, PARTITION_KEY } from "../../src/sessions/table.ts";
import type { Fault, PassingRequest } from "./dynamodb-proxy.ts";
import { writesIn, type WireItem } from "./passed-writes.ts";

/** An item of a table, and since when it is there or not there any more (milliseconds of the clock given). */
interface Change {
  readonly item: WireItem;
  readonly at: number;
}

type Answer = Readonly<Record<string, unknown>>;

/**
 * Indexes that are some time behind their table, as a global secondary index of DynamoDB may be: an item put
 * a moment ago is missing from them, and one deleted a moment ago is still there. It knows of the writes that
 * it is shown, so one of these belongs to all proxies before a table.
 */
export class IndexLag {
  readonly #clock: () => number;
  readonly #present = new Map<string, Change>();
  readonly #deleted = new Map<string, Change>();

  /** @param clock milliseconds that do not go back. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Remembers what a request that the database carried out changes. */
  noteCarriedOut({ operation }: PassingRequest, body: Readonly<Record<string, unknown>>): void {
    const at = this.#clock();
    for (const { pk, item } of writesIn(operation, body)) {
      const before = this.#present.get(pk);
      if (item !== undefined) {
        this.#present.set(pk, { item, at: before?.at ?? at });
        this.#deleted.delete(pk);
      } else if (before !== undefined) {
        this.#present.delete(pk);
        this.#deleted.set(pk, { item: before.item, at });
      }
    }
  }

  /**
   * What becomes of a request's answer where the indexes are `lagMs` behind; `undefined` where it reads no
   * index.
   */
  faultFor({ operation, body }: PassingRequest, lagMs: number): Fault | undefined {
    const index = [BY_USER_INDEX, ENDINGS_BY_USER_INDEX].find(({ name }) => name === body["IndexName"]);
    if (index === undefined || (operation !== "Query" && operation !== "Scan")) return undefined;
    return { fault: "rewrite-answer", rewrite: (answer) => this.#asOf(lagMs, index, body, answer) };
  }

  #asOf(lagMs: number, index: Index, body: Answer, answer: Answer): Answer {
    const then = this.#clock() - lagMs;
    const found = (answer["Items"] as readonly WireItem[]).filter(
      (item) => (this.#present.get(keyOf(item))?.at ?? -Infinity) <= then,
    );
    // Deleted after the index was asked, and before its answer came: it is found and not there any more.
    const isFound = new Set(found.map(keyOf));
    const asked = Object.values((body["ExpressionAttributeValues"] ?? {}) as WireItem).map(
      ({ S: text }) => text,
    );
    const stillThere = [...this.#deleted.values()]
      .filter(
        ({ item, at }) => at > then && item[index.partitionKey] !== undefined && !isFound.has(keyOf(item)),
      )
      .filter(({ item }) => asked.length === 0 || asked.includes(item[index.partitionKey]?.["S"]))
      .map(({ item }) => (index === BY_USER_INDEX ? keysOf(item, index) : item));
    const forward = body["ScanIndexForward"] !== false;
    const time = (item: WireItem): number => Number(item[index.sortKey]?.["N"]);
    const Items = [...found, ...stillThere].sort((a, b) => (time(a) - time(b)) * (forward ? 1 : -1));
    return { ...answer, Items, Count: Items.length };
  }
}

type Index = typeof BY_USER_INDEX | typeof ENDINGS_BY_USER_INDEX;

const keyOf = (item: WireItem): string => String(item[PARTITION_KEY]?.["S"]);

/** This index holds keys only. */
const keysOf = (item: WireItem, { partitionKey, sortKey }: Index): WireItem =>
  Object.fromEntries(
    Object.entries(item).filter(([name]) => [PARTITION_KEY, partitionKey, sortKey].includes(name)),
  );
