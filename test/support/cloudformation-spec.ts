import { loadAwsServiceSpecSync } from "@aws-cdk/aws-service-spec";
import type { PropertyType, Resource, ResourceProperties } from "@aws-cdk/service-spec-types";

/** The part of a template that is checked. */
export interface CheckedTemplate {
  readonly Resources: Readonly<Record<string, CheckedResource>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

interface CheckedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

let loaded: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
/** Loading takes a second or two. */
const database = () => (loaded ??= loadAwsServiceSpecSync());

/** Types that CloudFormation does not know, whose properties are what their own function takes. */
const isCustom = (type: string): boolean =>
  type.startsWith("Custom::") || type === "AWS::CloudFormation::CustomResource";

/**
 * What of a template is not as the CloudFormation resource specification has it: unknown types and properties
 * (read-only ones among them), missing required properties, values of another type, values outside a list,
 * references to what is not there. The specification has no patterns and no lengths.
 */
export function specificationProblems(template: CheckedTemplate): string[] {
  const { Resources: resources, Outputs: outputs = {} } = template;
  return [
    ...Object.entries(resources).flatMap(([id, resource]) => [
      ...resourceProblems(id, resource),
      ...[resource.DependsOn ?? []]
        .flat()
        .flatMap((other) => (other in resources ? [] : [`${id}: DependsOn ${other}, which is not there`])),
      ...referenceProblems(resource.Properties, template).map((problem) => `${id}: ${problem}`),
    ]),
    ...referenceProblems(outputs, template).map((problem) => `Outputs: ${problem}`),
  ];
}

const resourceOfType = (type: string): Resource | undefined =>
  database().lookup("resource", "cloudFormationType", "equals", type)[0];

function resourceProblems(
  id: string,
  { Type: type, Properties: properties = {} }: CheckedResource,
): string[] {
  if (isCustom(type)) return [];
  const specified = resourceOfType(type);
  if (specified === undefined) return [`${id}: there is no type ${type}`];
  const readOnly = Object.keys(specified.attributes).filter((name) => !(name in specified.properties));
  return objectProblems(id, properties, specified.properties, readOnly);
}

function objectProblems(
  path: string,
  value: Readonly<Record<string, unknown>>,
  properties: ResourceProperties,
  readOnly: readonly string[] = [],
): string[] {
  const missing = Object.entries(properties).flatMap(([name, { required }]) =>
    required === true && value[name] === undefined ? [`${path}.${name} is required`] : [],
  );
  const wrong = Object.entries(value).flatMap(([name, item]) => {
    const property = properties[name];
    if (property !== undefined)
      return valueProblems(`${path}.${name}`, item, [property.type, ...(property.previousTypes ?? [])]);
    return [`${path}.${name} is ${readOnly.includes(name) ? "read-only" : "not a property"}`];
  });
  return [...missing, ...wrong];
}

/**
 * Problems of a value that must be of one of the types: none if it is of any, else those by the first of its
 * shape.
 */
function valueProblems(path: string, value: unknown, types: readonly PropertyType[]): string[] {
  if (isIntrinsic(value)) return [];
  const byType = mostSpecific(types.flatMap(membersOf), value).map((type) =>
    problemsByType(path, value, type),
  );
  return byType.some((problems) => problems.length === 0) ? [] : (byType[0] ?? []);
}

const membersOf = (type: PropertyType): PropertyType[] =>
  type.type === "union" ? type.types.flatMap(membersOf) : [type];

/** Often any JSON stands beside a type with a shape; a value of that shape must then be right by it. */
function mostSpecific(types: readonly PropertyType[], value: unknown): readonly PropertyType[] {
  const ofShape = types.filter(
    ({ type }) =>
      (type === "array" && Array.isArray(value)) || (["map", "ref"].includes(type) && isRecord(value)),
  );
  return ofShape.length > 0 ? ofShape : types;
}

function problemsByType(path: string, value: unknown, type: PropertyType): string[] {
  const expect = (isRight: boolean, what: string): string[] =>
    isRight ? [] : [`${path} is ${JSON.stringify(value)}; accepted is ${what}`];
  switch (type.type) {
    case "string":
    case "date-time": {
      const accepted = type.type === "string" ? type.allowedValues : undefined;
      return expect(
        typeof value === "string" && (accepted?.includes(value) ?? true),
        accepted?.join(", ") ?? "text",
      );
    }
    case "integer":
      return expect(
        Number.isInteger(value) && (type.allowedValues?.includes(value as number) ?? true),
        type.allowedValues?.join(", ") ?? "a whole number",
      );
    case "number":
      return expect(typeof value === "number", "a number");
    case "boolean":
      return expect(typeof value === "boolean", "true or false");
    case "json":
      return expect(typeof value === "object" && value !== null, "an object");
    case "null":
      return expect(value === null, "null");
    case "tag":
      return expect(isRecord(value) && Object.keys(value).sort().join() === "Key,Value", "a Key and a Value");
    case "array":
      return Array.isArray(value)
        ? value.flatMap((item, index) => valueProblems(`${path}[${index}]`, item, [type.element]))
        : expect(false, "a list");
    case "map":
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, item]) =>
            valueProblems(`${path}.${key}`, item, [type.element]),
          )
        : expect(false, "an object");
    case "union":
      return valueProblems(path, value, [type]);
    case "ref": {
      const { properties } = database().get("typeDefinition", type.reference);
      return isRecord(value) ? objectProblems(path, value, properties) : expect(false, "an object");
    }
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What only CloudFormation knows the value of. */
function isIntrinsic(value: unknown): boolean {
  const [name = "", second] = isRecord(value) ? Object.keys(value) : [];
  return second === undefined && (name === "Ref" || name.startsWith("Fn::"));
}

/** `Ref` and `Fn::GetAtt` to what the template or the resource's type does not have. */
function referenceProblems(value: unknown, template: CheckedTemplate): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => referenceProblems(item, template));
  if (!isRecord(value)) return [];
  const { Resources: resources, Parameters: parameters = {} } = template;
  return Object.entries(value).flatMap(([name, argument]) => {
    if (name === "Ref" && typeof argument === "string") {
      const isThere = argument.startsWith("AWS::") || argument in resources || argument in parameters;
      return isThere ? [] : [`Ref to ${argument}, which is not there`];
    }
    if (name !== "Fn::GetAtt") return referenceProblems(argument, template);
    const [id = "", ...attribute] = Array.isArray(argument)
      ? argument.map(String)
      : String(argument).split(".");
    const type = resources[id]?.Type;
    if (type === undefined) return [`Fn::GetAtt of ${id}, which is not there`];
    const attributes = resourceOfType(type)?.attributes;
    const isKnown = isCustom(type) || (attributes !== undefined && attribute.join(".") in attributes);
    return isKnown ? [] : [`Fn::GetAtt of ${id}.${attribute.join(".")}, which ${type} does not have`];
  });
}
