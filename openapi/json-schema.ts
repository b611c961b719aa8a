import * as z from "zod";
import type { AnySchema } from "../src/api/parts/call.ts";
import type { JsonObject } from "../src/api/parts/json.ts";

const SCHEMAS = "#/components/schemas/";

/** A reference to a schema of {@link componentSchemas}. */
export const schemaRef = (name: string): JsonObject => ({ $ref: SCHEMAS + name });

/**
 * JSON Schemas (2020-12, which OpenAPI 3.1 has) of named schemas; where one holds another, it refers to it.
 */
export function componentSchemas(named: Readonly<Record<string, AnySchema>>): Record<string, JsonObject> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...OPTIONS, uri: (id) => SCHEMAS + id });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema as JsonObject)]));
}

/** The JSON Schema of one schema that has no name. */
export const inlineSchema = (schema: AnySchema): JsonObject =>
  bare(z.toJSONSchema(schema, OPTIONS) as JsonObject);

/** The JSON Schema of each member of an object's schema, and whether it is required. */
export function memberSchemas(schema: AnySchema): { name: string; required: boolean; schema: JsonObject }[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, OPTIONS);
  return Object.entries(properties).map(([name, member]) => ({
    name,
    required: required.includes(name),
    schema: member as JsonObject,
  }));
}

const OPTIONS: Parameters<typeof z.toJSONSchema>[1] = {
  target: "draft-2020-12",
  // As a client sends it: what has a default may be left out. Answers have no such members.
  io: "input",
  override: ({ zodSchema, jsonSchema }) => {
    const words = acceptedWords(zodSchema);
    if (words !== undefined && jsonSchema.type !== "object") jsonSchema.description ??= words;
  },
};

/**
 * What a schema accepts in words, from the very message that the API answers where it is not met ("a session
 * id"): JSON Schema cannot say that a text is in Unicode NFC, and has nothing for a length in bytes.
 */
function acceptedWords(schema: AnySchema): string | undefined {
  const { error, checks = [] } = schema._zod.def;
  for (const message of [error, ...checks.map((check) => check._zod.def.error)]) {
    const words = message?.({ code: "custom", path: [], input: undefined, message: "" } as never);
    if (typeof words === "string") return `Accepted is ${words}.`;
  }
  return undefined;
}

/** Without what only a schema in a file of its own has. */
const bare = (schema: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([word]) => word !== "$schema" && word !== "$id"));
