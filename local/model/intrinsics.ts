import { LocalStackError } from "../errors.ts";
import { foreignValue } from "./foreign-values.ts";

/** What `Ref` and `Fn::GetAtt` give for one logical id. */
export interface Reference {
  /** A list for parameters that are lists. */
  readonly ref: string | readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  /** A name of what does not run here: nothing answers by it. */
  readonly isStandIn?: boolean;
  /** That name, where it was made up. */
  readonly madeUp?: string;
}

/** A name that leads nowhere (RFC 2606), for what has none here. */
export const madeUpName = (id: string): string =>
  `${id.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.invalid`;

export interface ResolveScope {
  /** By logical id; pseudo parameters (`AWS::Region`) among them. */
  readonly references: ReadonlyMap<string, Reference>;
  /** Where what does not exist here gets a {@link madeUpName} instead of being refused. */
  readonly hasStandIns?: (where: string) => boolean;
  readonly onStandIn?: OnStandIn | undefined;
  /** What a logical id is called there, where several stacks run. */
  readonly globalIdOf?: (logicalId: string) => string;
  /** What another stack that runs here gives, by the key of `foreignValue`. */
  readonly foreignOf?: (key: string, where: string, onStandIn: ResolveScope["onStandIn"]) => unknown;
}

/**
 * Told of each name that leads nowhere: a logical id, or what else was asked for, where it stands, and the
 * name if it was made up.
 */
export type OnStandIn = (what: string, where: string, madeUp?: string) => void;

/**
 * The value that CloudFormation would make of a part of a template: `Ref`, `Fn::GetAtt`, `Fn::Join`,
 * `Fn::Sub`, `Fn::Select`, `Fn::Split`, and of other stacks `Fn::ImportValue` and `Fn::GetStackOutput`. A
 * `Ref` to `AWS::NoValue` leaves its property out.
 * @param where names the part in messages.
 * @throws LocalStackError for any other intrinsic, and for a reference to something that does not run here.
 */
export function resolveIntrinsics(value: unknown, scope: ResolveScope, where: string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolveIntrinsics(item, scope, where)).filter((item) => item !== undefined);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined && isIntrinsic(first[0])) {
    return applyIntrinsic(first[0], first[1], scope, where);
  }
  return Object.fromEntries(
    entries
      .map(([key, item]) => [key, resolveIntrinsics(item, scope, `${where}.${key}`)] as const)
      .filter(([, item]) => item !== undefined),
  );
}

const isIntrinsic = (key: string): boolean => key === "Ref" || key === "Condition" || key.startsWith("Fn::");

function applyIntrinsic(name: string, argument: unknown, scope: ResolveScope, where: string): unknown {
  const refuse = (why: string): never => {
    throw new LocalStackError(`${where}: ${why}: ${JSON.stringify({ [name]: argument })}`);
  };
  const missing = (id: string, why: string, what: string): string => {
    if (scope.hasStandIns?.(where) !== true) return refuse(why);
    const madeUp = madeUpName(id);
    scope.onStandIn?.(what, where, madeUp);
    return madeUp;
  };
  const missingResource = (id: string): string => {
    const [logicalId = id] = id.split(".");
    return missing(id, "this does not exist in a local stack", scope.globalIdOf?.(logicalId) ?? logicalId);
  };
  const resolved = (part: unknown): unknown => resolveIntrinsics(part, scope, where);
  const text = (part: unknown): string => {
    const result = resolved(part);
    return typeof result === "string" || typeof result === "number"
      ? String(result)
      : refuse("expected text in an intrinsic");
  };
  const list = (part: unknown): unknown[] => {
    const result = resolved(part);
    return Array.isArray(result) ? result : refuse("expected a list in an intrinsic");
  };
  const [one, two] = Array.isArray(argument) ? (argument as unknown[]) : [argument, undefined];

  switch (name) {
    case "Ref":
      if (argument === "AWS::NoValue") return undefined;
      return reference(String(argument), scope, where)?.ref ?? missingResource(String(argument));
    case "Fn::GetAtt": {
      const [id, ...attribute] = Array.isArray(argument) ? argument.map(String) : String(argument).split(".");
      return (
        reference(String(id), scope, where)?.attributes[attribute.join(".")] ??
        missingResource([id, ...attribute].join("."))
      );
    }
    case "Fn::ImportValue":
    case "Fn::GetStackOutput": {
      const { key, id } = foreignValue(name, argument, text);
      return (
        scope.foreignOf?.(key, where, scope.onStandIn) ??
        missing(id, "no other local stack gives this value", key)
      );
    }
    case "Fn::Join":
      return list(two).map(text).join(text(one));
    case "Fn::Split":
      return text(two).split(text(one));
    case "Fn::Select":
      return list(two)[Number(text(one))] ?? refuse("nothing at this index");
    case "Fn::Sub":
      return substitute(text(one), (two ?? {}) as Readonly<Record<string, unknown>>, (variable, own) => {
        if (own !== undefined) return text(own);
        return variable.includes(".") ? text({ "Fn::GetAtt": variable }) : text({ Ref: variable });
      });
    default:
      return missing(name, "a local stack does not know this intrinsic", name);
  }
}

function reference(id: string, scope: ResolveScope, where: string): Reference | undefined {
  const known = scope.references.get(id);
  if (known?.isStandIn === true) scope.onStandIn?.(scope.globalIdOf?.(id) ?? id, where, known.madeUp);
  return known;
}

const SUBSTITUTION = /\$\{(!?)([^}]+)\}/g;

function substitute(
  template: string,
  variables: Readonly<Record<string, unknown>>,
  valueOf: (variable: string, own: unknown) => string,
): string {
  return template.replace(SUBSTITUTION, (_, literal: string, name: string) =>
    literal === "!" ? `\${${name}}` : valueOf(name.trim(), variables[name.trim()]),
  );
}
