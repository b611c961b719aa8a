import type { JsonObject } from "../../../src/api/parts/json.ts";
import { cell, table } from "./markdown.ts";

/** A member of an object, as a table shows it. */
interface Member {
  /** `device.label`, or `loggedOut[].userId` where it is in a list. */
  readonly path: string;
  readonly isRequired: boolean;
  /** What it is, and a link to the object where it is one with a section of its own. */
  readonly meaning: string;
}

export type Schemas = Readonly<Record<string, JsonObject>>;

export const objectAnchor = (name: string): string => `object-${name.toLowerCase()}`;

/** A row for each member of an object. */
export const memberTable = (
  head: readonly [string, string, string],
  schema: JsonObject,
  schemas: Schemas,
): string =>
  table(
    head,
    membersOf(schema, schemas).map(({ path, isRequired, meaning }) => [
      `\`${path}\``,
      isRequired ? "yes" : "no",
      meaning,
    ]),
  );

/** The members of an object and of the objects inside it that have no name. */
function membersOf(schema: JsonObject, schemas: Schemas): Member[] {
  const { properties = {}, required = [] } = schema as {
    properties?: Schemas;
    required?: readonly string[];
  };
  return Object.entries(properties).flatMap(([name, member]) => {
    const isRequired = required.includes(name);
    const items = member["items"] as JsonObject | undefined;
    const inner = membersOf(items ?? member, schemas).map((one) => ({
      ...one,
      path: `${name}${items === undefined ? "" : "[]"}.${one.path}`,
    }));
    const meaning = meaningOf(member, schemas);
    return inner.length > 0 && meaning === "" ? inner : [{ path: name, isRequired, meaning }, ...inner];
  });
}

function meaningOf(schema: JsonObject, schemas: Schemas): string {
  const items = schema["items"] as JsonObject | undefined;
  const name = referredName(items ?? schema);
  const referred = name === undefined ? {} : (schemas[name] ?? {});
  const description = schema["description"] ?? (items === undefined ? referred["description"] : undefined);
  return [
    name !== undefined &&
      referred["type"] === "object" &&
      `${items === undefined ? "" : "List of "}[${name}](#${objectAnchor(name)}).`,
    // The column's head says it.
    description !== undefined && cell(description).replace(/^Accepted is /, ""),
    description === undefined && name === undefined && plainType(schema, items),
  ]
    .filter((part) => typeof part === "string" && part !== "")
    .join(" ");
}

const referredName = (schema: JsonObject): string | undefined =>
  typeof schema["$ref"] === "string" ? schema["$ref"].split("/").at(-1) : undefined;

/** `"displaced"`, `"logged_out"` or a type; nothing of an object, whose members say it. */
function plainType(schema: JsonObject, items: JsonObject | undefined): string {
  const values = (schema["enum"] ??
    (schema["const"] === undefined ? [] : [schema["const"]])) as readonly string[];
  if (values.length > 0) return values.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (items !== undefined) return items["type"] === "object" ? "" : `list of ${cell(items["type"])}s`;
  return schema["type"] === "object" ? "" : cell(schema["type"]);
}
