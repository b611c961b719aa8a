import { resolveIntrinsics } from "../../../local/model/intrinsics.ts";
import type { IamRequest } from "./requests.ts";
import { functionArn, referencesIn, type Role, type Template } from "./roles.ts";

/**
 * What the calls about jobs ask of Lambda, of the function that their environment names: its latest version
 * is started, for which IAM may ask by its name with the version or without.
 */
export function requestsToStart({ functionId }: Role, template: Template): IamRequest[] {
  const { Environment } = template.Resources[functionId]?.Properties as {
    readonly Environment: { readonly Variables: unknown };
  };
  const references = referencesIn(template);
  const told = resolveIntrinsics(Environment.Variables, { references }, "the calls about jobs") as {
    readonly RUN_JOB_FUNCTION: string;
  };
  const arn = functionArn(told.RUN_JOB_FUNCTION);
  const action = "lambda:InvokeFunction";
  return ["", ":$LATEST"].map((version) => ({
    ...{ functionId, action, resource: arn + version, table: "", context: {} },
  }));
}
