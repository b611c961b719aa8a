import { invalidRequest, problem, type Problem } from "./problem.ts";
import type { HttpRequest } from "./request.ts";
import { checkJson } from "./schema.ts";
import type { Schema } from "../api/parts/fields.ts";

/** What a body may have where nothing else is said: 16 KB. */
export const LARGEST_BODY_BYTES = 16 * 1024;

/** A body as its schema has it, or the refusal that says what is wrong with it. */
export type BodyReading<T> =
  { readonly outcome: "read"; readonly body: T } | { readonly outcome: "refused"; readonly problem: Problem };

const JSON_TYPE = /^application\/(?:[\w.!#$&^+-]+\+)?json$/i;

/**
 * Reads a JSON body, whose schema may depend on what is in it: 415 for another content type, 413 for more
 * than `largest` bytes, 400 for broken JSON and for what the schema refuses.
 */
export function readBody<T>(
  request: HttpRequest,
  schema: Schema<T> | ((json: unknown) => Schema<T>),
  { largest = LARGEST_BODY_BYTES }: { readonly largest?: number } = {},
): BodyReading<T> {
  const type = request.headers.get("content-type");
  if (!JSON_TYPE.test(type?.split(";")[0]?.trim() ?? "")) {
    const found = type === undefined ? "missing" : JSON.stringify(type.slice(0, 80));
    return refused(
      problem("unsupported_media_type", {
        detail: `content-type is ${found}; accepted is application/json.`,
      }),
    );
  }
  const bytes = bodyBytes(request);
  if (bytes.length > largest) {
    const detail = `The body has ${bytes.length} bytes; accepted are at most ${largest}.`;
    return refused(problem("body_too_large", { detail }));
  }
  const parsed = parseJson(bytes);
  if (parsed === undefined) {
    return refused(problem("invalid_json", { detail: "The body is not JSON in UTF-8 (RFC 8259)." }));
  }
  const checked = checkJson(typeof schema === "function" ? schema(parsed.value) : schema, parsed.value);
  return checked.outcome === "valid"
    ? { outcome: "read", body: checked.value }
    : refused(invalidRequest("The body is not valid for this call.", checked.errors));
}

const refused = (refusal: Problem): { outcome: "refused"; problem: Problem } => ({
  outcome: "refused",
  problem: refusal,
});

function bodyBytes({ body }: HttpRequest): Buffer {
  return Buffer.from(body?.text ?? "", body?.base64 === true ? "base64" : "utf8");
}

/** The parser's own message would quote the body, which may hold a password, so it goes nowhere. */
function parseJson(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}
