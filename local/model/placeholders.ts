import type { FunctionModels } from "./function-model.ts";
import { isSettings } from "./identity-sources.ts";
import { NESTED_STACK, nestedStackProblem } from "./nested-stacks.ts";
import type { OnUnsupported, ResolvedResource } from "./resource.ts";

/** By type: what the SDKs call the service whose endpoint may be set. */
const SERVICES: Readonly<Record<string, string>> = {
  S3: "s3",
  SNS: "sns",
  SSM: "ssm",
  SES: "ses",
  KMS: "kms",
  Kinesis: "kinesis",
  KinesisFirehose: "firehose",
  StepFunctions: "sfn",
  SecretsManager: "secrets_manager",
  OpenSearchService: "opensearch",
};

/** What somebody says to use in the place of something that does not run here. */
export interface Provided {
  /** Whether a function, by its name or logical id, was given this variable. */
  hasVariable(functionName: string, logicalId: string, variable: string): boolean;
  /** Whether the endpoint of a service is set, by what the SDKs call it: `s3`. */
  hasEndpoint(service: string): boolean;
}

/** Helpers of the CDK that do their work at a deployment. */
const OF_THE_CDK = /(^|\/)(Custom::|AWS679f53fac|LogRetention|framework-on)|\/Provider\/framework/;

/** What is emulated otherwise (a site), or means nothing here. */
const QUIET_CUSTOM_RESOURCES =
  /^Custom::(CDKBucketDeployment|S3AutoDelete|LogRetention|UserPool|Cognito|Vpc|CrossRegion|AWS$)/;

/**
 * Tells of what stands for something that does not run here, a line each: functions in another runtime,
 * layers, custom resources, and whatever a function's variables name.
 */
export function tellPlaceholders(
  resources: readonly ResolvedResource[],
  { functions, problems }: FunctionModels,
  options: {
    readonly onUnsupported: OnUnsupported;
    readonly provided?: Provided | undefined;
    /** By logical id: what the parameters are called. */
    readonly parameters: ReadonlyMap<string, string>;
  },
): void {
  const { onUnsupported, provided, parameters } = options;
  for (const resource of resources) {
    const { type, constructId, path = "" } = resource;
    if (type === "AWS::Lambda::Function") {
      const why = [...problems].find(([name]) => name === constructId || name === resource.logicalId)?.[1];
      if (why !== undefined && !OF_THE_CDK.test(path)) onUnsupported(why);
      const found = functions.find(({ logicalId }) => logicalId === resource.logicalId);
      if (found?.hasLayers === true) {
        onUnsupported(
          `The layers of the function ${found.name} do not run here: bundle what it uses of them.`,
        );
      }
    }
    const isCustom = type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";
    if (isCustom && !QUIET_CUSTOM_RESOURCES.test(type)) {
      onUnsupported(
        `The custom resource ${constructId} (${type}) does not run here; what it would do is not done.`,
      );
    }
    if (type === NESTED_STACK) onUnsupported(nestedStackProblem(resource));
  }
  for (const [logicalId, all] of usersOf(functions, provided)) {
    const parameter = parameters.get(logicalId);
    if (parameter !== undefined) {
      const where = all.map((user) =>
        isSettings(user.variable) ? "an identity source" : `${user.variable} of ${user.name}`,
      );
      onUnsupported(
        `The parameter ${parameter} has no value here; it is named by ${[...new Set(where)].join(", ")}. ` +
          `Give it one: --parameter ${parameter}=VALUE`,
      );
      continue;
    }
    const resource = resources.find((each) => each.logicalId === logicalId);
    // A secret's value is made up here (`secrets.ts`); who has its ARN would ask AWS for it.
    const named = all.filter(({ value }) => resource?.type !== SECRET || value.includes(":secret:"));
    const what = resource === undefined ? logicalId : `${resource.constructId} (${resource.type})`;
    const users = named.filter(({ variable }) => !isSettings(variable));
    if (users.length < named.length) {
      const elsewhere = resource === undefined ? " If it is in another stack, run that as well: --stack" : "";
      onUnsupported(
        `${what} does not run here; an identity source names it, so that nobody can sign in by that.${elsewhere}`,
      );
    }
    if (users.length === 0) continue;
    const service = SERVICES[resource?.type.split("::")[1] ?? ""];
    if (service !== undefined && provided?.hasEndpoint(service) === true) continue;
    const [{ name, variable } = { name: "", variable: "" }] = users;
    const where = users.map((user) => `${user.variable} of ${user.name}`).join(", ");
    const endpoint =
      service === undefined ? "" : `, or where it is: --endpoint ${service}=http://localhost:PORT`;
    onUnsupported(
      `${what} does not run here; it is named by ${where}. ` +
        `Say what to use: --env ${name}:${variable}=VALUE${endpoint}`,
    );
  }
}

const SECRET = "AWS::SecretsManager::Secret";

interface User {
  readonly value: string;
  readonly name: string;
  readonly variable: string;
}

/** By the logical id of what does not run here: the variables that name it, unless they are set. */
function usersOf(
  functions: FunctionModels["functions"],
  provided: Provided | undefined,
): Map<string, readonly User[]> {
  const users = new Map<string, readonly User[]>();
  for (const { name, logicalId: id, standIns, environment } of functions) {
    for (const { logicalId, variable } of standIns) {
      if (provided?.hasVariable(name, id, variable) === true) continue;
      users.set(logicalId, [
        ...(users.get(logicalId) ?? []),
        { name, variable, value: environment[variable] ?? "" },
      ]);
    }
  }
  return users;
}
