import { INVALID_ANSWER, type LoadErrors } from "./load-errors.ts";

/** What came back of a request, and how long it took. */
export interface Answer {
  /** 0 where no answer came. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly milliseconds: number;
}

export interface Request {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}

/** Longer than the slowest function may take: what has not answered by then never will. */
const LONGEST_MS = 35_000;

/**
 * Sends one request and waits for the whole answer. A connection that breaks is an answer with status 0,
 * noted as an error.
 */
export async function call(url: string, request: Request, errors: LoadErrors): Promise<Answer> {
  const { method, path, token, body } = request;
  const startedAt = performance.now();
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        "user-agent": "load",
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    const text = await response.text();
    const milliseconds = performance.now() - startedAt;
    return { status: response.status, body: parsed(text), milliseconds };
  } catch (error) {
    errors.note(INVALID_ANSWER, `${method} ${path.split("?")[0] ?? ""}: ${causeOf(error)}`);
    return { status: 0, body: {}, milliseconds: performance.now() - startedAt };
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  if (text === "") return {};
  const value = JSON.parse(text) as unknown;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** `fetch` hides what happened in the cause. */
function causeOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
