import type { Schema } from "../api/parts/fields.ts";
import type { FieldError } from "../api/parts/problems.ts";

/** A value as its schema has it, or what is wrong with it. */
export type Checked<T> =
  | { readonly outcome: "valid"; readonly value: T }
  | { readonly outcome: "invalid"; readonly errors: readonly FieldError[] };

/** More would help nobody, and a body of 1,000 wrong ids would get an answer larger than itself. */
const MOST_ERRORS = 10;
const LONGEST_SHOWN = 80;

/** Their values are never echoed, not even to their sender: responses end up in logs. */
const SECRET_FIELDS: ReadonlySet<PropertyKey> = new Set(["password", "token", "idToken", "nonce"]);

/**
 * Checks a JSON value. Errors name each wrong member by its JSON pointer, what is accepted and what was
 * found.
 * @param values `hidden`: of what was found only the kind is told, where anything may be a secret.
 */
export function checkJson<T>(
  schema: Schema<T>,
  input: unknown,
  { values = "shown" }: { readonly values?: "shown" | "hidden" } = {},
): Checked<T> {
  return check(schema, input, (path, detail) => ({ pointer: jsonPointer(path), detail }), values);
}

/** What the problem of a query says, beside its errors. */
export const BAD_QUERY = "The query is not as this call accepts it.";

/**
 * Checks query parameters; given twice, one is refused rather than guessed.
 * @param several those that may be given several times, which is the same as once with commas.
 */
export function checkQuery<T>(
  schema: Schema<T>,
  query: URLSearchParams,
  several: readonly string[] = [],
): Checked<T> {
  const names = [...query.keys()];
  const twice = names.find((name) => !several.includes(name) && query.getAll(name).length > 1);
  if (twice !== undefined) {
    const detail = `${shorten(twice)} is given more than once; accepted is one value.`;
    return { outcome: "invalid", errors: [{ parameter: shorten(twice), detail }] };
  }
  const values = Object.fromEntries(names.map((name) => [name, query.getAll(name).join(",")]));
  return check(schema, values, (path, detail) => ({
    parameter: shorten(path.join(".")),
    detail,
  }));
}

type Path = readonly PropertyKey[];

function check<T>(
  schema: Schema<T>,
  input: unknown,
  toError: (path: Path, detail: string) => FieldError,
  values: "shown" | "hidden" = "shown",
): Checked<T> {
  const result = schema.safeParse(input);
  if (result.success) return { outcome: "valid", value: result.data };
  const errors = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) =>
          toError([...issue.path, key], `${shorten(key)} is not known here; accepted is ${issue.message}.`),
        )
      : [toError(issue.path, describe(issue.path, issue.message, input, values))],
  );
  return { outcome: "invalid", errors: errors.slice(0, MOST_ERRORS) };
}

function describe(path: Path, accepted: string, input: unknown, values: "shown" | "hidden"): string {
  const name = path.length === 0 ? "This" : shorten(path.join("."));
  const value = path.reduce<unknown>((within, key) => (within as Record<PropertyKey, unknown>)[key], input);
  if (value === undefined) return `${name} is missing; accepted is ${accepted}.`;
  // A body that is no object at all may be the bare secret.
  const secret = values === "hidden" || path.length === 0 || path.some((key) => SECRET_FIELDS.has(key));
  return `${name} is ${secret ? kind(value) : show(value)}; accepted is ${accepted}.`;
}

function show(value: unknown): string {
  if (typeof value === "object" && value !== null) return kind(value);
  return shorten(JSON.stringify(value));
}

function kind(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return `a string of ${value.length} characters`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function shorten(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN).toWellFormed()}…` : text;
}

/** RFC 6901 section 6: a pointer in a URI fragment. */
function jsonPointer(path: Path): string {
  const steps = path.map((step) =>
    encodeURIComponent(shorten(String(step)).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")),
  );
  return ["#", ...steps].join("/");
}
