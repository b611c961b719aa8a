import { OPERATIONS, openApiDocument } from "../../../openapi/document.ts";
import { EXAMPLES } from "../../../openapi/examples.ts";
import type { Json, JsonObject } from "../../../openapi/json-schema.ts";
import type { Answer, Operation } from "../../../openapi/operation.ts";
import { PROBLEM_STATUS } from "../../../src/http/problem.ts";
import { bulletList, cell, jsonBlock, table } from "./markdown.ts";

const SESSION_TOKENS = {
  required: "A session token is required.",
  optional: "A session token may come with the call.",
  none: "A session token does not matter.",
} as const satisfies Record<Operation["session"], string>;

/** Every call, in the order of the OpenAPI document, made of the same operations. */
export function httpApiPage(): string {
  const { info, components } = openApiDocument() as unknown as {
    info: { description: string };
    components: { schemas: Readonly<Record<string, JsonObject>> };
  };
  return [
    "# HTTP API",
    "Every call, its parameters and its responses, made of the OpenAPI document that the package has as " +
      "`serverless-single-session/openapi.json`.",
    info.description,
    ...OPERATIONS.map((operation) => operationSection(operation, components.schemas)),
    "Next: [problem codes](./problems), or [the client for front ends](./client).",
  ].join("\n\n");
}

function operationSection(operation: Operation, schemas: Readonly<Record<string, JsonObject>>): string {
  const { method, path, summary, description, session, parameters = [], body, answers, problems } = operation;
  return [
    `## ${method.toUpperCase()} ${path} {#${operation.operationId}}`,
    `${summary}. ${description ?? ""} ${SESSION_TOKENS[session]}`,
    parameters.length > 0 && table(["parameter", "in", "meaning"], parameters.map(parameterRow)),
    ...(body?.schemas ?? []).map((name) => requestTable(name, schemas[name] ?? {})),
    body && exampleBlocks(body.examples, "Request"),
    ...Object.entries(answers).map(([status, answer]) => answerText(status, answer)),
    "Refusals and faults:",
    bulletList(problems.map((code) => `${PROBLEM_STATUS[code]} [\`${code}\`](./problems#${code})`)),
  ]
    .filter((part) => typeof part === "string")
    .join("\n\n");
}

function parameterRow(parameter: JsonObject): string[] {
  const { name, in: place, description = "", schema = {}, required } = parameter;
  const accepted = cell((schema as JsonObject)["description"]);
  return [
    `\`${cell(name)}\``,
    `${cell(place)}${required === true ? ", required" : ""}`,
    `${cell(description)} ${accepted}`,
  ];
}

function requestTable(name: string, schema: JsonObject): string {
  const { properties = {}, required = [] } = schema as {
    properties?: Readonly<Record<string, JsonObject>>;
    required?: readonly string[];
  };
  const rows = Object.entries(properties).map(([member, { description = "" }]) => [
    `\`${member}\``,
    required.includes(member) ? "yes" : "no",
    cell(description),
  ]);
  return `Body \`${name}\`:\n\n${table(["member", "required", "meaning"], rows)}`;
}

const answerText = (status: string, { description, examples = [] }: Answer): string =>
  [`**${status}** ${description}`, exampleBlocks(examples, "Response")].filter(Boolean).join("\n\n");

const exampleBlocks = (names: readonly string[], title: string): string =>
  names.map((name) => jsonBlock(exampleValue(name), `${title}: ${name}`)).join("\n\n");

const exampleValue = (name: string): Json => (EXAMPLES[name] as { readonly value: Json }).value;
