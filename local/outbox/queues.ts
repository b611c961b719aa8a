import { createHash, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ServiceError } from "./aws-json-api.ts";

interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: unknown;
  readonly sentAt: number;
  /** Epoch milliseconds from which it can be received. */
  visibleAt: number;
  receiptHandle: string | undefined;
  receiveCount: number;
}

export interface SendOptions {
  readonly delaySeconds: number;
  /** `MessageAttributes`, given back as they came. */
  readonly attributes: unknown;
}

export interface ReceiveOptions {
  readonly most: number;
  readonly visibilitySeconds: number;
  readonly waitSeconds: number;
}

/** SQS's quota. */
const LONGEST_BODY_BYTES = 1024 * 1024;
const LOOKS_EACH_MS = 100;

/** A standard queue, in memory. Messages do not expire, and none is moved to a dead-letter queue. */
export function createQueue(clock: () => number = Date.now) {
  const messages: Message[] = [];

  function receiveNow({ most, visibilitySeconds }: ReceiveOptions): Message[] {
    const found = messages.filter(({ visibleAt }) => visibleAt <= clock()).slice(0, most);
    for (const message of found) {
      message.receiveCount += 1;
      message.receiptHandle = randomUUID();
      message.visibleAt = clock() + visibilitySeconds * 1000;
    }
    return found;
  }

  return {
    send(
      body: string,
      { delaySeconds, attributes }: SendOptions,
    ): { readonly id: string; readonly md5: string } {
      if (Buffer.byteLength(body) > LONGEST_BODY_BYTES || body === "") {
        throw new ServiceError("com.amazonaws.sqs#InvalidMessageContents", "A body has 1 byte to 1 MiB.");
      }
      const id = randomUUID();
      messages.push({
        id,
        body,
        attributes,
        sentAt: clock(),
        visibleAt: clock() + delaySeconds * 1000,
        receiptHandle: undefined,
        receiveCount: 0,
      });
      return { id, md5: md5Of(body) };
    },
    /** Waits for a first message as long as is said, or until it is called off. */
    async receive(options: ReceiveOptions, signal: AbortSignal): Promise<readonly Readonly<Message>[]> {
      const until = clock() + options.waitSeconds * 1000;
      let found = receiveNow(options);
      while (found.length === 0 && clock() < until && !signal.aborted) {
        await sleep(LOOKS_EACH_MS, undefined, { signal }).catch(() => undefined);
        found = receiveNow(options);
      }
      return found;
    },
    /** A receipt handle that is no longer the message's last one deletes nothing, and is no error. */
    delete(receiptHandle: string): void {
      const at = messages.findIndex((message) => message.receiptHandle === receiptHandle);
      if (at >= 0) messages.splice(at, 1);
    },
    changeVisibility(receiptHandle: string, seconds: number): void {
      const message = messages.find((each) => each.receiptHandle === receiptHandle);
      if (message !== undefined) message.visibleAt = clock() + seconds * 1000;
    },
    /** How many can be received now, and how many are received and not yet deleted. */
    counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
      const hidden = messages.filter(({ visibleAt }) => visibleAt > clock());
      const delayed = hidden.filter(({ receiveCount }) => receiveCount === 0).length;
      return { visible: messages.length - hidden.length, inFlight: hidden.length - delayed, delayed };
    },
    purge(): void {
      messages.length = 0;
    },
  };
}

export type Queue = ReturnType<typeof createQueue>;

export const md5Of = (body: string): string => createHash("md5").update(body).digest("hex");
