import { LocalStackError } from "../errors.ts";
import { resolveIntrinsics, type ResolveScope } from "./intrinsics.ts";
import { mapTexts } from "./map-texts.ts";
import {
  parameterReferences,
  parameterStandIns,
  pseudoParameters,
  withValues,
  type ParameterValue,
} from "./parameters.ts";
import { templateSchema, type Template, type TemplateParameter } from "./template.ts";

/** Where a template is deployed, and the values that it is given. */
export interface Deployment {
  readonly stackName: string;
  readonly region: string;
  readonly parameters: readonly ParameterValue[];
}

/**
 * A template as a deployment reads it: its parameters have the values given, what its conditions leave out is
 * gone, and `Fn::If` and `Fn::FindInMap` are what they choose. A reference to the Parameter Store in a text
 * (`{{resolve:ssm:/name}}`) is a parameter, as those are that the template declares.
 * @throws LocalStackError for a condition that cannot be told.
 */
export function deployedTemplate(raw: unknown, { stackName, region, parameters }: Deployment): Template {
  const template = withDynamicReferences(templateSchema.parse(raw));
  const valued = { ...template, Parameters: withValues(template.Parameters, parameters) };
  const references = new Map([
    ...pseudoParameters(stackName, region),
    ...parameterStandIns(valued),
    ...parameterReferences(valued),
  ]);
  const chooser = new Chooser(valued, {
    references,
    onStandIn(id, where) {
      const name = valued.Parameters[id]?.name ?? id;
      throw new LocalStackError(
        `${where}: the parameter ${name} has no value here. Give it one: --parameter ${name}=VALUE`,
      );
    },
  });
  const kept = <T extends { readonly Condition?: string | undefined }>(all: Record<string, T>) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([, { Condition }]) => Condition === undefined || chooser.holds(Condition))
        .map(([id, part]) => [id, chooser.chosen(part) as T]),
    );
  return { ...valued, Resources: kept(valued.Resources), Outputs: kept(valued.Outputs) };
}

/** What conditions and mappings choose: they see parameters and each other, and no resource. */
class Chooser {
  readonly #template: Template;
  readonly #scope: ResolveScope;

  constructor(template: Template, scope: ResolveScope) {
    this.#template = template;
    this.#scope = scope;
  }

  holds(name: string): boolean {
    const condition = this.#template.Conditions[name];
    if (condition === undefined) throw new LocalStackError(`The template has no condition ${name}.`);
    return this.#isTrue(condition, `condition ${name}`);
  }

  /** With what they choose in the place of `Fn::If` and `Fn::FindInMap`. */
  chosen(part: unknown): unknown {
    if (Array.isArray(part)) return part.map((item) => this.chosen(item));
    if (typeof part !== "object" || part === null) return part;
    const [name, argument] = onlyEntry(part);
    if (name === "Fn::If" && Array.isArray(argument)) {
      const [condition, yes, no] = argument as unknown[];
      return this.chosen(this.holds(String(condition)) ? yes : no);
    }
    if (name === "Fn::FindInMap" && Array.isArray(argument)) return this.#found(argument) ?? part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, this.chosen(item)]));
  }

  #isTrue(condition: unknown, where: string): boolean {
    const [name, argument] = onlyEntry(condition);
    const parts = Array.isArray(argument) ? (argument as unknown[]) : [argument];
    switch (name) {
      case "Condition":
        return this.holds(String(argument));
      case "Fn::And":
        return parts.every((part) => this.#isTrue(part, where));
      case "Fn::Or":
        return parts.some((part) => this.#isTrue(part, where));
      case "Fn::Not":
        return !this.#isTrue(parts[0], where);
      case "Fn::Equals": {
        const [one, other] = parts.map((part) => JSON.stringify(this.#value(part, where)));
        return one === other;
      }
      case undefined:
      default:
        throw new LocalStackError(`${where}: a local stack cannot tell ${JSON.stringify(condition)}`);
    }
  }

  #found(argument: readonly unknown[]): unknown {
    const [map = "", top = "", second = "", otherwise] = argument;
    const [one, two, three] = [map, top, second].map((part) => String(this.#value(part, "Fn::FindInMap")));
    const value = this.#template.Mappings[one ?? ""]?.[two ?? ""]?.[three ?? ""];
    return value ?? (otherwise as { readonly DefaultValue?: unknown } | undefined)?.DefaultValue;
  }

  #value(part: unknown, where: string): unknown {
    return resolveIntrinsics(this.chosen(part), this.#scope, where);
  }
}

const onlyEntry = (part: unknown): readonly [string | undefined, unknown] => {
  const entries = typeof part === "object" && part !== null ? Object.entries(part) : [];
  return entries.length === 1 && entries[0] !== undefined ? entries[0] : [undefined, undefined];
};

/** `{{resolve:ssm:/name}}`, `{{resolve:ssm-secure:/name:3}}`. */
const DYNAMIC_REFERENCE = /\{\{resolve:ssm(?:-secure)?:([^{}:]+)(?::\d+)?\}\}/;

function withDynamicReferences(template: Template): Template {
  const found: Record<string, TemplateParameter> = {};
  const parameterOf = (name: string): string => {
    const id = `ssm:${name}`;
    found[id] = { name, isList: false };
    return id;
  };
  const withParameters = (text: string): unknown => {
    const pieces = text.split(DYNAMIC_REFERENCE);
    if (pieces.length === 1) return text;
    // A split by a pattern with a group has what the group took at every second place.
    const items = pieces.map((piece, index) => (index % 2 === 0 ? piece : { Ref: parameterOf(piece) }));
    return { "Fn::Join": ["", items] };
  };
  const Resources = mapTexts(template.Resources, withParameters) as Template["Resources"];
  const Outputs = mapTexts(template.Outputs, withParameters) as Template["Outputs"];
  return { ...template, Resources, Outputs, Parameters: { ...template.Parameters, ...found } };
}
