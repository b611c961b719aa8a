import { STATUS_CODES } from "node:http";
import * as z from "zod";
import type { JsonObject } from "../src/api/parts/json.ts";
import { PROBLEM_STATUS, type ProblemCode } from "../src/api/parts/problem-codes.ts";
import { problemType } from "../src/api/parts/problem-type.ts";
import { PROBLEMS } from "../src/api/parts/problems.ts";

/** Every code, in the order of their statuses. */
export const PROBLEM_CODES = Object.keys(PROBLEM_STATUS) as ProblemCode[];

const titleOf = (code: ProblemCode): string => STATUS_CODES[PROBLEM_STATUS[code]] ?? "Error";

/** The schema of a problem body (RFC 9457), one for each code. */
export function problemSchema(code: ProblemCode): z.ZodObject {
  return z
    .object({
      type: z.literal(problemType(code)).describe("The address of the documentation of this code."),
      status: z.literal(PROBLEM_STATUS[code]),
      title: z.literal(titleOf(code)),
      code: z.literal(code),
      detail: z.string().describe("For people. Branch on `code`."),
      ...PROBLEMS[code].members,
    })
    .describe(meaningOf(code));
}

/** `SessionDisplacedProblem` for `session_displaced`: the name of its schema. */
export const problemSchemaName = (code: ProblemCode): string =>
  `${code.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())}Problem`;

/** When a client meets a code, in words. */
export const meaningOf = (code: ProblemCode): string => PROBLEMS[code].meaning;

/** A whole problem body. */
export const problemExample = (code: ProblemCode): JsonObject => ({
  type: problemType(code),
  status: PROBLEM_STATUS[code],
  title: titleOf(code),
  code,
  ...PROBLEMS[code].example,
});
