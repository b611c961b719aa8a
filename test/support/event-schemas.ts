import { Ajv2020 } from "ajv/dist/2020.js";
import { default as addFormats } from "ajv-formats";
import { eventsDocument } from "../../openapi/events.ts";

const ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false });
addFormats.default(ajv);
const isEvent = ajv.compile(eventsDocument());

/**
 * Whether an event is as the package's JSON Schema says: its envelope's `source` and `detail-type`, and its
 * detail.
 * @returns what is wrong with it; empty where nothing is.
 */
export const problemsOfEvent = (event: unknown): string[] =>
  isEvent(event)
    ? []
    : (isEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
