import * as z from "zod/mini";
import { invalidRequest, type Problem } from "./problem.ts";
import type { GatewayEvent } from "./request.ts";
import { checkJson } from "./schema.ts";
import type { Schema } from "../api/parts/fields.ts";

/**
 * An event as API Gateway makes one, or the refusal of what only somebody with the right to invoke can have
 * made up.
 */
export type EventReading =
  | { readonly outcome: "event"; readonly event: GatewayEvent }
  | { readonly outcome: "malformed"; readonly problem: Problem };

const text = z.string({ error: "a string" });
const optionalText = z.nullish(text);
const list = z.array(text, { error: "an array of strings" });
const valuesOf = <T extends z.core.SomeType>(value: T) =>
  z.nullish(z.record(z.string(), z.nullish(value), { error: "an object" }));
/** What gateways say beyond this is not read. */
const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.object(shape, { error: "an object" });

const SHARED = {
  headers: valuesOf(text),
  pathParameters: valuesOf(text),
  body: optionalText,
  isBase64Encoded: z.nullish(z.boolean({ error: "true or false" })),
};
const VERSION_1 = object({
  ...SHARED,
  httpMethod: text,
  path: text,
  rawPath: optionalText,
  resource: optionalText,
  multiValueHeaders: valuesOf(list),
  queryStringParameters: valuesOf(text),
  multiValueQueryStringParameters: valuesOf(list),
  requestContext: object({
    requestId: optionalText,
    path: optionalText,
    stage: optionalText,
    identity: z.nullish(object({ sourceIp: optionalText, userAgent: optionalText })),
  }),
});
const VERSION_2 = object({
  ...SHARED,
  routeKey: optionalText,
  rawPath: text,
  path: optionalText,
  rawQueryString: optionalText,
  cookies: z.nullish(list),
  requestContext: object({
    requestId: optionalText,
    stage: optionalText,
    http: object({ method: text, sourceIp: optionalText, userAgent: optionalText }),
  }),
});

/**
 * Whether a function was given an event of API Gateway, in payload format 1.0 or 2.0. What is wrong is named,
 * and its values are not: they may be tokens.
 */
export function readEvent(event: unknown): EventReading {
  const isVersion2 = (event as { version?: unknown } | null | undefined)?.version === "2.0";
  const schema: Schema<unknown> = isVersion2 ? VERSION_2 : VERSION_1;
  const checked = checkJson(schema, event, { values: "hidden" });
  if (checked.outcome === "valid") return { outcome: "event", event: event as GatewayEvent };
  const detail = `The event is not an API Gateway event in payload format ${isVersion2 ? "2.0" : "1.0"}.`;
  return { outcome: "malformed", problem: invalidRequest(detail, checked.errors) };
}
