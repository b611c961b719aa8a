import type { ProblemCode } from "../src/api/parts/problem-codes.ts";
import type { FieldError } from "../src/api/parts/shapes.ts";
import type { Send } from "./ask.ts";
import { isMistake } from "./mistake.ts";

/** A refusal of the API, as `application/problem+json` has it (RFC 9457). */
export interface ApiProblem {
  readonly status: number;
  /** `unknown` for what came from elsewhere, such as a gateway. */
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
}

/** Milliseconds. An administrators' logout of many users may take as long as a gateway waits. */
const TIMEOUT_MS = 32_000;

/**
 * Makes a call and reads its answer. What cannot be had or read is `unreachable`.
 * @throws what `isMistake` says is a mistake in code.
 */
export async function request(
  send: Send,
  url: string,
  { method, body, headers, credentials }: ApiRequest,
): Promise<ApiAnswer<unknown>> {
  // `AbortSignal.timeout` is newer than the oldest browsers.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
  try {
    const response = await send(url, {
      method,
      cache: "no-store",
      signal: patience.signal,
      ...(credentials !== undefined && { credentials }),
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) return { outcome: "refused", problem: toProblem(response, text) };
    return { outcome: "ok", value: text === "" ? undefined : (JSON.parse(text) as unknown) };
  } catch (error) {
    if (isMistake(error)) throw error;
    return { outcome: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

function toProblem(response: Response, text: string): ApiProblem {
  const type = response.headers.get("content-type") ?? "";
  const body = type.startsWith("application/problem+json") ? (JSON.parse(text) as Partial<ApiProblem>) : {};
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
