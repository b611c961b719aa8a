import type {
  AnySchema,
  Body,
  Call,
  CookieComponent,
  Headers,
  Parameter,
  Response,
} from "../src/api/parts/call.ts";
import type { Json, JsonObject } from "../src/api/parts/json.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../src/api/parts/problem-codes.ts";
import { headersOfProblems } from "./headers.ts";
import { inlineSchema, memberSchemas, schemaRef } from "./json-schema.ts";
import { meaningOf, problemSchemaName } from "./problem-schemas.ts";

const SECURITY = {
  required: [{ sessionCookie: [] }, { sessionToken: [] }],
  optional: [{}, { sessionCookie: [] }, { sessionToken: [] }],
  none: [],
} as const satisfies Record<Call["session"], Json>;

/** The operation of a call. @param nameOf the name of a schema that is a component. */
export function operationObject(call: Call, nameOf: (schema: AnySchema) => string | undefined): JsonObject {
  const { operationId, tag, summary, description, session, body, responses, problems } = call;
  const parameters = parametersOf(call, nameOf);
  return {
    operationId,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: SECURITY[session],
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [status, responseObject(response)]),
      ),
      ...problemResponses(problems, call.problemCookies),
    },
  };
}

/** The parameters of a call, those of its query among them. */
export function parametersOf(
  { parameters = [], query }: Pick<Call, "parameters" | "query">,
  nameOf: (schema: AnySchema) => string | undefined,
): JsonObject[] {
  const fromQuery = query === undefined ? [] : memberSchemas(query.schema);
  return [
    ...parameters.map((parameter) => parameterObject(parameter, nameOf)),
    ...fromQuery.map(({ name, required, schema }) => ({
      name,
      in: "query",
      required,
      description: query?.purposes[name] ?? "",
      schema,
    })),
  ];
}

function parameterObject(
  { name, in: place, required, description, schema }: Parameter,
  nameOf: (schema: AnySchema) => string | undefined,
): JsonObject {
  const component = nameOf(schema);
  return {
    name,
    in: place,
    ...(required !== undefined && { required }),
    description,
    schema: component === undefined ? inlineSchema(schema) : schemaRef(component),
  };
}

function requestBody({ schemas, examples }: Body): JsonObject {
  const refs = Object.keys(schemas).map(schemaRef);
  const [first = {}, ...others] = refs;
  const schema = others.length === 0 ? first : { oneOf: refs };
  return { required: true, content: { "application/json": { schema, examples: exampleRefs(examples) } } };
}

function responseObject({ description, body, headers = {}, cookies }: Response): JsonObject {
  return {
    description,
    headers: headerRefs(headers, cookies),
    ...(body !== undefined && {
      content: { "application/json": { schema: schemaRef(body.name), examples: exampleRefs(body.examples) } },
    }),
  };
}

/** One response a status, and in it one schema a code. */
function problemResponses(
  codes: readonly ProblemCode[],
  cookies: CookieComponent | undefined,
): Record<string, JsonObject> {
  const byStatus = Map.groupBy(codes, (code) => PROBLEM_STATUS[code]);
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, problemResponse(some, cookies)]));
}

function problemResponse(codes: readonly ProblemCode[], cookies: CookieComponent | undefined): JsonObject {
  const refs = codes.map((code) => schemaRef(problemSchemaName(code)));
  const mapping = Object.fromEntries(codes.map((code, index) => [code, refs[index]?.["$ref"] ?? ""]));
  const [only = {}, ...others] = refs;
  const schema =
    others.length === 0 ? only : { oneOf: refs, discriminator: { propertyName: "code", mapping } };
  return {
    description: codes.map((code) => `\`${code}\`: ${meaningOf(code)}`).join("\n\n"),
    headers: headerRefs(headersOfProblems(codes), cookies),
    content: {
      "application/problem+json": {
        schema,
        examples: exampleRefs(Object.fromEntries(codes.map((code) => [code, code]))),
      },
    },
  };
}

function headerRefs(headers: Headers, cookies: CookieComponent | undefined): JsonObject {
  const all = { "Cache-Control": "CacheControl", ...headers, ...(cookies && { "Set-Cookie": cookies }) };
  return Object.fromEntries(
    Object.entries(all).map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]),
  );
}

const exampleRefs = (examples: Readonly<Record<string, Json>>): JsonObject =>
  Object.fromEntries(Object.keys(examples).map((name) => [name, { $ref: `#/components/examples/${name}` }]));
