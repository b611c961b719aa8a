import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { isSettings, sourcesIn, trustedBy } from "./identity-sources.ts";
import { NESTED_STACK, nestedStackIn, nestedStackProblem } from "./nested-stacks.ts";
import { readOr, type ResolvedResource } from "./resource.ts";

/** A function that runs here. */
export interface FunctionModel {
  readonly logicalId: string;
  /** Its `FunctionName` where the template gives one, else its construct's id: `login`. */
  readonly name: string;
  /** `admin-logout`, whatever it is called here. */
  readonly constructId: string;
  /** The file of the bundle that holds the handler. */
  readonly entry: string;
  /** The name of the handler's export. */
  readonly handler: string;
  readonly runtime: string;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** As many invocations at once at most; `undefined` where the template reserves none. */
  readonly reservedConcurrency: number | undefined;
  /** Whether Lambda writes down its progress, and invokes it until it is done. */
  readonly isDurable: boolean;
  /** The template's own variables, and no others. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it has layers, of which nothing runs here. */
  readonly hasLayers: boolean;
  /** Variables that name what does not run here, by the logical id of that. */
  readonly standIns: readonly StandIn[];
}

/** A variable of a function, and the logical id of what it names, which does not run here. */
export interface StandIn {
  readonly variable: string;
  readonly logicalId: string;
  /** The name that was made up for it; `undefined` where the template gives it one. */
  readonly madeUp: string | undefined;
}

const functionSchema = z.object({
  FunctionName: z.string().optional(),
  Code: z.object({ S3Key: z.string().optional(), ZipFile: z.string().optional() }),
  // Neither is there where the code is an image.
  Handler: z.string().default(""),
  Runtime: z.string().default("of a container image"),
  // Lambda's own defaults, which a template may leave out.
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.number().optional(),
  DurableConfig: z.object({}).optional(),
  Layers: z.array(z.unknown()).default([]),
  Environment: z
    .object({
      Variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)),
    })
    .default({ Variables: {} }),
});

/** The functions that run here, and for each other one, by its name, why it does not. */
export interface FunctionModels {
  readonly functions: readonly FunctionModel[];
  readonly problems: ReadonlyMap<string, string>;
  /** Whose functions do not run here. */
  readonly nestedStacks: readonly ResolvedResource[];
}

/** Where functions' names and their code are found. */
export interface FunctionPlaces {
  readonly nameOf: (resource: ResolvedResource) => string;
  readonly assetPath: (objectKey: string) => string | undefined;
}

/**
 * The functions of a template. One that cannot run here (a helper of the CDK in Python, say) is no error
 * before something leads to it: see `readApis`.
 */
export function readFunctions(
  resources: readonly ResolvedResource[],
  places: FunctionPlaces,
): FunctionModels {
  const functions: FunctionModel[] = [];
  const problems = new Map<string, string>();
  for (const resource of resources.filter(({ type }) => type === "AWS::Lambda::Function")) {
    const name = places.nameOf(resource);
    readOr<unknown>(
      `The function ${name}`,
      () => functions.push(readFunction(name, resource, places)),
      (why) => problems.set(name, why),
    );
  }
  return { functions, problems, nestedStacks: resources.filter(({ type }) => type === NESTED_STACK) };
}

function readFunction(
  name: string,
  resource: ResolvedResource,
  { assetPath }: FunctionPlaces,
): FunctionModel {
  const standIns: StandIn[] = [];
  const properties = functionSchema.parse(
    resource.properties((logicalId, where, madeUp) => {
      const variable = /\.Environment\.Variables\.([^.]+)$/.exec(where)?.[1];
      if (variable !== undefined) standIns.push({ variable, logicalId, madeUp });
    }),
  );
  if (!properties.Runtime.startsWith("nodejs")) {
    throw new LocalStackError(
      `The function ${name} has the runtime ${properties.Runtime}; only nodejs runs here.`,
    );
  }
  const { S3Key: key, ZipFile: inline } = properties.Code;
  const folder = inline === undefined ? assetPath(key ?? "") : inlineFolder(inline);
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
  const environment = properties.Environment.Variables;
  // Who reads settings knows what to do with an origin that leads nowhere, but not with an issuer.
  const isTrusted = (madeUp = ""): boolean =>
    madeUp !== "" &&
    sourcesIn(environment)
      .flatMap(trustedBy)
      .some((name) => name.includes(madeUp));
  return {
    logicalId: resource.logicalId,
    name,
    constructId: resource.constructId,
    entry,
    handler,
    runtime: properties.Runtime,
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    isDurable: properties.DurableConfig !== undefined,
    environment,
    hasLayers: properties.Layers.length > 0,
    standIns: standIns.filter(({ variable, madeUp }) => !isSettings(variable) || isTrusted(madeUp)),
  };
}

/** Code that is in the template itself, in a file, as Lambda makes one of it. */
function inlineFolder(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "single-session-inline-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "index.js"), code);
  return folder;
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
export function functionIn(
  arn: string,
  whose: string,
  { functions, problems, nestedStacks }: FunctionModels,
): string {
  const name = FUNCTION_IN_ARN.exec(arn)?.[1] ?? arn;
  if (functions.some((model) => model.name === name)) return name;
  const problem = problems.get(name);
  if (problem !== undefined) throw new LocalStackError(problem);
  const nestedStack = nestedStackIn(arn, nestedStacks);
  if (nestedStack !== undefined) throw new LocalStackError(nestedStackProblem(nestedStack));
  throw new LocalStackError(
    `${whose} leads to ${arn || "nothing"}, which is not a function of this template.`,
  );
}
