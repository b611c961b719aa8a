type Json = Readonly<Record<string, unknown>>;

/** A batch as it goes on to the database, `undefined` where nothing of it does; and what stays behind. */
export interface SplitBatch {
  readonly passed: Json | undefined;
  /** In the form of `RequestItems`, as `UnprocessedItems` and `UnprocessedKeys` have it too. */
  readonly left: Json | undefined;
}

interface KeysOfTable {
  readonly Keys: readonly unknown[];
}

/**
 * Takes the entries of a `BatchWriteItem` or `BatchGetItem` for which `leaves` says so, counted through all
 * tables, out of it.
 * @throws TypeError for any other operation.
 */
export function splitBatch(operation: string, body: Json, leaves: (index: number) => boolean): SplitBatch {
  const requested = body["RequestItems"] as Readonly<Record<string, unknown>>;
  const passed: Record<string, unknown> = {};
  const left: Record<string, unknown> = {};
  let index = 0;
  for (const [table, ofTable] of Object.entries(requested)) {
    const entries = entriesOf(operation, ofTable);
    const marked = entries.map((entry) => ({ entry, stays: leaves(index++) }));
    const put = (into: Record<string, unknown>, stays: boolean): void => {
      const some = marked.filter((each) => each.stays === stays).map(({ entry }) => entry);
      if (some.length > 0) into[table] = withEntries(operation, ofTable, some);
    };
    put(passed, false);
    put(left, true);
  }
  const isEmpty = (part: object): boolean => Object.keys(part).length === 0;
  return {
    passed: isEmpty(passed) ? undefined : { ...body, RequestItems: passed },
    left: isEmpty(left) ? undefined : left,
  };
}

/** The answer to a batch of which something stayed behind. */
export function withUnprocessed(operation: string, answer: Json, left: Json): Json {
  return operation === "BatchWriteItem"
    ? { ...answer, UnprocessedItems: left }
    : { Responses: {}, ...answer, UnprocessedKeys: left };
}

function entriesOf(operation: string, ofTable: unknown): readonly unknown[] {
  if (operation === "BatchWriteItem") return ofTable as readonly unknown[];
  if (operation === "BatchGetItem") return (ofTable as KeysOfTable).Keys;
  throw new TypeError(`${operation} is no batch`);
}

const withEntries = (operation: string, ofTable: unknown, entries: readonly unknown[]): unknown =>
  operation === "BatchWriteItem" ? entries : { ...(ofTable as KeysOfTable), Keys: entries };
