import type { InvocationResult } from "../lambda/function-instance.ts";
import type { StackModel } from "../model/stack-model.ts";
import type { LabClock } from "./clock.ts";
import type { DatabaseProxy } from "./database-proxy.ts";
import type { Happened } from "./happened.ts";

/** Whom the lab's devices can sign in as. */
export interface LabOptions {
  readonly users: readonly string[];
  /** Of all of them. Without one, the login function is invoked for them, as a trusted backend would. */
  readonly password?: string;
}

/** The stack that a lab is before. */
export interface LabStack {
  readonly model: StackModel;
  readonly port: number;
  /** Invokes a function by its name; in the lab's parts by its id, `login`. */
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationResult>;
}

/** What the lab's parts share. */
export interface LabParts extends LabStack {
  readonly options: LabOptions;
  readonly sessionsTable: string;
  readonly clock: LabClock;
  readonly happened: Happened;
  readonly proxy: DatabaseProxy;
}
