import { z } from "zod";
import type { InvocationResult } from "../lambda/function-instance.ts";
import type { AuthorizerModel } from "../model/api-model.ts";
import type { Authorization } from "./authorization.ts";

const listOf = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const policyResponse = <Value extends z.ZodType>(contextValue: Value) =>
  z.object({
    principalId: z.string(),
    policyDocument: z.object({
      Statement: z
        .union([statementSchema(), z.array(statementSchema())])
        .transform((statements) => [statements].flat()),
    }),
    context: z.record(z.string(), contextValue).nullish(),
  });

/**
 * REST APIs hand values on as text, and fail for lists and objects ("Output from an API Gateway Lambda
 * authorizer": `numberKey: "1"`, `booleanKey: "true"`). Of `null` it says nothing; it stays what it is.
 */
const REST_RESPONSE = policyResponse(
  z.union([z.string(), z.union([z.number(), z.boolean()]).transform(String), z.null()]),
);

/**
 * HTTP APIs keep every type: the policies of "Control access to HTTP APIs with AWS Lambda authorizers" have
 * numbers, lists and objects in their context. It shows that for format 2.0; for 1.0 it states no other rule.
 */
const HTTP_RESPONSE = policyResponse(z.unknown());

function statementSchema() {
  return z.object({ Effect: z.enum(["Allow", "Deny"]), Action: listOf, Resource: listOf });
}

/**
 * What an authorizer's policy says of one method: a denial counts before everything, and what no statement
 * allows is refused. One that throws `Unauthorized` asks for a 401 ("Output from an API Gateway Lambda
 * authorizer").
 */
export function policyAnswer(
  result: InvocationResult,
  arn: string,
  format: AuthorizerModel["format"],
): Authorization {
  if (result.outcome === "fault") {
    return { outcome: result.fault.errorMessage === "Unauthorized" ? "unidentified" : "fault" };
  }
  const response = format === "rest" ? REST_RESPONSE : HTTP_RESPONSE;
  const parsed = response.safeParse(JSON.parse(result.payload));
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
