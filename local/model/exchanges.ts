import { exportKey, foreignValue, outputKey, type ForeignValue } from "./foreign-values.ts";
import { resolveIntrinsics, type ResolveScope } from "./intrinsics.ts";
import { parameterReferences, pseudoParameters } from "./parameters.ts";
import { readOr } from "./resource.ts";
import type { Template } from "./template.ts";

/** What the CDK calls the Region of a stack that names none. */
export const UNKNOWN_REGION = "unknown-region";

/** A stack of an app, as far as it gives values to others, and takes values of theirs. */
export interface ExchangingStack {
  readonly stackName: string;
  /** {@link UNKNOWN_REGION} where it names none. */
  readonly region: string;
  /** The path of the stage that it is in; empty where it is in none. */
  readonly stage: string;
  readonly template: Template;
}

/**
 * Of each stack those whose values it takes, by `Fn::ImportValue` or `Fn::GetStackOutput`. Of several of one
 * name, as copies of a stage may have, those of its own stage.
 */
export function suppliersAmong<Stack extends ExchangingStack>(
  all: readonly Stack[],
): { readonly stack: Stack; readonly from: readonly Stack[] }[] {
  const given = all.map((other) => ({ other, keys: keysOf(other) }));
  return all.map((stack) => {
    const taken = foreignValuesIn(stack.template, scopeOf(stack));
    const suppliers = taken.flatMap(({ key, region = stack.region }) => {
      const able = given
        .filter(({ other, keys }) => other !== stack && keys.includes(key))
        .map(({ other }) => other)
        .filter((other) => mayBeOneRegion(other.region, region));
      const near = able.filter(({ stage }) => stage === stack.stage);
      return near.length > 0 ? near : able;
    });
    return { stack, from: [...new Set(suppliers)] };
  });
}

const mayBeOneRegion = (one: string, other: string): boolean =>
  one === other || one === UNKNOWN_REGION || other === UNKNOWN_REGION;

const scopeOf = ({ stackName, region, template }: ExchangingStack): ResolveScope => ({
  references: new Map([...pseudoParameters(stackName, region), ...parameterReferences(template)]),
});

function keysOf(stack: ExchangingStack): string[] {
  const scope = scopeOf(stack);
  return Object.entries(stack.template.Outputs).flatMap(([name, { Export }]) => {
    const exported = Export && orUndefined(() => textOf(Export.Name, scope));
    return [outputKey(stack.stackName, name), ...(exported === undefined ? [] : [exportKey(exported)])];
  });
}

/** All `Fn::ImportValue` and `Fn::GetStackOutput` in a part of a template. */
function foreignValuesIn(part: unknown, scope: ResolveScope): ForeignValue[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, argument]) => {
    const inner = foreignValuesIn(argument, scope);
    if (name !== "Fn::ImportValue" && name !== "Fn::GetStackOutput") return inner;
    const own = orUndefined(() => foreignValue(name, argument, (each) => textOf(each, scope)));
    return own === undefined ? inner : [own, ...inner];
  });
}

const textOf = (part: unknown, scope: ResolveScope): string =>
  String(resolveIntrinsics(part, scope, "the name of another stack's value"));

/** A name that only a deployment could tell is that of no stack here. */
const orUndefined = <T>(read: () => T): T | undefined => readOr<T | undefined>("", read, () => undefined);
