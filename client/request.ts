import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import type { FieldError } from "../src/api/parts/shapes.ts";
import type { Send } from "./send.ts";
import { isMistake } from "./mistake.ts";
import { isBusy, stranger, typeOf, warnOnce } from "./stranger.ts";

/** A refusal of the API, as `application/problem+json` has it (RFC 9457). */
export interface ApiProblem {
  readonly status: number;
  /**
   * `unknown` for what came from elsewhere, such as a gateway; also, with a status of success, for what the
   * API cannot have answered: a page, or another server's JSON.
   */
  readonly code: ProblemCode | "unknown";
  readonly detail: string;
  readonly errors: readonly FieldError[];
  /** Seconds, from `Retry-After`. */
  readonly retryAfter?: number;
  /** The whole body, for the members that a code adds. */
  readonly body: unknown;
}

/** A call that did not come to what was asked. */
export type Failure =
  | { readonly outcome: "refused"; readonly problem: ApiProblem }
  /** No answer: nothing is known of what the call did. */
  | { readonly outcome: "unreachable" };

/** What came of a call. */
export type ApiAnswer<T> = { readonly outcome: "ok"; readonly value: T } | Failure;

export interface ApiRequest {
  readonly method: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly credentials?: RequestCredentials;
  /** What the answer has: another server's JSON has it not. */
  readonly members?: readonly string[];
}

/** Milliseconds. An administrators' logout of many users may take as long as a gateway waits. */
const TIMEOUT_MS = 32_000;

/**
 * Makes a call and reads its answer. What cannot be had is `unreachable`. What another server than the API
 * answered, such as a development server its page, is `refused` as `unknown`, and a warning in the console,
 * once.
 * @throws what `isMistake` says is a mistake in code.
 */
export async function request(
  send: Send,
  url: string,
  { method, body, headers, credentials, members = [] }: ApiRequest,
): Promise<ApiAnswer<unknown>> {
  // `AbortSignal.timeout` is newer than the oldest browsers.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
  try {
    const response = await send(url, {
      method,
      cache: "no-store",
      signal: patience.signal,
      ...(credentials && { credentials }),
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value = parsed(text);
    const found = Object(value) as Readonly<Record<string, unknown>>;
    const isRead = text === "" || value !== undefined;
    const isAnswer = isRead && members.every((name) => (found[name] ?? undefined) !== undefined);
    if (response.ok && isAnswer) return { outcome: "ok", value };
    const problem = toProblem(response, found);
    if (problem.code === "unknown" && !isBusy(response.status)) {
      warnOnce(
        `${method} ${url} answered ${response.status} ${stranger(typeOf(response), "the session API")}`,
      );
    }
    return { outcome: "refused", problem };
  } catch (error) {
    if (isMistake(error)) throw error;
    return { outcome: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/** `undefined` for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toProblem(response: Response, found: Partial<ApiProblem>): ApiProblem {
  const body = typeOf(response).startsWith("application/problem+json") ? found : {};
  const seconds = Number(response.headers.get("retry-after"));
  return {
    status: response.status,
    code: body.code ?? "unknown",
    detail: body.detail ?? "",
    errors: body.errors ?? [],
    ...(seconds > 0 && { retryAfter: seconds }),
    body,
  };
}
