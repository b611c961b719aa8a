import { OPERATIONS } from "../../../openapi/document.ts";
import { memberSchemas } from "../../../openapi/json-schema.ts";
import { meaningOf, PROBLEM_CODES, problemExample, problemSchema } from "../../../openapi/problem-schemas.ts";
import type { JsonObject } from "../../../src/api/parts/json.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../../../src/api/parts/problem-codes.ts";
import { cell, jsonGroup, sections, table } from "./markdown.ts";
import { memberTable } from "./members.ts";

const COMMON_MEMBERS = ["type", "status", "title", "code", "detail"];

/** One section a code; its anchor is the code, and `type` of a problem body points at it. */
export function problemsPage(): string {
  return sections([
    "# Problem codes",
    "You get: what each `code` of a refusal means, and what it brings with it.",
    "Bodies are `application/problem+json` (RFC 9457). Branch on `code`: codes are stable, and `detail` is for " +
      "people. The `type` of a body is the address of its section here.",
    table(
      ["status", "code", "meaning"],
      PROBLEM_CODES.map((code) => [
        String(PROBLEM_STATUS[code]),
        `[\`${code}\`](#${code})`,
        cell(meaningOf(code)),
      ]),
    ),
    ...PROBLEM_CODES.map(problemSection),
    "Next: [the calls that answer them](./http-api), or [the client for front ends](./client).",
  ]);
}

function problemSection(code: ProblemCode): string {
  const members = memberSchemas(problemSchema(code)).filter(({ name }) => !COMMON_MEMBERS.includes(name));
  const ownMembers: JsonObject = {
    properties: Object.fromEntries(members.map(({ name, schema }) => [name, schema])),
    required: members.filter(({ required }) => required).map(({ name }) => name),
  };
  const calls = OPERATIONS.filter(({ problems }) => problems.includes(code)).map(
    ({ method, path, operationId }) => `[\`${method} ${path}\`](./http-api#${operationId})`,
  );
  return sections([
    `## ${code} {#${code}}`,
    `Status ${PROBLEM_STATUS[code]}. ${meaningOf(code)}`,
    members.length > 0 && memberTable(["member", "always", "meaning"], ownMembers, {}),
    jsonGroup([{ title: "example", value: problemExample(code) }]),
    calls.length > 0 && `Answered by ${calls.join(", ")}.`,
  ]);
}
