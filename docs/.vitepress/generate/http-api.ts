import { nameOf, OPERATIONS, openApiDocument } from "../../../openapi/document.ts";
import { parametersOf } from "../../../openapi/operation.ts";
import type { Call, Response } from "../../../src/api/parts/call.ts";
import type { Json, JsonObject } from "../../../src/api/parts/json.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../../../src/api/parts/problem-codes.ts";
import { bulletList, cell, jsonGroup, sections, table } from "./markdown.ts";
import { memberTable, objectAnchor, type Schemas } from "./members.ts";

const SESSION_TOKENS = {
  required: "A session token is required.",
  optional: "A session token may come with the call.",
  none: "A session token does not matter.",
} as const satisfies Record<Call["session"], string>;

/** Every call, in the order of the OpenAPI document, made of the same contracts. */
export function httpApiPage(): string {
  const { info, components } = openApiDocument() as unknown as {
    info: { description: string };
    components: { schemas: Schemas };
  };
  return sections([
    "# HTTP API",
    "You get: every call, its parameters and its responses. The page is made of the OpenAPI document, which the " +
      "package has as `serverless-single-session/openapi.json`.",
    info.description,
    ...OPERATIONS.map((call) => callSection(call, components.schemas)),
    "## Objects",
    ...Object.entries(components.schemas)
      .filter(([name, { type }]) => type === "object" && !isOfRequestOrProblem(name))
      .map(([name, schema]) => objectSection(name, schema, components.schemas)),
    "Next: [problem codes](./problems), or [the client for front ends](./client).",
  ]);
}

function callSection(call: Call, schemas: Schemas): string {
  const { method, path, operationId, summary, description, session, body, responses, problems } = call;
  const parameters = parametersOf(call, nameOf);
  return sections([
    `## ${method} ${path} {#${operationId}}`,
    [`${summary}.`, description, SESSION_TOKENS[session]].filter(Boolean).join(" "),
    parameters.length > 0 && table(["parameter", "in", "meaning"], parameters.map(parameterRow)),
    ...Object.keys(body?.schemas ?? {}).map((name) => requestTable(name, schemas)),
    body && exampleGroup(body.examples),
    ...Object.entries(responses).map(([status, response]) => responseText(status, response)),
    "Refusals and faults:",
    bulletList(problemsByStatus(problems)),
  ]);
}

function parameterRow({ name, in: place, description, schema = {}, required }: JsonObject): string[] {
  const accepted = (schema as JsonObject)["description"];
  return [
    `\`${cell(name)}\``,
    `${cell(place)}${required === true ? ", required" : ""}`,
    [description, accepted].filter(Boolean).map(cell).join(" "),
  ];
}

const requestTable = (name: string, schemas: Schemas): string =>
  `Body \`${name}\`:

${memberTable(["member", "required", "accepted"], schemas[name] ?? {}, schemas)}`;

const objectSection = (name: string, schema: JsonObject, schemas: Schemas): string =>
  sections([
    `### ${name} {#${objectAnchor(name)}}`,
    typeof schema["description"] === "string" && schema["description"],
    memberTable(["member", "always", "meaning"], schema, schemas),
  ]);

function responseText(status: string, { description, body }: Response): string {
  const shape = body === undefined ? "" : ` Body: [${body.name}](#${objectAnchor(body.name)}).`;
  return sections([`**${status}** ${description}${shape}`, exampleGroup(body?.examples ?? {})]);
}

/** `401: session_expired, session_displaced`, a line a status. */
function problemsByStatus(codes: readonly ProblemCode[]): string[] {
  const byStatus = Object.groupBy(codes, (code) => PROBLEM_STATUS[code]);
  return Object.entries(byStatus).map(
    ([status, group]) => `${status}: ${group.map((code) => `[\`${code}\`](./problems#${code})`).join(", ")}`,
  );
}

const isOfRequestOrProblem = (name: string): boolean =>
  name.endsWith("Problem") || OPERATIONS.some(({ body }) => name in (body?.schemas ?? {}));

const exampleGroup = (examples: Readonly<Record<string, Json>>): string =>
  jsonGroup(Object.entries(examples).map(([title, value]) => ({ title, value })));
