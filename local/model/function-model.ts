import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import type { ResolvedResource } from "./resource.ts";

/** A function that runs here. */
export interface FunctionModel {
  readonly logicalId: string;
  /** Its `FunctionName` where the template gives one, else its construct's id: `login`. */
  readonly name: string;
  /** The file of the bundle that holds the handler. */
  readonly entry: string;
  /** The name of the handler's export. */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** Whether Lambda writes down its progress, and invokes it until it is done. */
  readonly isDurable: boolean;
  /** The template's own variables, and no others. */
  readonly environment: Readonly<Record<string, string>>;
}

const functionSchema = z.object({
  FunctionName: z.string().optional(),
  Code: z.object({ S3Key: z.string().optional() }),
  Handler: z.string(),
  Runtime: z.string(),
  // Lambda's own defaults, which a template may leave out.
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  DurableConfig: z.object({}).optional(),
  Environment: z
    .object({
      Variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
    })
    .default({ Variables: {} }),
});

/** The functions that run here, and for each other one why it does not. */
export interface FunctionModels {
  readonly functions: readonly FunctionModel[];
  readonly problems: ReadonlyMap<string, string>;
}

/**
 * The functions of a template. One that cannot run here (a helper of the CDK in Python, say) is no error
 * before something leads to it: see `readApi`.
 */
export function readFunctions(
  resources: readonly ResolvedResource[],
  assetPath: (objectKey: string) => string | undefined,
): FunctionModels {
  const functions: FunctionModel[] = [];
  const problems = new Map<string, string>();
  for (const resource of resources.filter(({ type }) => type === "AWS::Lambda::Function")) {
    try {
      functions.push(readFunction(resource, assetPath));
    } catch (error) {
      if (!(error instanceof LocalStackError)) throw error;
      problems.set(resource.constructId, error.message);
    }
  }
  return { functions, problems };
}

function readFunction(
  resource: ResolvedResource,
  assetPath: (objectKey: string) => string | undefined,
): FunctionModel {
  const properties = functionSchema.parse(resource.properties());
  const name = properties.FunctionName ?? resource.constructId;
  if (!properties.Runtime.startsWith("nodejs")) {
    throw new LocalStackError(
      `The function ${name} has the runtime ${properties.Runtime}; only nodejs runs here.`,
    );
  }
  const folder = properties.Code.S3Key === undefined ? undefined : assetPath(properties.Code.S3Key);
  if (folder === undefined || !statSync(folder).isDirectory()) {
    throw new LocalStackError(`The function ${name} has no bundled folder as its code; only those run here.`);
  }
  const [module, handler] = splitHandler(properties.Handler);
  const entry = [".mjs", ".js", ".cjs"].map((suffix) => join(folder, module + suffix)).find(existsSync);
  if (entry === undefined || handler === undefined) {
    throw new LocalStackError(
      `The function ${name} has the handler ${properties.Handler}, but its bundle has no file for it.`,
    );
  }
  return {
    logicalId: resource.logicalId,
    name,
    entry,
    handler,
    runtime: properties.Runtime,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    isDurable: properties.DurableConfig !== undefined,
    environment: properties.Environment.Variables,
  };
}

/** `index.handler`: the file, and after the last point the export. */
function splitHandler(handler: string): [string, string | undefined] {
  const point = handler.lastIndexOf(".");
  return point < 0 ? [handler, undefined] : [handler.slice(0, point), handler.slice(point + 1)];
}

const FUNCTION_IN_ARN = /:function:([^:/]+)/;

/**
 * The name of the function that an ARN (or a name, where that is what a property takes) leads to.
 * @param whose begins the message.
 * @throws LocalStackError where it leads to no function of this template, or to one that cannot run here.
 */
export function functionIn(arn: string, whose: string, { functions, problems }: FunctionModels): string {
  const name = FUNCTION_IN_ARN.exec(arn)?.[1] ?? arn;
  if (functions.some((model) => model.name === name)) return name;
  const problem = problems.get(name);
  if (problem !== undefined) throw new LocalStackError(problem);
  throw new LocalStackError(
    `${whose} leads to ${arn || "nothing"}, which is not a function of this template.`,
  );
}
