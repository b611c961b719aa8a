import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { LocalStackError } from "../errors.ts";
import type { SynthesizedStack } from "./cloud-assembly.ts";
import { exportKey, outputKey } from "./foreign-values.ts";
import { resolveIntrinsics, type Reference, type ResolveScope } from "./intrinsics.ts";
import { parameterReferences, parameterStandIns, pseudoParameters } from "./parameters.ts";
import { constructIdOf, pathOf, referenceTo, standInReference, type Places } from "./references.ts";
import type { ResolvedResource } from "./resource.ts";
import { SITE_TYPES, siteReference } from "./site-references.ts";

/** The logical id of a resource among all stacks that run: of several, each puts its name before its own. */
export type GlobalId = (stack: SynthesizedStack, logicalId: string) => string;

export const globalIds = (stacks: readonly SynthesizedStack[]): GlobalId =>
  stacks.length < 2
    ? (_, logicalId) => logicalId
    : // Letters and digits, as logical ids have them.
      ({ stackName }, logicalId) => stackName.replaceAll(/[^A-Za-z0-9]/g, "") + logicalId;

export interface ResolveOptions {
  readonly places: Places;
  readonly globalId: GlobalId;
  /** Whether a name that leads nowhere stands for what does not run here; else it is an error. */
  readonly lenient: boolean;
  readonly local: (value: unknown) => unknown;
}

/** The resources of all stacks, and those outputs that have a value here. */
export interface ResolvedStacks {
  readonly resources: readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical id: what the parameters are called whose value somebody may give. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** Beside a site's, those that name a bucket where what fails goes. */
const MAY_REFER_TO_BUCKETS = [...SITE_TYPES, "AWS::Lambda::EventSourceMapping"];

/**
 * The settings may name hosts, issuers and clients of anything; what does not run here is not asked either.
 */
const isSettings = (where: string): boolean => where.endsWith(`.${ENVIRONMENT.settings}`);

/** Resolves what the templates say, references from one stack to another among it. */
export function resolveStacks(
  stacks: readonly SynthesizedStack[],
  { places, globalId, lenient, local }: ResolveOptions,
): ResolvedStacks {
  const { region } = places;
  const given = new Map<string, { readonly value: unknown; readonly scope: ResolveScope }>();
  const foreignOf: ResolveScope["foreignOf"] = (key, where, onStandIn) => {
    const found = given.get(key);
    return found && resolveIntrinsics(found.value, { ...found.scope, onStandIn }, where);
  };
  const hasStandIns = lenient ? () => true : isSettings;
  const read = stacks.map((stack) => {
    const references = new Map<string, Reference>([
      ...pseudoParameters(stack.stackName, region),
      ...(lenient ? parameterStandIns(stack.template) : []),
      ...parameterReferences(stack.template),
    ]);
    const entries = Object.entries(stack.template.Resources).map(
      ([id, resource]) => [id, globalId(stack, id), resource] as const,
    );
    for (const [id, own, resource] of entries) {
      const known =
        referenceTo(own, resource, places) ?? (lenient ? standInReference(resource, region) : undefined);
      if (known !== undefined) references.set(id, known);
    }
    const withBuckets = new Map(references);
    for (const [id, own, resource] of entries) {
      const known = siteReference(own, resource, region);
      if (known !== undefined) withBuckets.set(id, known);
    }
    const globalIdOf = (id: string): string => globalId(stack, id);
    const scope: ResolveScope = { references, hasStandIns, foreignOf, globalIdOf };
    for (const [name, { Value, Export }] of Object.entries(stack.template.Outputs)) {
      given.set(outputKey(stack.stackName, name), { value: Value, scope });
      if (Export === undefined) continue;
      const exported = textOr(() => resolveIntrinsics(Export.Name, scope, `output ${name}`));
      if (exported !== undefined) given.set(exportKey(exported), { value: Value, scope });
    }
    const resources = entries.map(([logicalId, own, resource]): ResolvedResource => {
      const constructId = constructIdOf(logicalId, resource);
      const known = MAY_REFER_TO_BUCKETS.includes(resource.Type) ? withBuckets : references;
      return {
        logicalId: own,
        type: resource.Type,
        constructId,
        path: pathOf(resource) ?? "",
        properties: (onStandIn) =>
          local(
            resolveIntrinsics(resource.Properties, { ...scope, references: known, onStandIn }, constructId),
          ),
      };
    });
    return { stack, scope, resources };
  });
  return {
    resources: read.flatMap(({ resources }) => resources),
    outputs: Object.assign({}, ...read.map(({ stack, scope }) => outputsOf(stack, scope, local))) as Record<
      string,
      string
    >,
    parameters: new Map(
      stacks.flatMap((stack) =>
        Object.entries(stack.template.Parameters).map(([id, { name }]) => [globalId(stack, id), name]),
      ),
    ),
  };
}

/**
 * Outputs of things that do not run here (a dashboard's name, say) have no value to give and are left out.
 */
function outputsOf(
  { template }: SynthesizedStack,
  scope: ResolveScope,
  local: (value: unknown) => unknown,
): Record<string, string> {
  const strict = { ...scope, hasStandIns: () => false };
  return Object.fromEntries(
    Object.entries(template.Outputs).flatMap(([name, { Value }]) => {
      const value = textOr(() => local(resolveIntrinsics(Value, strict, `output ${name}`)));
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function textOr(read: () => unknown): string | undefined {
  try {
    return String(read());
  } catch (error) {
    if (error instanceof LocalStackError) return undefined;
    throw error;
  }
}
