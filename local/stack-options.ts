import type { FunctionModel } from "./model/function-model.ts";
import type { Provided } from "./model/placeholders.ts";
import type { AssemblyOptions } from "./model/cloud-assembly.ts";
import type { OnUnsupported } from "./model/resource.ts";
import type { StackModel } from "./model/stack-model.ts";
import type { InvocationRecord } from "./lambda/function-runner.ts";
import type { LabOptions } from "./lab/parts.ts";
import type { LogOption } from "./log.ts";
import type { BusEvent } from "./outbox/event-bus.ts";
import type { PrepareOptions } from "./prepare.ts";
import type { SignInOptions } from "./provider/local-providers.ts";

/** How a stack runs on this machine. */
export interface LocalStackOptions extends PrepareOptions, AssemblyOptions {
  /** 0, the default, takes any that is free. */
  readonly port?: number;
  /** Appended to the tables' names, so that stacks can share one database. */
  readonly tableNameSuffix?: string;
  /** Variables for every function beside the template's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables for one function, over all others. */
  readonly environmentOf?: (model: FunctionModel) => Readonly<Record<string, string>>;
  /** Serves the lab at `/_local`, with a proxy between the functions and the database; not unless given. */
  readonly lab?: LabOptions;
  /**
   * Serves local providers in the place of the Cognito user pools and OpenID Connect providers that the
   * functions trust; unless given, the functions ask the real ones.
   */
  readonly signIn?: SignInOptions;
  /** Told of each thing that does not run here, and that is left out; without it, it is an error. */
  readonly onUnsupported?: OnUnsupported;
  /** What is provided in the place of that. */
  readonly provided?: Provided;
  /** Told of what is about to run, before anything of it does; what it throws ends the start. */
  readonly onModel?: (model: StackModel) => void;
  /** Where functions' log lines go; `silent` unless given. */
  readonly log?: LogOption;
  /** Whether what the template schedules is done: at once, and then as often as it says. Not unless given. */
  readonly schedules?: boolean;
  /** Called when an invocation has ended. */
  readonly onInvocation?: (record: InvocationRecord) => void;
  /** Called with each event that a bus takes. */
  readonly onEvent?: (event: BusEvent, busName: string) => void;
}
