import type { Readable } from "node:stream";
import { NodeHttpHandler, type NodeHttpHandlerOptions } from "@smithy/node-http-handler";
import type { StandardRetryStrategyOptions } from "@smithy/core/retry";
import { LEAST_TRY_MS, NoTimeLeftError, timeLeft } from "./time-left.ts";

type Backoff = NonNullable<StandardRetryStrategyOptions["backoff"]>;

/**
 * The SDK's HTTP handler. It waits for an answer no longer than the call at hand may, and collects the whole
 * body.
 */
export class TimelyHttpHandler extends NodeHttpHandler {
  readonly #requestTimeout: number;

  constructor(options: NodeHttpHandlerOptions & { readonly requestTimeout: number }) {
    super(options);
    this.#requestTimeout = options.requestTimeout;
  }

  override async handle(
    ...[request, options]: Parameters<NodeHttpHandler["handle"]>
  ): ReturnType<NodeHttpHandler["handle"]> {
    const left = timeLeft();
    if (left < LEAST_TRY_MS) throw new NoTimeLeftError("no time is left to wait for an answer");
    const requestTimeout = Math.min(this.#requestTimeout, left);
    const { response } = await super.handle(request, { ...options, requestTimeout });
    response.body = await collect(response.body as Readable);
    return { response };
  }
}

/**
 * The whole body of an answer. The SDK would collect it by a pipe, and first looks whether it is a web
 * stream, for which Node loads those: milliseconds of a cold start.
 */
function collect(body: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    body.on("data", (chunk: Uint8Array) => void chunks.push(chunk));
    body.once("end", () => resolve(Buffer.concat(chunks)));
    body.once("error", reject);
  });
}

const LONGEST_RETRY_DELAY_MS = 20_000;

/**
 * The SDK's own backoff, which it does not export, but without a wait for a try that would come too late for
 * the call at hand.
 */
export class TimelyBackoff implements Backoff {
  #base: number;

  /** @param base milliseconds. */
  constructor(base: number) {
    this.#base = base;
  }

  setDelayBase(delay: number): void {
    this.#base = delay;
  }

  computeNextBackoffDelay(attempt: number): number {
    const delay = Math.floor(Math.random() * Math.min(LONGEST_RETRY_DELAY_MS, this.#base * 2 ** attempt));
    if (delay + LEAST_TRY_MS >= timeLeft()) throw new NoTimeLeftError("no time is left for another try");
    return delay;
  }
}
