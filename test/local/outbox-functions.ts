/** Handlers of the outbox fixture app. They are bundled and run in worker threads, as functions are. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

interface Record {
  readonly eventName: string;
  readonly userIdentity?: unknown;
  readonly dynamodb: {
    readonly SequenceNumber: string;
    readonly Keys: { readonly pk: { readonly S: string } };
  };
}

const eventBridge = new EventBridgeClient();
const sqs = new SQSClient();
/** How often a key was seen by this instance. */
const seen = new Map<string, number>();

/**
 * Tells the bus of each record, and does beside it what the record's key asks for: `throw` until it was seen
 * so often (`told#throw:2:x`; `told#throw:x` for ever), `fail` reports it until then, `queue` sends it to the
 * queue, `publish` publishes a hint on the channel of that name.
 */
export async function consume({ Records }: { Records: readonly Record[] }): Promise<unknown> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of Records) {
    const { pk } = record.dynamodb.Keys;
    const [, act = "", argument = ""] = /^told#([a-z]+)(?::(.*))?$/.exec(pk.S) ?? [];
    const times = (seen.get(pk.S) ?? 0) + 1;
    seen.set(pk.S, times);
    const isOver = /^\d/.test(argument) && times > Number.parseInt(argument);
    if (act === "throw" && !isOver) throw new Error(`as ${pk.S} asks`);
    if (act === "fail" && !isOver) batchItemFailures.push({ itemIdentifier: record.dynamodb.SequenceNumber });
    else await tell(record, Records.length);
    if (act === "queue") await enqueue(pk.S);
    if (act === "publish") await publish(argument);
    // What comes after a failed record is delivered again with it.
    if (batchItemFailures.length > 0) break;
  }
  return { batchItemFailures };
}

async function tell(record: Record, batchSize: number): Promise<void> {
  const { eventName, userIdentity, dynamodb } = record;
  const detail = { pk: dynamodb.Keys.pk.S, eventName, userIdentity, batchSize };
  const { FailedEntryCount, Entries } = await eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: "things",
          DetailType: "Thing Changed",
          Detail: JSON.stringify(detail),
          EventBusName: process.env["BUS"],
        },
      ],
    }),
  );
  if (FailedEntryCount !== 0) throw new Error(JSON.stringify(Entries));
}

async function enqueue(MessageBody: string): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env["QUEUE"], MessageBody }));
}

async function publish(channel: string): Promise<void> {
  const signature = `Credential=local/20260101/eu-central-1/appsync/aws4_request, SignedHeaders=host, Signature=${"0".repeat(64)}`;
  const response = await fetch(process.env["PUBLISH_URL"] ?? "", {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 ${signature}`, "x-amz-date": "20260101T000000Z" },
    body: JSON.stringify({ channel: `/things/${channel}`, events: ["{}"] }),
  });
  if (!response.ok) throw new Error(await response.text());
}

/** A target of the bus: what it gets is in its log. */
export function hear(event: unknown): Promise<null> {
  // eslint-disable-next-line no-console -- what reaches the log is what is tested
  console.log(`heard ${JSON.stringify(event)}`);
  return Promise.resolve(null);
}

interface Question {
  readonly authorizationToken: string;
  readonly requestContext: { readonly operation: string; readonly channel: string | null };
}

/** An Event API's authorizer that lets each token connect, and hear its own channel. */
export function authorize(question: Question): Promise<unknown> {
  const { authorizationToken: token, requestContext } = question;
  // eslint-disable-next-line no-console -- likewise
  console.log(`asked ${JSON.stringify(question)}`);
  if (token === "throws") return Promise.reject(new Error("no answer"));
  if (token === "nonsense") return Promise.resolve({ isAuthorized: "yes" });
  const { operation, channel } = requestContext;
  const isOwn = operation === "EVENT_CONNECT" || channel === `/things/${token}` || token === "any";
  return Promise.resolve({ isAuthorized: isOwn && token !== "nobody" });
}

/** What the template's references became. */
export function environment(): Promise<unknown> {
  return Promise.resolve({ ...process.env });
}
