import type { Item } from "./expression.ts";
import type { Place, Write } from "./database.ts";

/** A request of an operation to the database, in the order in which the operation sent them. */
export interface Request {
  readonly index: number;
  /** The command's name: `GetCommand`. */
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** The three tables' names. */
export const SESSIONS = "sessions";
export const USERS = "users";
export const SIGN_IN = "sign-in";

const KEY_OF: Readonly<Record<string, string>> = { [SESSIONS]: "pk", [USERS]: "userName", [SIGN_IN]: "pk" };

interface Action {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
}

/** Where an item with this key, or this item, is. */
export function placeOf(table: string, item: Item): Place {
  const name = KEY_OF[table];
  const key = name === undefined ? undefined : item[name];
  if (typeof key !== "string") throw new TypeError(`no key of table "${table}" in ${JSON.stringify(item)}`);
  return `${table}|${key}`;
}

/** Items as the database keeps them: without what is undefined, as the product's client leaves it out. */
const stored = (item: Item): Item => JSON.parse(JSON.stringify(item)) as Item;

function writeOf(action: Action, kind: "check" | "delete" | "put" | "update"): Write {
  const { TableName, Key, Item: item, UpdateExpression, ...rest } = action;
  const key = (kind === "put" ? item : Key) ?? {};
  const place = placeOf(TableName, key);
  switch (kind) {
    case "check":
    case "delete":
      return { ...rest, place, change: kind };
    case "put":
      return { ...rest, place, change: { put: stored(key) } };
    case "update":
      return { ...rest, place, change: { set: UpdateExpression ?? "", key } };
  }
}

/** What a request asks for, in the model's words. */
export type Ask =
  | { readonly ask: "read"; readonly place: Place }
  | { readonly ask: "read-together"; readonly places: readonly Place[] }
  | { readonly ask: "read-each"; readonly keys: readonly { readonly table: string; readonly key: Item }[] }
  | { readonly ask: "write"; readonly write: Write }
  | { readonly ask: "write-together"; readonly writes: readonly Write[]; readonly token: string }
  | {
      readonly ask: "write-each";
      readonly table: string;
      readonly entries: readonly Item[];
      readonly writes: readonly Write[];
    };

interface BatchEntry {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

const asked = new WeakMap<Request, Ask>();

/** @throws TypeError for a command that the model does not know. */
export function askOf(request: Request): Ask {
  let ask = asked.get(request);
  if (ask === undefined) {
    ask = readAsk(request);
    asked.set(request, ask);
  }
  return ask;
}

function readAsk({ command, input }: Request): Ask {
  const action = input as unknown as Action;
  switch (command) {
    case "GetCommand":
      if (input["ConsistentRead"] !== true) throw new TypeError("the model knows consistent reads only");
      return { ask: "read", place: placeOf(action.TableName, action.Key ?? {}) };
    case "TransactGetCommand": {
      const items = input["TransactItems"] as readonly { readonly Get: Action }[];
      return { ask: "read-together", places: items.map(({ Get }) => placeOf(Get.TableName, Get.Key ?? {})) };
    }
    case "BatchGetCommand": {
      const tables = Object.entries(input["RequestItems"] as object) as [string, { Keys: readonly Item[] }][];
      const keys = tables.flatMap(([table, { Keys }]) => Keys.map((key) => ({ table, key })));
      return { ask: "read-each", keys };
    }
    case "UpdateCommand":
      return { ask: "write", write: writeOf(action, "update") };
    case "PutCommand":
      return { ask: "write", write: writeOf(action, "put") };
    case "DeleteCommand":
      return { ask: "write", write: writeOf(action, "delete") };
    case "TransactWriteCommand": {
      const items = input["TransactItems"] as readonly Readonly<Record<string, Action>>[];
      return {
        ask: "write-together",
        writes: items.map(transactWrite),
        token: input["ClientRequestToken"] as string,
      };
    }
    case "BatchWriteCommand": {
      const [[table, entries]] = Object.entries(input["RequestItems"] as object) as [
        [string, readonly BatchEntry[]],
      ];
      return {
        ask: "write-each",
        table,
        entries: entries as readonly Item[],
        writes: entries.map((e) => batchEntry(table, e)),
      };
    }
    default:
      throw new TypeError(`the model does not know ${command}`);
  }
}

function transactWrite(action: Readonly<Record<string, Action>>): Write {
  const { Put, Delete, Update, ConditionCheck } = action;
  if (Put !== undefined) return writeOf(Put, "put");
  if (Delete !== undefined) return writeOf(Delete, "delete");
  if (Update !== undefined) return writeOf(Update, "update");
  if (ConditionCheck !== undefined) return writeOf(ConditionCheck, "check");
  throw new TypeError(`the model does not know the action ${JSON.stringify(action)}`);
}

function batchEntry(table: string, { PutRequest, DeleteRequest }: BatchEntry): Write {
  if (PutRequest !== undefined) return writeOf({ TableName: table, Item: PutRequest.Item }, "put");
  return writeOf({ TableName: table, Key: DeleteRequest?.Key ?? {} }, "delete");
}
