import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What can be asked of the proxy to do to transactions, instead of passing them on in peace. */
export type LabFault = "lose-answer" | "throttle";

/** A write of a function, as it passed. */
export interface PassedWrite {
  readonly at: number;
  readonly operation: string;
  /** What a function of the local stack signs with: its logical id. */
  readonly accessKeyId: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the database answered; `undefined` where it was not asked. */
  readonly answer: { readonly status: number; readonly body: Readonly<Record<string, unknown>> } | undefined;
  readonly fault: LabFault | undefined;
}

/** Between the functions and DynamoDB Local. It passes everything on unless it is asked for a fault. */
export interface DatabaseProxy {
  readonly endpoint: string;
  /**
   * The next `times` transactions meet the fault.
   * @returns how often it was met so far.
   */
  arm(fault: LabFault, times: number): () => number;
  /** No fault from now on. */
  disarm(): void;
  stop(): Promise<void>;
}

const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];
const THROTTLED = {
  __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
  message: "The lab was asked to throttle.",
};

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/**
 * Starts a proxy before a DynamoDB endpoint.
 * @param onWrite is told of each write when it is over, before its sender is.
 */
export async function startDatabaseProxy(
  databaseEndpoint: string,
  onWrite: (write: PassedWrite) => void,
): Promise<DatabaseProxy> {
  const agent = new Agent({ keepAlive: true });
  let armed: { readonly fault: LabFault; left: number; met: number } | undefined;

  function faultFor(operation: string): LabFault | undefined {
    if (operation !== "TransactWriteItems" || armed === undefined || armed.left === 0) return undefined;
    armed.left--;
    armed.met++;
    return armed.fault;
  }

  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const operation = String(incoming.headers["x-amz-target"]).split(".")[1] ?? "";
    const sent = await bodyOf(incoming);
    const fault = faultFor(operation);
    const answer =
      fault === "throttle" ? undefined : await ask(databaseEndpoint, { agent, incoming, body: sent });
    if (WRITES.includes(operation)) {
      onWrite({
        ...{ at: Date.now(), operation, fault },
        accessKeyId: /Credential=([^/]+)\//.exec(incoming.headers.authorization ?? "")?.[1] ?? "",
        body: JSON.parse(sent.toString()) as Record<string, unknown>,
        answer: answer && {
          status: answer.status,
          body: JSON.parse(answer.body.toString()) as Record<string, unknown>,
        },
      });
    }
    if (answer === undefined) {
      outgoing
        .writeHead(400, { "content-type": "application/x-amz-json-1.0" })
        .end(JSON.stringify(THROTTLED));
    } else if (fault === "lose-answer") incoming.socket.destroy();
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }

  const server = createServer((incoming, outgoing) => {
    // The sender has gone, or the database: the sender finds out by itself.
    pass(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arm(fault, times) {
      const mine = { fault, left: times, met: 0 };
      armed = mine;
      return () => mine.met;
    },
    disarm: () => (armed = undefined),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

function ask(
  endpoint: string,
  {
    agent,
    incoming,
    body,
  }: { readonly agent: Agent; readonly incoming: IncomingMessage; readonly body: Buffer },
): Promise<Answer> {
  const { method, url, headers } = incoming;
  return new Promise((resolve, reject) => {
    const outgoing = send(new URL(url ?? "/", endpoint), { method, headers, agent }, (response) => {
      bodyOf(response).then(
        (answered) =>
          resolve({ status: response.statusCode ?? 500, headers: response.headers, body: answered }),
        reject,
      );
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
