import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { HttpRequest } from "@smithy/core/protocols";
import { RequestSigner } from "../dynamodb/request-signer.ts";
import { leaveOutIdle, type ClientOptions } from "../dynamodb/sdk-client.ts";
import { TimelyHttpHandler } from "../dynamodb/timely-requests.ts";
import type { PublishHint } from "./dependencies.ts";
import type { Send } from "./deliver.ts";
import type { SessionEvent } from "./events.ts";
import { channelPath, detailTypeOf, EVENT_SOURCE } from "./names.ts";
import { toMessageBody, type Untold } from "./untold.ts";

/** The services that the outbox tells, as they are called. */

/** How a service is reached. */
export interface TargetOptions extends Pick<ClientOptions, "region" | "credentials"> {
  /** The Region's own unless given. */
  readonly endpoint?: string | undefined;
}

const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 3000;

/** As the database's client: it waits no longer than the call at hand may, and signs by our own signer. */
const clientConfig = ({ region, credentials, endpoint }: TargetOptions, service: string) => ({
  region,
  credentials,
  ...(endpoint !== undefined && { endpoint }),
  signer: new RequestSigner(credentials, region, service),
  // `deliver` tries again by itself, and each entry by its own count.
  maxAttempts: 1,
  requestHandler: new TimelyHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  }),
});

/** Puts events on a bus, by a client of its own. @param bus its name or ARN. */
export function createEventBus(bus: string, options: TargetOptions): Send<SessionEvent> {
  const client = new EventBridgeClient(clientConfig(options, "events"));
  leaveOutIdle(client);
  return putEventsOn(client, bus);
}

/** Puts events on a bus, at most ten a call. @param client one that does not try again by itself. */
export function putEventsOn(client: EventBridgeClient, bus: string): Send<SessionEvent> {
  return async (events) => {
    const answer = await client.send(
      new PutEventsCommand({
        Entries: events.map((event) => ({
          Source: EVENT_SOURCE,
          DetailType: detailTypeOf(event.kind),
          Detail: JSON.stringify(event),
          EventBusName: bus,
        })),
      }),
    );
    return (answer.Entries ?? []).map(({ EventId: id, ErrorCode: code }) =>
      id !== undefined && code === undefined ? undefined : { code: code ?? "NoAnswer" },
    );
  };
}

/** Puts what could not be told into a queue, at most ten a call. @param queueUrl the queue's URL. */
export function createUntoldQueue(queueUrl: string, options: TargetOptions): Send<Untold> {
  const client = new SQSClient(clientConfig(options, "sqs"));
  leaveOutIdle(client);
  return async (some) => {
    const { Successful: taken = [], Failed: failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: some.map((untold, index) => ({ Id: String(index), MessageBody: toMessageBody(untold) })),
      }),
    );
    const takenIds = new Set(taken.map(({ Id: id }) => id));
    const codes = new Map(failed.map(({ Id: id, Code: code }) => [id, code]));
    return some.map((_, index) => {
      const id = String(index);
      return takenIds.has(id) ? undefined : { code: codes.get(id) ?? "NoAnswer" };
    });
  };
}

/** A hint says nothing: the client that gets it asks (rule 21 of the design's push). */
const HINT = "{}";

/** Publishes hints on AppSync Events. @param publishUrl `https://<http dns name>/event`. */
export function createHintPublisher(
  publishUrl: string,
  { region, credentials }: Omit<TargetOptions, "endpoint">,
): PublishHint {
  const { protocol, hostname, port, pathname } = new URL(publishUrl);
  const signer = new RequestSigner(credentials, region, "appsync");
  const handler = new TimelyHttpHandler({
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: CONNECTION_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  });
  return async (channel, signal) => {
    const request = new HttpRequest({
      ...{ method: "POST", protocol, hostname, path: pathname },
      ...(port !== "" && { port: Number(port) }),
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ channel: channelPath(channel), events: [HINT] }),
    });
    await signer.sign(request);
    const { response } = await handler.handle(request, { abortSignal: signal });
    const { statusCode } = response;
    const body: unknown = response.body;
    if (statusCode < 200 || statusCode > 299 || hasFailed(body)) throw new HintRefusedError(statusCode);
  };
}

/** AppSync Events did not take a hint. */
class HintRefusedError extends Error {
  override readonly name = "HintRefusedError";

  constructor(status: number) {
    super(`AppSync Events answered ${status}`);
  }
}

/** Whether the answer to a publication names events that were not taken. */
function hasFailed(body: unknown): boolean {
  const { failed = [] } = JSON.parse(Buffer.from(body as Uint8Array).toString()) as {
    readonly failed?: readonly unknown[];
  };
  return failed.length > 0;
}
