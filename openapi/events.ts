import type { JsonObject } from "../src/api/parts/json.ts";
import { EVENT_SCHEMAS } from "../src/outbox/events.ts";
import { DETAIL_TYPES, detailTypeOf, EVENT_SOURCE } from "../src/outbox/names.ts";
import { inlineSchema } from "./json-schema.ts";

/**
 * The JSON Schema (2020-12) of events as EventBridge gives them to the targets of rules, and under `$defs` of
 * the `detail` of each: `events.json` of the package.
 */
export function eventsDocument(): JsonObject {
  const names = Object.keys(EVENT_SCHEMAS) as (keyof typeof EVENT_SCHEMAS)[];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "https://serverless-single-session.github.io/serverless-single-session/events.json",
    title: "Events of serverless-single-session",
    type: "object",
    required: ["source", "detail-type", "detail"],
    properties: { source: { const: EVENT_SOURCE }, "detail-type": { enum: Object.values(DETAIL_TYPES) } },
    oneOf: names.map((name) => ({
      properties: {
        "detail-type": { const: detailTypeOf(EVENT_SCHEMAS[name].shape.kind.value) },
        detail: { $ref: `#/$defs/${name}` },
      },
    })),
    $defs: Object.fromEntries(names.map((name) => [name, inlineSchema(EVENT_SCHEMAS[name])])),
  };
}
