import * as z from "zod";
import { acceptedWords } from "./request-schemas.ts";

/** A JSON value; documents are made of them. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

type AnySchema = z.core.$ZodType;

const SCHEMAS = "#/components/schemas/";

/** A reference to a schema of {@link componentSchemas}. */
export const schemaRef = (name: string): JsonObject => ({ $ref: SCHEMAS + name });

/** JSON Schemas (2020-12, which OpenAPI 3.1 has) of named schemas; where one holds another, it refers to it. */
export function componentSchemas(named: Readonly<Record<string, AnySchema>>): Record<string, JsonObject> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...OPTIONS, uri: (id) => SCHEMAS + id });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema as JsonObject)]));
}

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

/** Without what only a schema in a file of its own has. */
const bare = (schema: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([word]) => word !== "$schema" && word !== "$id"));
