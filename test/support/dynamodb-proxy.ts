import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** One request of the SDK, as it passes. */
export interface PassingRequest {
  /** `GetItem`, `TransactWriteItems`, … */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One request that the database has answered, with the capacity it says that it consumed. */
export interface AnsweredRequest extends PassingRequest {
  readonly status: number;
  readonly capacityUnits: number;
}

/** What to do to a request instead of passing it on in peace. */
export type Fault =
  /** The request never arrives; the connection breaks. */
  | { readonly fault: "drop-request" }
  /** The request takes effect; its answer is lost. */
  | { readonly fault: "drop-answer" }
  /** An error of DynamoDB's own; the request does not take effect. */
  | {
      readonly fault: "error";
      readonly type: string;
      readonly status?: number;
      readonly reasons?: readonly string[];
    };

export const throttled = {
  fault: "error",
  type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
} as const;

/** A cancelled transaction: DynamoDB Local never answers this for a conflict, AWS does. */
export const cancelled = (...reasons: string[]): Fault => ({
  fault: "error",
  type: "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
  reasons,
});

/** Decides about each request. It may wait: the request then waits with it. */
export type Interference = (request: PassingRequest) => Fault | undefined | Promise<Fault | undefined>;

/** A proxy between the SDK and DynamoDB that counts, delays and breaks. */
export interface DynamoDbProxy {
  readonly endpoint: string;
  /** Every request that reached the database, in the order of the answers. */
  readonly answered: AnsweredRequest[];
  /** Puts an interference in place of the last one. */
  interfere(interference: Interference): void;
  stop(): Promise<void>;
}

const PEACE: Interference = () => undefined;

/** Starts a proxy before a DynamoDB endpoint. */
export async function startDynamoDbProxy(databaseEndpoint: string): Promise<DynamoDbProxy> {
  const answered: AnsweredRequest[] = [];
  let interference = PEACE;

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = JSON.parse(await textOf(incoming)) as Record<string, unknown>;
    const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
    const fault = (await interference({ operation, body })) ?? repeatedItem(operation, body);
    if (fault?.fault === "drop-request") {
      incoming.socket.destroy();
      return;
    }
    if (fault?.fault === "error") {
      answerError(outgoing, fault);
      return;
    }

    const answer = await fetch(databaseEndpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": String(incoming.headers["x-amz-target"]),
        authorization: String(incoming.headers.authorization),
        "x-amz-date": String(incoming.headers["x-amz-date"]),
      },
      body: JSON.stringify({
        ...body,
        ...(countsCapacity(operation) ? { ReturnConsumedCapacity: "TOTAL" } : {}),
      }),
    });
    const text = await answer.text();
    answered.push({ operation, body, status: answer.status, capacityUnits: capacityUnits(text) });
    if (fault?.fault === "drop-answer") incoming.socket.destroy();
    else outgoing.writeHead(answer.status, { "content-type": "application/x-amz-json-1.0" }).end(text);
  };

  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    interfere: (next) => (interference = next),
    async stop() {
      interference = PEACE;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A gate for interferences: requests wait at it until it opens, and whoever wants to know that one has come can wait too. */
export class Gate {
  readonly reached = Promise.withResolvers<undefined>();
  readonly #open = Promise.withResolvers<undefined>();

  async pass(): Promise<undefined> {
    this.reached.resolve(undefined);
    return this.#open.promise;
  }

  open(): void {
    this.#open.resolve(undefined);
  }
}

export const afterMs = async (milliseconds: number): Promise<undefined> => sleep(milliseconds, undefined);

type Action = Readonly<Record<string, { TableName: string; Key?: object; Item?: Record<string, unknown> }>>;

/** DynamoDB refuses a transaction that names an item twice; DynamoDB Local takes it where the actions differ. */
function repeatedItem(operation: string, body: Readonly<Record<string, unknown>>): Fault | undefined {
  if (operation !== "TransactWriteItems") return undefined;
  const items = (body["TransactItems"] as Action[])
    .flatMap((action) => Object.values(action))
    .map(({ TableName: table, Key: key, Item: item }) =>
      JSON.stringify([
        table,
        key ?? (item?.["pk"] === undefined ? { userName: item?.["userName"] } : { pk: item["pk"] }),
      ]),
    );
  return new Set(items).size === items.length
    ? undefined
    : { fault: "error", type: "com.amazon.coral.validate#ValidationException" };
}

const countsCapacity = (operation: string): boolean => /Item|Query|Scan/.test(operation);

async function textOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function answerError(
  outgoing: ServerResponse,
  { type, status = 400, reasons }: Fault & { fault: "error" },
): void {
  const CancellationReasons = reasons?.map((code) => ({ Code: code, Message: code }));
  outgoing
    .writeHead(status, { "content-type": "application/x-amz-json-1.0" })
    .end(JSON.stringify({ __type: type, message: "injected", ...(reasons ? { CancellationReasons } : {}) }));
}

function capacityUnits(text: string): number {
  const { ConsumedCapacity: consumed } = JSON.parse(text) as { ConsumedCapacity?: unknown };
  return [consumed ?? []]
    .flat()
    .reduce<number>((sum, each) => sum + (each as { CapacityUnits: number }).CapacityUnits, 0);
}
