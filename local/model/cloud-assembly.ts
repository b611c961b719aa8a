import { existsSync } from "node:fs";
import { join } from "node:path";
import { AssetManifestArtifact, CloudAssembly, type CloudFormationStackArtifact } from "aws-cdk-lib/cx-api";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { LocalStackError } from "../errors.ts";
import { suppliersAmong, UNKNOWN_REGION, type ExchangingStack } from "./exchanges.ts";
import { deployedTemplate } from "./deployed-template.ts";
import { checkParameterNames, type ParameterValue } from "./parameters.ts";
import { DEFAULT_REGION } from "./resource.ts";
import { templateSchema, type Template } from "./template.ts";

/** A stack of a cloud assembly: its template, and where its assets are. */
export interface SynthesizedStack {
  readonly stackName: string;
  /** The Region the stack names, or `undefined` where it names none. */
  readonly region: string | undefined;
  readonly template: Template;
  /** The path of the file or folder that would be uploaded under this object key. */
  assetPath(objectKey: string): string | undefined;
}

/** What of an assembly is run, and with which values. */
export interface AssemblyOptions {
  /** Which stacks to run, by name or by path (`Dev/Shop`); those with a `SingleSession` unless given. */
  readonly stacks?: readonly string[];
  /** Values of the templates' parameters, and of the Parameter Store. */
  readonly parameters?: readonly ParameterValue[];
}

/**
 * Reads what a synth wrote: the stacks that hold a `SingleSession`, and those that export values to them or
 * import some of theirs; of an app with one stack, that one.
 * @throws LocalStackError where there is no cloud assembly, no such stack or parameter, or several stacks to
 * choose from, or where the app marked an error.
 */
export function readCloudAssembly(
  folder: string,
  { stacks: names = [], parameters = [] }: AssemblyOptions = {},
): SynthesizedStack[] {
  if (!existsSync(join(folder, "manifest.json"))) {
    throw new LocalStackError(`${folder} holds no cloud assembly (no manifest.json in it).`);
  }
  const assembly = new CloudAssembly(folder);
  const all = assembly.stacksRecursively;
  const chosen = names.length > 0 ? named(all, names) : withSessions(all);
  const assets = assetPaths(assembly);
  const synthesized = chosen.map((stack) => {
    refuseMarkedErrors(stack);
    const { stackName } = stack;
    const region = stack.environment.region === UNKNOWN_REGION ? undefined : stack.environment.region;
    const deployment = { stackName, region: region ?? DEFAULT_REGION, parameters };
    return {
      stackName,
      region,
      template: deployedTemplate(stack.template, deployment),
      assetPath: (objectKey: string) => assets.get(objectKey),
    };
  });
  checkParameterNames(
    parameters,
    synthesized.map(({ template }) => template.Parameters),
  );
  return synthesized;
}

type Artifact = CloudFormationStackArtifact;

function named(all: readonly Artifact[], names: readonly string[]): Artifact[] {
  return names.map((name) => {
    const found = all.find(({ stackName, hierarchicalId }) => stackName === name || hierarchicalId === name);
    if (found !== undefined) return found;
    throw new LocalStackError(`The CDK app has no stack ${name}; there are ${namesOf(all)}.`);
  });
}

const namesOf = (stacks: readonly Artifact[]): string =>
  stacks.map(({ hierarchicalId }) => hierarchicalId).join(", ");

function withSessions(all: readonly Artifact[]): Artifact[] {
  const [only, ...others] = all;
  if (only === undefined) throw new LocalStackError("The CDK app has no stack.");
  if (others.length === 0) return [only];
  const holding = all.filter((stack) => JSON.stringify(stack.template).includes(SINGLE_SESSION_MARK));
  if (holding.length === 0) {
    throw new LocalStackError(
      `The CDK app has several stacks (${namesOf(all)}), and none holds a SingleSession. Name those to run with --stack.`,
    );
  }
  // Of stages that are copies of each other, one runs: they would have the same names.
  const stages = new Set(holding.map(stageOf));
  if (stages.size > 1) {
    throw new LocalStackError(
      `Several stages hold a SingleSession (${namesOf(holding)}). Name the stack to run with --stack.`,
    );
  }
  return connected(all, holding);
}

const stageOf = ({ hierarchicalId }: Artifact): string => hierarchicalId.split("/").slice(0, -1).join("/");

/** Every function of the construct has this variable. */
const SINGLE_SESSION_MARK = ENVIRONMENT.settings;

/** With all that values are exchanged with, over however many stacks. */
function connected(all: readonly Artifact[], first: readonly Artifact[]): Artifact[] {
  const suppliers = suppliersAmong(all.map((artifact) => ({ artifact, ...exchanging(artifact) })));
  const taken = new Set(first);
  for (let before = 0; before !== taken.size;) {
    before = taken.size;
    for (const { stack, from } of suppliers) {
      if (taken.has(stack.artifact)) from.forEach(({ artifact }) => taken.add(artifact));
      else if (from.some(({ artifact }) => taken.has(artifact))) taken.add(stack.artifact);
    }
  }
  return all.filter((stack) => taken.has(stack));
}

const exchanging = (stack: Artifact): ExchangingStack => ({
  stackName: stack.stackName,
  region: stack.environment.region,
  stage: stageOf(stack),
  template: templateSchema.parse(stack.template),
});

const ERROR_LEVELS: readonly string[] = ["error"];

/** Annotations do not fail the app itself; the CDK CLI refuses to go on from them, and so does this. */
function refuseMarkedErrors(stack: CloudFormationStackArtifact): void {
  const errors = stack.messages.filter(({ level }) => ERROR_LEVELS.includes(level));
  if (errors.length === 0) return;
  throw new LocalStackError(
    errors
      .map(
        ({ id, entry }) =>
          `${id}: ${typeof entry.data === "string" ? entry.data : JSON.stringify(entry.data)}`,
      )
      .join("\n"),
  );
}

function assetPaths(assembly: CloudAssembly): Map<string, string> {
  const manifests = assembly.artifacts.filter((artifact) => artifact instanceof AssetManifestArtifact);
  const paths = new Map(
    assembly.nestedAssemblies.flatMap(({ nestedAssembly }) => [...assetPaths(nestedAssembly)]),
  );
  for (const { source, destinations } of manifests.flatMap((m) => Object.values(m.contents.files ?? {}))) {
    if (source.path === undefined) continue;
    for (const { objectKey } of Object.values(destinations)) {
      paths.set(objectKey, join(assembly.directory, source.path));
    }
  }
  return paths;
}
