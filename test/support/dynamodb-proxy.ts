import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { splitBatch, withUnprocessed } from "./partial-batch.ts";

/** One request of the SDK, as it passes. */
export interface PassingRequest {
  /** `GetItem`, `TransactWriteItems`, … */
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The header {@link CALL_HEADER}, where the client sends it: the call that the request is a part of. */
  readonly call?: string;
  /** From the signature. A local stack's function signs with its logical id. */
  readonly accessKeyId?: string;
  /** The SDK's own id of the command: a request that it sends again has the same one. */
  readonly command?: string;
}

/** Names the call that a request is a part of; the database does not get it. */
export const CALL_HEADER = "x-test-call";

/** Sees each request twice, whatever becomes of it. */
export interface ProxyObserver {
  /** It came. */
  arrived(request: PassingRequest): void;
  /**
   * It will have no effect any more that it has not had: `carriedOut` is what the database took of it, if
   * anything.
   */
  over(request: PassingRequest, carriedOut: Readonly<Record<string, unknown>> | undefined): void;
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
  /** The request takes effect; the connection breaks in the middle of its answer. */
  | { readonly fault: "break-answer" }
  /**
   * The request arrives a second time a while later, as a retry of the network's; only the first is answered.
   */
  | { readonly fault: "deliver-twice"; readonly afterMs: number }
  /**
   * Of a batch, the entries for which `leaves` says so (by their place) are not carried out and answered as
   * unprocessed.
   */
  | { readonly fault: "unprocessed"; readonly leaves: (index: number) => boolean }
  /** The answer is changed on its way. */
  | { readonly fault: "rewrite-answer"; readonly rewrite: (answer: Answer) => Answer }
  /** An error of DynamoDB's own; the request does not take effect, unless `afterEffect`. */
  | {
      readonly fault: "error";
      readonly type: string;
      readonly status?: number;
      readonly reasons?: readonly string[];
      readonly afterEffect?: boolean;
    };

type Answer = Readonly<Record<string, unknown>>;

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

const UNOBSERVED: ProxyObserver = { arrived: () => undefined, over: () => undefined };

/** Starts a proxy before a DynamoDB endpoint. */
export async function startDynamoDbProxy(
  databaseEndpoint: string,
  observer: ProxyObserver = UNOBSERVED,
): Promise<DynamoDbProxy> {
  const answered: AnsweredRequest[] = [];
  let interference = PEACE;

  const ask = async (request: PassingRequest, headers: IncomingMessage["headers"]) => {
    const { operation, body } = request;
    const answer = await fetch(databaseEndpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": String(headers["x-amz-target"]),
        authorization: String(headers.authorization),
        "x-amz-date": String(headers["x-amz-date"]),
      },
      body: JSON.stringify({
        ...body,
        ...(countsCapacity(operation) ? { ReturnConsumedCapacity: "TOTAL" } : {}),
      }),
    });
    const text = await answer.text();
    answered.push({ ...request, status: answer.status, capacityUnits: capacityUnits(text) });
    return { status: answer.status, text };
  };

  const deliverAgain = async (
    request: PassingRequest,
    headers: IncomingMessage["headers"],
    delayMs: number,
  ) => {
    const again: PassingRequest = { operation: request.operation, body: request.body };
    observer.arrived(again);
    try {
      await sleep(delayMs);
      await ask(again, headers);
    } finally {
      observer.over(again, undefined);
    }
  };

  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const call = incoming.headers[CALL_HEADER];
    const command = incoming.headers["amz-sdk-invocation-id"];
    const accessKeyId = /Credential=([^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1];
    const request: PassingRequest = {
      operation: String(incoming.headers["x-amz-target"]).split(".")[1] ?? "",
      body: JSON.parse(await textOf(incoming)) as Record<string, unknown>,
      ...(typeof call === "string" && { call }),
      ...(accessKeyId !== undefined && { accessKeyId }),
      ...(typeof command === "string" && { command }),
    };
    let carriedOut: PassingRequest["body"] | undefined;
    observer.arrived(request);
    try {
      const fault = (await interference(request)) ?? repeatedItem(request.operation, request.body);
      if (fault?.fault === "drop-request") {
        incoming.socket.destroy();
        return;
      }
      if (fault?.fault === "error" && fault.afterEffect !== true) {
        answerError(outgoing, fault);
        return;
      }
      const { passed, left } =
        fault?.fault === "unprocessed"
          ? splitBatch(request.operation, request.body, fault.leaves)
          : { passed: request.body, left: undefined };
      const answer =
        passed === undefined
          ? { status: 200, text: "{}" }
          : await ask({ ...request, body: passed }, incoming.headers);
      if (answer.status === 200) carriedOut = passed;
      if (fault?.fault === "deliver-twice") {
        deliverAgain(request, incoming.headers, fault.afterMs).catch(() => undefined);
      }
      answerAs(fault, { incoming, outgoing }, answer, (body) =>
        left === undefined ? body : withUnprocessed(request.operation, body, left),
      );
    } finally {
      observer.over(request, carriedOut);
    }
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

/**
 * A gate for interferences: requests wait at it until it opens, and whoever wants to know that one has come
 * can wait too.
 */
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

/**
 * DynamoDB refuses a transaction that names an item twice; DynamoDB Local takes it where the actions differ.
 */
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

interface Connection {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** Gives an answer of the database to the client, or what the fault leaves of it. */
function answerAs(
  fault: Fault | undefined,
  { incoming, outgoing }: Connection,
  { status, text }: { readonly status: number; readonly text: string },
  complete: (body: Answer) => Answer,
): void {
  const whole = complete(JSON.parse(text) as Answer);
  const body = JSON.stringify(fault?.fault === "rewrite-answer" ? fault.rewrite(whole) : whole);
  const headers = { "content-type": "application/x-amz-json-1.0", "content-length": Buffer.byteLength(body) };
  switch (fault?.fault) {
    case "drop-answer":
      incoming.socket.destroy();
      break;
    case "break-answer":
      outgoing
        .writeHead(status, headers)
        .write(body.slice(0, body.length / 2), () => incoming.socket.destroy());
      break;
    case "error":
      answerError(outgoing, fault);
      break;
    case "drop-request":
    case "deliver-twice":
    case "unprocessed":
    case "rewrite-answer":
    case undefined:
      outgoing.writeHead(status, headers).end(body);
  }
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
