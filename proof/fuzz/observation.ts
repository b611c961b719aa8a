import type { Person, SessionsInTable } from "./people.ts";
import type { LaneName } from "./lanes.ts";
import type { HandlerName } from "./service.ts";

/** What one input did. */
export interface Observation {
  readonly lane: LaneName;
  readonly handler: HandlerName;
  readonly event: unknown;
  readonly answer: { readonly returned: unknown } | { readonly thrown: unknown };
  /** What was logged meanwhile. */
  readonly lines: readonly string[];
  readonly before: SessionsInTable;
  readonly after: SessionsInTable;
  /** Tokens, passwords and the like, whether or not the event has them. */
  readonly secrets: readonly string[];
  /** Who the event has a live token of. */
  readonly presented: readonly Person[];
  /** The user ids whose password or genuine id token the event has. */
  readonly proven: readonly string[];
  readonly prototypesChanged: boolean;
}

/** What is invoked directly as well. */
const INVOKED_TOO: readonly HandlerName[] = ["login", "admin-logout", "end-session"];

/** Whether the handler takes the event for one of an API. */
export function isHttp({ handler, event }: Pick<Observation, "handler" | "event">): boolean {
  if (handler === "authorize") return false;
  if (!INVOKED_TOO.includes(handler)) return true;
  return typeof event === "object" && event !== null && "requestContext" in event;
}

type Fields = Readonly<Record<string, unknown>>;
export const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/**
 * The answer's parts as far as they are there; whether they are as they should be is for `answer-shape.ts`.
 */
export interface HttpParts {
  readonly status: number;
  readonly headers: Fields;
  readonly cookies: readonly string[];
  readonly text: string;
  readonly body: Fields;
}

export function httpParts(returned: unknown): HttpParts {
  const { statusCode, headers, cookies, multiValueHeaders, body } = isObject(returned) ? returned : {};
  const text = typeof body === "string" ? body : "";
  const setCookies = cookies ?? (isObject(multiValueHeaders) ? multiValueHeaders["Set-Cookie"] : undefined);
  return {
    status: typeof statusCode === "number" ? statusCode : 0,
    headers: isObject(headers) ? headers : {},
    cookies: Array.isArray(setCookies) ? setCookies.map(String) : [],
    text,
    body: parsed(text),
  };
}

function parsed(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/**
 * An answer in a word or two, to be counted: `401 no_session`, `204`, `session_limit`, `ok`, `authorized`.
 */
export function outcomeOf(observation: Observation): string {
  if ("thrown" in observation.answer) return "thrown";
  const { returned } = observation.answer;
  if (observation.handler === "authorize")
    return isObject(returned) && returned["isAuthorized"] === true ? "authorized" : "not authorized";
  if (!isHttp(observation)) return isObject(returned) && "code" in returned ? String(returned["code"]) : "ok";
  const { status, body } = httpParts(returned);
  return status >= 400 ? `${status} ${String(body["code"])}` : String(status);
}

/** Whether the answer says that nothing was done. */
export function isRefusal(observation: Observation): boolean {
  if ("thrown" in observation.answer) return true;
  const { returned } = observation.answer;
  if (isHttp(observation)) return httpParts(returned).status >= 400;
  return isObject(returned) && "code" in returned;
}
