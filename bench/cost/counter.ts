import { requestsByKind, totalUnits, type CountingProxy } from "../support/counting-proxy.ts";
import { lambdaContext } from "../support/gateway-events.ts";
import { FUNCTION_OF, type Call, type CallCounts } from "./counts.ts";
import { outputDuring } from "./lambda-log.ts";
import type { CostWorld } from "./world.ts";

/** What one run of all calls found. */
export type Run = Record<Call, Omit<CallCounts, "logBytes"> & { readonly logBytes: number }>;

/** Calls functions, and keeps what each call cost. */
export class Counter {
  readonly run = {} as Run;
  readonly #world: CostWorld;
  readonly #proxy: CountingProxy;

  constructor(world: CostWorld, proxy: CountingProxy) {
    this.#world = world;
    this.#proxy = proxy;
  }

  /** @throws Error where it does not answer as expected, for then something else was counted. */
  async call(call: Call, event: unknown, expected: number | boolean): Promise<unknown> {
    const name = FUNCTION_OF[call];
    const handler = this.#world.handlers[name];
    const { result: during, output } = await outputDuring(() =>
      this.#proxy.during(() => handler(event as never, lambdaContext(name) as never)),
    );
    const { result, requests } = during;
    const { statusCode, isAuthorized, body, token, batchItemFailures } = result as {
      batchItemFailures?: readonly unknown[];
      statusCode?: number;
      isAuthorized?: boolean;
      body?: string;
      token?: string;
    };
    const answered =
      statusCode ?? isAuthorized ?? batchItemFailures?.length ?? (token === undefined ? undefined : 200);
    if (answered !== expected) throw new Error(`${call} answered ${JSON.stringify(result)}`);
    this.run[call] = {
      requests: requestsByKind(requests),
      units: totalUnits(requests),
      logBytes: Buffer.byteLength(output),
      bodyBytes: Buffer.byteLength(body ?? ""),
    };
    return body === undefined || body === "" ? result : JSON.parse(body);
  }
}
