/** What the gateway's side and a function's thread say to each other. */

import type { Reroute } from "../provider/rerouted.ts";

/** A fault as Lambda describes it: in the body of an invocation's answer, and in the log. */
export interface FunctionFault {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a thread is started with. */
export interface WorkerSettings {
  readonly entry: string;
  readonly handler: string;
  /** By how many milliseconds its `Date` is later than this machine's, where the lab may say so. */
  readonly clockOffset?: SharedArrayBuffer;
  /** Addresses of identity providers that are answered on this machine. */
  readonly reroutes: readonly Reroute[];
}

export interface InvokeMessage {
  /** JSON, as on Lambda: nothing that JSON does not carry reaches a handler. */
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly context: {
    readonly awsRequestId: string;
    readonly functionName: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
  };
}

export type WorkerMessage =
  | { readonly type: "ready" }
  | { readonly type: "answered"; readonly payload: string }
  | { readonly type: "fault"; readonly fault: FunctionFault };
