import type { CallOf } from "../../../src/api/calls.ts";
import type { RequestOf, ResponseOf, Route } from "../../../src/api/parts/call.ts";
import { fillPath, type PathParameters } from "../../../src/api/parts/path.ts";
import type { FieldError } from "../../../src/api/parts/problems.ts";
import type { ProblemCode } from "../../../src/api/parts/problem-codes.ts";
import { noteAnswer } from "./connection.ts";

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

/** What a call sends, by its contract. */
export interface CallRequest<R extends Route> {
  readonly parameters?: PathParameters<R["path"]>;
  /** What is undefined is left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: RequestOf<CallOf<R>>;
}

/** Makes a call of the API, at the page's own origin. */
export async function call<R extends Route>(
  { method, path }: R,
  request: CallRequest<R> = {},
): Promise<ApiAnswer<ResponseOf<CallOf<R>>>> {
  const { body } = request;
  // `AbortSignal.timeout` is newer than the oldest browsers that the page runs in.
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(addressOf(path, request), {
      method,
      cache: "no-store",
      signal: patience.signal,
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    noteAnswer(true);
    if (response.ok) {
      return { outcome: "ok", value: (text === "" ? undefined : JSON.parse(text)) as ResponseOf<CallOf<R>> };
    }
    return { outcome: "refused", problem: toProblem(response, text) };
  } catch {
    noteAnswer(false);
    return { outcome: "unreachable" };
  } finally {
    clearTimeout(timer);
  }
}

function addressOf<R extends Route>(path: R["path"], { parameters, query = {} }: CallRequest<R>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const filled = parameters === undefined ? path : fillPath(path, parameters);
  return given.length === 0 ? filled : `${filled}?${new URLSearchParams(given).toString()}`;
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
