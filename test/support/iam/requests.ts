import type { PassingRequest } from "../dynamodb-proxy.ts";

/** A request as IAM sees it; to DynamoDB, but where it names another resource. */
export interface IamRequest {
  /** The logical id of the function that sent it. */
  readonly functionId: string;
  /** `dynamodb:PutItem` */
  readonly action: string;
  /** The table's logical id. */
  readonly table: string;
  readonly index?: string;
  /** An ARN of another service, instead of the table. */
  readonly resource?: string;
  /** Condition keys. */
  readonly context: Readonly<Record<string, string | string[]>>;
}

type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The parameters that single-item operations, parts of transactions, queries and scans share. */
interface Parameters {
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Key?: Values;
  readonly Item?: Values;
  readonly Select?: string;
  readonly ReturnValues?: string;
  readonly ReturnConsumedCapacity?: string;
  readonly ProjectionExpression?: string;
  readonly KeyConditionExpression?: string;
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>>;
  readonly ExpressionAttributeValues?: Values;
}

type Part = Omit<IamRequest, "functionId">;

/**
 * Translates a request into the actions and condition keys by which IAM authorizes it (Service Authorization
 * Reference, DynamoDB). A transaction is authorized by the actions of its parts, each with the key
 * `dynamodb:EnclosingOperation`; a batch by an action of its own for each table.
 * @throws Error for an operation that is not translated yet.
 */
export function iamRequestsOf({ operation, body, accessKeyId = "" }: PassingRequest): IamRequest[] {
  return partsOf(operation, body).map((part) => ({ functionId: accessKeyId, ...part }));
}

function partsOf(operation: string, body: PassingRequest["body"]): Part[] {
  switch (operation) {
    case "GetItem":
    case "PutItem":
    case "UpdateItem":
    case "DeleteItem":
    case "Query":
    case "Scan":
      return [single(operation, body as unknown as Parameters)];
    case "TransactGetItems":
    case "TransactWriteItems":
      return (body["TransactItems"] as Readonly<Record<string, Parameters>>[])
        .flatMap((action) => Object.entries(action))
        .map(([kind, parameters]) => single(`${kind}Item`, parameters, operation));
    case "BatchGetItem":
      return Object.entries(body["RequestItems"] as Readonly<Record<string, BatchOfKeys>>).map(
        ([table, { Keys, ...more }]) => batch(operation, table, Keys, selectionOf(more)),
      );
    case "BatchWriteItem":
      return Object.entries(body["RequestItems"] as Readonly<Record<string, BatchEntry[]>>).map(
        ([table, entries]) =>
          batch(
            operation,
            table,
            entries.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key ?? {}),
          ),
      );
    default:
      throw new Error(`no translation of ${operation} into IAM actions`);
  }
}

type BatchOfKeys = { readonly Keys: readonly Values[] } & Pick<
  Parameters,
  "ProjectionExpression" | "ExpressionAttributeNames"
>;
interface BatchEntry {
  readonly PutRequest?: { readonly Item: Values };
  readonly DeleteRequest?: { readonly Key: Values };
}

function single(action: string, parameters: Parameters, enclosingOperation?: string): Part {
  const { TableName: table, IndexName: index, Key, Item } = parameters;
  const attributes = [
    ...Object.keys(Key ?? {}),
    ...Object.keys(Item ?? {}),
    ...[
      parameters.KeyConditionExpression,
      parameters.ConditionExpression,
      parameters.UpdateExpression,
      parameters.ProjectionExpression,
    ].flatMap((expression) => attributesIn(expression, parameters.ExpressionAttributeNames)),
  ];
  const leadingKey = action === "Query" ? queriedKey(parameters) : partitionKeyIn(Key ?? Item);
  return {
    action: `dynamodb:${action}`,
    table,
    ...(index !== undefined && { index }),
    context: {
      ...(leadingKey !== undefined && { "dynamodb:LeadingKeys": [leadingKey] }),
      ...(attributes.length > 0 && { "dynamodb:Attributes": distinct(attributes) }),
      ...given("dynamodb:ReturnValues", parameters.ReturnValues),
      ...given("dynamodb:ReturnConsumedCapacity", parameters.ReturnConsumedCapacity),
      ...given("dynamodb:EnclosingOperation", enclosingOperation),
      ...(["GetItem", "Query", "Scan"].includes(action) && selectionOf(parameters)),
    },
  };
}

function batch(action: string, table: string, items: readonly Values[], more: Part["context"] = {}): Part {
  return {
    action: `dynamodb:${action}`,
    table,
    context: {
      "dynamodb:LeadingKeys": distinct(items.flatMap((item) => partitionKeyIn(item) ?? [])),
      "dynamodb:Attributes": distinct(items.flatMap((item) => Object.keys(item))),
      ...more,
    },
  };
}

function selectionOf({
  Select,
  IndexName,
  ProjectionExpression,
}: Pick<Parameters, "Select" | "IndexName" | "ProjectionExpression">): Part["context"] {
  const all = IndexName === undefined ? "ALL_ATTRIBUTES" : "ALL_PROJECTED_ATTRIBUTES";
  return {
    "dynamodb:Select": Select ?? (ProjectionExpression === undefined ? all : "SPECIFIC_ATTRIBUTES"),
  };
}

/** The tables' partition keys; there are no sort keys. */
const partitionKeyIn = (item: Values | undefined): string | undefined =>
  (item?.["pk"] ?? item?.["userName"])?.["S"] as string | undefined;

function queriedKey({
  KeyConditionExpression: condition,
  ExpressionAttributeValues: values,
}: Parameters): string | undefined {
  const placeholder = /= *(:\w+)/.exec(condition ?? "")?.[1] ?? "";
  return values?.[placeholder]?.["S"] as string | undefined;
}

const KEYWORDS = new Set(["SET", "ADD", "REMOVE", "DELETE", "AND", "OR", "NOT", "BETWEEN", "IN"]);
/** A value's placeholder, a function's name, or the path of an attribute, of which the first step counts. */
const TOKEN = /:\w+|[#\w]+(?=\s*\()|([#A-Za-z_]\w*)(?:\.[#\w]+|\[\d+\])*/g;

/** The names of the attributes in an expression. */
function attributesIn(expression = "", names: Parameters["ExpressionAttributeNames"] = {}): string[] {
  return [...expression.matchAll(TOKEN)].flatMap(([, name]) =>
    name === undefined || KEYWORDS.has(name) ? [] : [names[name] ?? name],
  );
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)].sort();
const given = (key: string, value: string | undefined): Part["context"] =>
  value === undefined ? {} : { [key]: value };

/**
 * One request of each shape: requests that differ only in what follows a key's prefix (`session#`) are of one
 * shape.
 */
export function shapesOf(requests: readonly IamRequest[]): IamRequest[] {
  const shapes = new Map<string, IamRequest>();
  for (const request of requests) {
    const { "dynamodb:LeadingKeys": keys = [], ...context } = request.context;
    const prefixes = distinct([keys].flat().map((key) => /^[a-z]+#/.exec(key)?.[0] ?? "*"));
    const shape = JSON.stringify([request.functionId, request.action, request.table, request.index, context]);
    const key = `${shape}${prefixes.join()}`;
    if (!shapes.has(key)) shapes.set(key, request);
  }
  return [...shapes.values()];
}
