import type { CallOf } from "../../../src/api/calls.ts";
import type { RequestOf, ResponseOf, Route } from "../../../src/api/parts/call.ts";
import { fillPath, type PathParameters } from "../../../src/api/parts/path.ts";
import { request, type ApiAnswer, type Failure } from "../../../client/request.ts";
import { noting } from "./connection.ts";

export type { ApiAnswer, ApiProblem, Failure } from "../../../client/request.ts";

/** A call that failed, for where an answer is expected: react-query's queries. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly failure: Failure;

  constructor(failure: ApiError["failure"]) {
    super(failure.outcome === "refused" ? failure.problem.code : failure.outcome);
    this.failure = failure;
  }
}

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
  made: CallRequest<R> = {},
): Promise<ApiAnswer<ResponseOf<CallOf<R>>>> {
  const answer = await request(noting, addressOf(path, made), { method, body: made.body });
  return answer as ApiAnswer<ResponseOf<CallOf<R>>>;
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
