import { DEVICE_COOKIE, toDeviceId } from "../src/http/device-cookie.ts";
import type { DeviceId } from "../src/sessions/session.ts";

/** What the API answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON; `{}` where it is none. */
  readonly body: AnswerBody;
  /** For a table: `401 session_displaced`. */
  readonly summary: string;
}

/** The members of answers that checks look at. */
export interface AnswerBody {
  readonly code?: string;
  readonly user?: { readonly id: string };
  readonly session?: SessionBody;
  readonly sessions?: readonly (SessionBody & { readonly current?: boolean })[];
  readonly displaced?: readonly { readonly id: string }[];
  readonly by?: { readonly device?: string | { readonly label?: string }; readonly administrator?: boolean };
  readonly loggedOut?: readonly { readonly userId: string; readonly sessionCount: number }[];
  readonly sessionCount?: number;
}

export interface SessionBody {
  readonly id: string;
  readonly lastSeenAt: string;
  readonly device: { readonly label: string; readonly address?: string };
}

/**
 * The two devices that checks sign in on; both of the class desktop, so that limits of classes hold for both.
 */
export const DEVICES = {
  first:
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 " +
    "Safari/537.36",
  second: "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:132.0) Gecko/20100101 Firefox/132.0",
} as const;

const ANSWER_WITHIN_MS = 35_000;

/** One client of the API: it keeps its cookies and sends them, or sends a bearer token. */
export class Browser {
  readonly #cookies = new Map<string, string>();
  readonly #userAgent: string;
  readonly #signal: AbortSignal;
  bearer: string | undefined;

  constructor(userAgent: string, signal: AbortSignal) {
    this.#userAgent = userAgent;
    this.#signal = signal;
  }

  /** The session token it has. Never print it. */
  get token(): string | undefined {
    return this.bearer ?? this.#cookies.get("__Host-session");
  }

  /** What the sign-in table knows this client by, once it has signed in with cookies. */
  get deviceId(): DeviceId | undefined {
    const value = this.#cookies.get(DEVICE_COOKIE);
    return value === undefined ? undefined : toDeviceId(value);
  }

  async call(
    method: string,
    url: string,
    { body, headers = {} }: { readonly body?: object; readonly headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      method,
      redirect: "manual",
      signal: AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
      headers: {
        "user-agent": this.#userAgent,
        ...(this.bearer !== undefined && { authorization: `Bearer ${this.bearer}` }),
        ...(cookie !== "" && this.bearer === undefined && { cookie }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const parsed = parse(await response.text());
    return {
      status: response.status,
      headers: response.headers,
      body: parsed,
      summary: [response.status, ...(parsed.code === undefined ? [] : [parsed.code])].join(" "),
    };
  }

  #keep(line: string): void {
    const [pair = ""] = line.split(";");
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    // A cleared cookie stays: that the token is dead is what a check shows with it.
    if (value !== "") this.#cookies.set(name.trim(), value);
  }
}

function parse(text: string): AnswerBody {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : {};
  } catch {
    return {};
  }
}
