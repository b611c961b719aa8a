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
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationResult>;
}

/** What the lab's parts share. */
export interface LabParts extends Omit<LabStack, "invoke"> {
  /** Invokes a function of the sessions that the lab is of, by its id: `login`. */
  readonly invoke: (functionId: string, payload: string) => Promise<InvocationResult>;
  readonly options: LabOptions;
  readonly sessionsTable: string;
  readonly clock: LabClock;
  readonly happened: Happened;
  readonly proxy: DatabaseProxy;
}
