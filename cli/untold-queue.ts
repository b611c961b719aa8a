import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { LARGEST_CALL } from "../src/outbox/deliver.ts";
import type { UntoldQueue } from "./redrive-events.ts";

/** For how long a message is nobody else's: for telling ten, with patience. */
const VISIBLE_AGAIN_AFTER_S = 120;
/** A queue that says nothing within this time is taken for empty. */
const WAIT_S = 1;

/** The queue of untold events on SQS. @param queueUrl the queue's URL. */
export function connectUntoldQueue(client: SQSClient, queueUrl: string): UntoldQueue {
  const QueueUrl = queueUrl;
  return {
    async receive() {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: LARGEST_CALL,
          VisibilityTimeout: VISIBLE_AGAIN_AFTER_S,
          WaitTimeSeconds: WAIT_S,
        }),
      );
      return messages.map(({ MessageId: id = "", ReceiptHandle: receipt = "", Body: body = "" }) => ({
        id,
        receipt,
        body,
      }));
    },
    async remove(messages) {
      const { Successful: deleted = [] } = await client.send(
        new DeleteMessageBatchCommand({
          QueueUrl,
          Entries: messages.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt })),
        }),
      );
      return messages.length - deleted.length;
    },
    async release(messages) {
      for (const { receipt: ReceiptHandle } of messages) {
        await client.send(
          new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
        );
      }
    },
  };
}
