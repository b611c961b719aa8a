import { z } from "zod";
import type { InvocationResult } from "../lambda/function-instance.ts";
import type { Authorization } from "./authorization.ts";

const listOf = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const policyResponse = z.object({
  principalId: z.string(),
  policyDocument: z.object({
    Statement: z
      .union([statementSchema(), z.array(statementSchema())])
      .transform((statements) => [statements].flat()),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullish(),
});

function statementSchema() {
  return z.object({ Effect: z.enum(["Allow", "Deny"]), Action: listOf, Resource: listOf });
}

/**
 * What an authorizer's policy says of one method: a denial counts before everything, and what no statement
 * allows is refused. One that throws `Unauthorized` asks for a 401 ("Output from an API Gateway Lambda
 * authorizer").
 */
export function policyAnswer(result: InvocationResult, arn: string): Authorization {
  if (result.outcome === "fault") {
    return { outcome: result.fault.errorMessage === "Unauthorized" ? "unidentified" : "fault" };
  }
  const parsed = policyResponse.safeParse(JSON.parse(result.payload));
  if (!parsed.success) return { outcome: "fault" };
  const { policyDocument, principalId, context } = parsed.data;
  const effects = policyDocument.Statement.filter(
    ({ Action, Resource }) =>
      Action.some((action) => matches(action, "execute-api:Invoke")) &&
      Resource.some((resource) => matches(resource, arn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes("Deny") || !effects.includes("Allow")) return { outcome: "refused" };
  return { outcome: "authorized", context: { principalId, ...context } };
}

/** `*` stands for any characters and `?` for one. */
function matches(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "s").test(text);
}
