import { z } from "zod";
import { queuePath } from "../model/outbox-references.ts";
import { ServiceError, type Operation } from "./aws-json-api.ts";
import { createQueue, md5Of, type Queue } from "./queues.ts";

const one = z.object({ QueueUrl: z.string() });
const entry = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().default(0),
  MessageAttributes: z.unknown().optional(),
});
const sendBatch = one.extend({ Entries: z.array(entry.extend({ Id: z.string() })) });
const receive = one.extend({
  MaxNumberOfMessages: z.number().min(1).max(10).default(1),
  VisibilityTimeout: z.number().default(30),
  WaitTimeSeconds: z.number().max(20).default(0),
});
const remove = one.extend({ ReceiptHandle: z.string() });
const removeBatch = one.extend({ Entries: z.array(z.object({ Id: z.string(), ReceiptHandle: z.string() })) });
const change = remove.extend({ VisibilityTimeout: z.number() });
const MOST_ENTRIES = 10;

/**
 * SQS as much as senders, a redrive and an operator need: messages, counts, the queue's URL. One queue for
 * each name, in memory.
 * @param url where the local stack answers.
 * @param signal ends receives that wait.
 */
export function queueOperations(
  names: readonly string[],
  url: string,
  signal: AbortSignal,
): Readonly<Record<string, Operation>> {
  const queues = new Map(names.map((name) => [name, createQueue()]));

  function queueIn({ QueueUrl }: z.infer<typeof one>): Queue {
    const queue = queues.get(QueueUrl.split("/").at(-1) ?? "");
    if (queue === undefined) throw noSuchQueue(QueueUrl);
    return queue;
  }

  function checkEntries(entries: readonly unknown[]): void {
    if (entries.length >= 1 && entries.length <= MOST_ENTRIES) return;
    const type = `com.amazonaws.sqs#${entries.length === 0 ? "EmptyBatchRequest" : "TooManyEntriesInBatchRequest"}`;
    throw new ServiceError(type, `A batch has 1 to ${MOST_ENTRIES} entries.`);
  }

  function send(queue: Queue, { MessageBody, DelaySeconds, MessageAttributes }: z.infer<typeof entry>) {
    const { id, md5 } = queue.send(MessageBody, {
      delaySeconds: DelaySeconds,
      attributes: MessageAttributes,
    });
    return { MessageId: id, MD5OfMessageBody: md5 };
  }

  return {
    "AmazonSQS.SendMessage": (input) => send(queueIn(one.parse(input)), entry.parse(input)),
    "AmazonSQS.SendMessageBatch": (input) => {
      const { Entries, ...where } = sendBatch.parse(input);
      checkEntries(Entries);
      const queue = queueIn(where);
      return { Successful: Entries.map((each) => ({ Id: each.Id, ...send(queue, each) })), Failed: [] };
    },
    "AmazonSQS.ReceiveMessage": async (input) => {
      const asked = receive.parse(input);
      const options = {
        most: asked.MaxNumberOfMessages,
        visibilitySeconds: asked.VisibilityTimeout,
        waitSeconds: asked.WaitTimeSeconds,
      };
      const messages = await queueIn(asked).receive(options, signal);
      return {
        Messages: messages.map(({ id, body, attributes, receiptHandle, receiveCount, sentAt }) => ({
          MessageId: id,
          ReceiptHandle: receiptHandle,
          Body: body,
          MD5OfBody: md5Of(body),
          Attributes: { ApproximateReceiveCount: String(receiveCount), SentTimestamp: String(sentAt) },
          ...(attributes !== undefined && { MessageAttributes: attributes }),
        })),
      };
    },
    "AmazonSQS.DeleteMessage": (input) => {
      const asked = remove.parse(input);
      queueIn(asked).delete(asked.ReceiptHandle);
      return {};
    },
    "AmazonSQS.DeleteMessageBatch": (input) => {
      const { Entries, ...where } = removeBatch.parse(input);
      checkEntries(Entries);
      Entries.forEach(({ ReceiptHandle }) => queueIn(where).delete(ReceiptHandle));
      return { Successful: Entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
    "AmazonSQS.ChangeMessageVisibility": (input) => {
      const asked = change.parse(input);
      queueIn(asked).changeVisibility(asked.ReceiptHandle, asked.VisibilityTimeout);
      return {};
    },
    "AmazonSQS.PurgeQueue": (input) => {
      queueIn(one.parse(input)).purge();
      return {};
    },
    "AmazonSQS.GetQueueAttributes": (input) => {
      const { visible, inFlight, delayed } = queueIn(one.parse(input)).counts();
      return {
        Attributes: {
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(inFlight),
          ApproximateNumberOfMessagesDelayed: String(delayed),
        },
      };
    },
    "AmazonSQS.GetQueueUrl": (input) => {
      const { QueueName } = z.object({ QueueName: z.string() }).parse(input);
      if (!queues.has(QueueName)) throw noSuchQueue(QueueName);
      return { QueueUrl: url + queuePath(QueueName) };
    },
    "AmazonSQS.ListQueues": () => ({ QueueUrls: names.map((name) => url + queuePath(name)) }),
  };
}

const noSuchQueue = (asked: string): ServiceError =>
  new ServiceError("com.amazonaws.sqs#QueueDoesNotExist", `The specified queue does not exist: ${asked}`);
