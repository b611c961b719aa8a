import { noteAnswer } from "./connection.ts";
import type { FieldError, ProblemCode } from "../../../src/http/problem.ts";

/** A refusal of the API, as `application/problem+json` has it. */
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

/** What came of a call. */
export type ApiAnswer<T> =
  | { readonly outcome: "ok"; readonly value: T }
  | { readonly outcome: "refused"; readonly problem: ApiProblem }
  /** No answer: nothing is known of what the call did. */
  | { readonly outcome: "unreachable" };

/** A call that failed, for where an answer is expected: react-query's queries. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: Exclude<ApiAnswer<unknown>, { outcome: "ok" }>;

  constructor(failure: ApiError["failure"]) {
    super(failure.outcome === "refused" ? failure.problem.code : failure.outcome);
    this.failure = failure;
  }
}

/** An administrators' logout of many users may take as long as the gateway waits for a function. */
const TIMEOUT_MS = 32_000;

/** Calls the API of the page's own origin. `T` is what the call answers by the types of the functions. */
export async function call<T>(method: string, path: string, body?: object): Promise<ApiAnswer<T>> {
  // `AbortSignal.timeout` is newer than the oldest browsers that the page runs in.
  const request = new AbortController();
  const timer = setTimeout(() => request.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method,
      cache: "no-store",
      signal: request.signal,
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    noteAnswer(true);
    if (response.ok) return { outcome: "ok", value: (text === "" ? undefined : JSON.parse(text)) as T };
    return { outcome: "refused", problem: toProblem(response, text) };
  } catch {
    noteAnswer(false);
    return { outcome: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

/** The value of an answer. @throws ApiError where there is none. */
export function valueOf<T>(answer: ApiAnswer<T>): T {
  if (answer.outcome === "ok") return answer.value;
  throw new ApiError(answer);
}

function toProblem(response: Response, text: string): ApiProblem {
  const isProblem = response.headers.get("content-type")?.startsWith("application/problem+json") === true;
  const body = isProblem ? (JSON.parse(text) as Partial<ApiProblem>) : {};
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
