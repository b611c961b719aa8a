import { hash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * EventBridge, SQS and AppSync Events on one port, as far as the outbox and its redrive speak to them. Each
 * call is checked as far as the service would: who signs for which service, how many entries there are.
 */
export interface FakeTargets {
  readonly url: string;
  readonly queueUrl: string;
  /** Every entry that the bus took, in order. */
  readonly entries: BusEntry[];
  /** The bodies of the messages in the queue, by their ids. */
  readonly messages: Map<string, string>;
  /** Hints: the channel paths that were published to. */
  readonly hints: string[];
  /** How many calls of each operation there were. */
  readonly calls: Record<string, number>;
  /** What goes wrong; reset by `behave({})`. */
  readonly behave: (behaviour: Behaviour) => void;
  readonly stop: () => Promise<void>;
}

export interface BusEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly EventBusName: string;
}

/** `"silent"`: the call is never answered. A number: the status of the answer. */
export interface Behaviour {
  /** For each entry of a `PutEvents`: a code, or `undefined` where it is taken. Or for the whole call. */
  readonly bus?: ((entry: BusEntry) => string | undefined) | "silent" | number;
  readonly queue?: ((body: string) => string | undefined) | "silent" | number;
  readonly push?: "silent" | number;
}

interface QueueInput {
  readonly QueueUrl: string;
  readonly Entries?: readonly {
    readonly Id: string;
    readonly MessageBody?: string;
    readonly ReceiptHandle?: string;
  }[];
  readonly MaxNumberOfMessages?: number;
}

const MOST_ENTRIES = 10;

export async function startFakeTargets(): Promise<FakeTargets> {
  let behaviour: Behaviour = {};
  let nextMessage = 0;
  const entries: BusEntry[] = [];
  const messages = new Map<string, string>();
  const inFlight = new Set<string>();
  const hints: string[] = [];
  const calls: Record<string, number> = {};

  const operations: Record<string, (input: never) => unknown> = {
    "AWSEvents.PutEvents": ({ Entries: some }: { readonly Entries: readonly BusEntry[] }) => {
      if (some.length > MOST_ENTRIES) throw new Error(`${some.length} entries`);
      const results = some.map((entry) => {
        const code = typeof behaviour.bus === "function" ? behaviour.bus(entry) : undefined;
        if (code !== undefined) return { ErrorCode: code, ErrorMessage: "as the test wants" };
        entries.push(entry);
        return { EventId: `told-${entries.length}` };
      });
      return { FailedEntryCount: results.filter((one) => "ErrorCode" in one).length, Entries: results };
    },
    "AmazonSQS.SendMessageBatch": ({ Entries: some = [] }: QueueInput) => {
      if (some.length > MOST_ENTRIES) throw new Error(`${some.length} entries`);
      const taken: object[] = [];
      const failed: object[] = [];
      for (const { Id, MessageBody = "" } of some) {
        const code = typeof behaviour.queue === "function" ? behaviour.queue(MessageBody) : undefined;
        if (code !== undefined) failed.push({ Id, Code: code, SenderFault: false });
        else {
          const id = `message-${++nextMessage}`;
          messages.set(id, MessageBody);
          taken.push({ Id, MessageId: id, MD5OfMessageBody: hash("md5", MessageBody) });
        }
      }
      return { Successful: taken, Failed: failed };
    },
    "AmazonSQS.ReceiveMessage": ({ MaxNumberOfMessages: most = 1 }: QueueInput) => {
      const some = [...messages].filter(([id]) => !inFlight.has(id)).slice(0, most);
      for (const [id] of some) inFlight.add(id);
      return {
        Messages: some.map(([id, Body]) => ({
          MessageId: id,
          ReceiptHandle: id,
          Body,
          MD5OfBody: hash("md5", Body),
        })),
      };
    },
    "AmazonSQS.DeleteMessageBatch": ({ Entries: some = [] }: QueueInput) => {
      for (const { ReceiptHandle: id = "" } of some) messages.delete(id);
      return { Successful: some.map(({ Id }) => ({ Id })), Failed: [] };
    },
    "AmazonSQS.ChangeMessageVisibility": ({ ReceiptHandle: id = "" }: { ReceiptHandle?: string }) => {
      inFlight.delete(id);
      return {};
    },
    event: ({ channel, events }: { readonly channel: string; readonly events: readonly string[] }) => {
      hints.push(channel);
      return { failed: [], successful: events.map((_, index) => ({ identifier: `${index}`, index })) };
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = (await request.setEncoding("utf8").toArray()).join("");
    const target = request.headers["x-amz-target"];
    const name = typeof target === "string" ? target : (request.url ?? "").slice(1);
    calls[name] = (calls[name] ?? 0) + 1;
    const { service, wrong } = WORDS[name.split(".")[0] ?? ""] ?? {};
    const signed = request.headers.authorization?.includes(`/${service}/aws4_request`) === true;
    const operation = operations[name];
    const how = wrong && behaviour[wrong];
    if (how === "silent") return;
    const status = !signed || operation === undefined ? 403 : typeof how === "number" ? how : 200;
    response.writeHead(status, { "content-type": request.headers["content-type"] ?? "application/json" });
    const refused = { __type: "AccessDeniedException", message: `${name} as ${service}, signed: ${signed}` };
    response.end(
      JSON.stringify(
        status === 200 && operation !== undefined ? operation(JSON.parse(text) as never) : refused,
      ),
    );
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    queueUrl: `${url}/000000000000/untold`,
    ...{ entries, messages, hints, calls },
    behave: (next) => void (behaviour = next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** By the beginning of an operation's name: for which service a call must be signed. */
const WORDS: Readonly<
  Record<string, { readonly service: string; readonly wrong: keyof Behaviour } | undefined>
> = {
  AWSEvents: { service: "events", wrong: "bus" },
  AmazonSQS: { service: "sqs", wrong: "queue" },
  event: { service: "appsync", wrong: "push" },
};
