/** An attribute value and an item as they go over the wire: `{ "S": "text" }`. */
export type WireValue = Readonly<Record<string, unknown>>;
export type WireItem = Readonly<Record<string, WireValue>>;

/** One item that a request puts, or one key that it deletes. */
export interface PassedWrite {
  readonly table: string;
  /** The value of the partition key of the sessions or the sign-in table. */
  readonly pk: string;
  /** Absent for a delete. */
  readonly item?: WireItem;
}

interface Action {
  readonly TableName: string;
  readonly Item?: WireItem;
  readonly Key?: WireItem;
}

interface BatchEntry {
  readonly PutRequest?: Pick<Action, "Item">;
  readonly DeleteRequest?: Pick<Action, "Key">;
}

/**
 * The puts and deletes in a request's body; updates and condition checks are none. Items without a `pk` are
 * left out.
 */
export function writesIn(operation: string, body: Readonly<Record<string, unknown>>): PassedWrite[] {
  return actionsIn(operation, body).flatMap(({ TableName: table, Item: item, Key: key }) => {
    const pk = (item ?? key)?.["pk"]?.["S"];
    return typeof pk === "string" ? [{ table, pk, ...(item !== undefined && { item }) }] : [];
  });
}

function actionsIn(operation: string, body: Readonly<Record<string, unknown>>): Action[] {
  switch (operation) {
    case "PutItem":
    case "DeleteItem":
      return [body as unknown as Action];
    case "TransactWriteItems":
      return (body["TransactItems"] as { Put?: Action; Delete?: Action }[]).flatMap(
        ({ Put: put, Delete: deletion }) => put ?? deletion ?? [],
      );
    case "BatchWriteItem":
      return Object.entries(body["RequestItems"] as Record<string, BatchEntry[]>).flatMap(
        ([table, entries]) =>
          entries.map((entry) => ({ TableName: table, ...entry.PutRequest, ...entry.DeleteRequest })),
      );
    default:
      return [];
  }
}
