import type { LocalStackOptions } from "../../local/stack.ts";

/** What the load and the process of its stack say to each other. */
export type StackOptions = Pick<
  LocalStackOptions,
  "synthesizedFolder" | "context" | "databaseEndpoint" | "tableNameSuffix"
>;

export type LoadMessage = "measure" | "stop";

export type StackMessage =
  | {
      readonly type: "ready";
      readonly url: string;
      readonly region: string;
      readonly tables: Readonly<Record<string, string>>;
    }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "error-logged"; readonly line: string }
  | { readonly type: "measured"; readonly measurement: Measurement };

/** The stack's process at one moment: at rest, after a full garbage collection of every thread. */
export interface Measurement {
  readonly mainHeapBytes: number;
  readonly workerHeapBytes: number;
  readonly rssBytes: number;
  readonly threads: number;
  /** Of all threads: sockets, timers, servers, ports. */
  readonly activeResources: number;
  /** Open file descriptors, where `/proc` tells (Linux). */
  readonly fileDescriptors: number | undefined;
}
