import { AsyncLocalStorage } from "node:async_hooks";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CALL_HEADER } from "../../test/support/dynamodb-proxy.ts";

/** One call of a function, as far as its execution environment is concerned. */
export interface CallContext {
  readonly id: string;
  /** Once set, no further request leaves the environment; those under way stay under way. */
  crashed: boolean;
}

/**
 * The call that is being worked on. An execution environment works on one at a time, and a crash takes one
 * call with it.
 */
export const currentCall = new AsyncLocalStorage<CallContext>();

/** Never answers: whoever crashed has nobody left to wait for it. */
const forever = (): Promise<never> =>
  new Promise(() => {
    // Deliberately never settled.
  });

/** Makes a client name the call in each of its requests, and send none after the crash. */
export function sendInCalls(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const call = currentCall.getStore();
      if (call === undefined) return next(args);
      if (call.crashed) return forever();
      const { headers } = args.request as { headers: Record<string, string> };
      headers[CALL_HEADER] = call.id;
      return next(args);
    },
    { name: "inCalls", step: "finalizeRequest", priority: "low" },
  );
}
