import type { DemoUser } from "../../cli/demo-users.ts";
import type { ParameterValue } from "../model/parameters.ts";
import type { FunctionVariable, ServiceEndpoint } from "./provided.ts";

/** The options of `dev`, and of `npm start`. */
export interface DevOptions {
  readonly app?: string;
  readonly assembly?: string;
  readonly stack: readonly string[];
  readonly port: number;
  readonly data?: string;
  readonly set: Readonly<Record<string, string>>;
  readonly user: readonly DemoUser[];
  /** Whether local providers stand in the place of the real ones. */
  readonly provider: boolean;
  readonly parameter: readonly ParameterValue[];
  readonly env: readonly FunctionVariable[];
  readonly endpoint: readonly ServiceEndpoint[];
  readonly watch: boolean;
  readonly events?: true;
  readonly verbose?: true;
}
