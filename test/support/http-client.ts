import { DEMO_PASSWORD, DEMO_USERS } from "../../cli/demo-users.ts";
import type { LocalStack } from "../../local/stack.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { cheapHash } from "./cheap-hash.ts";
import { testClient } from "./dynamodb.ts";

/** What an endpoint answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Tests look into bodies of every shape; each assertion says what it expects of one.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export const CHROME_ON_WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
export const FIREFOX_ON_MACOS =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.7; rv:132.0) Gecko/20100101 Firefox/132.0";

/** One browser or device: it keeps its cookies, and sends them. */
export class HttpClient {
  readonly #url: string;
  readonly #userAgent: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, userAgent = CHROME_ON_WINDOWS) {
    this.#url = url;
    this.#userAgent = userAgent;
  }

  /** The value of a cookie, as kept. */
  cookie(name = "__Host-session"): string | undefined {
    return this.#cookies.get(name);
  }

  /** Gives it a cookie. */
  keep(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.#url + path, {
      method,
      redirect: "manual",
      headers: {
        "user-agent": this.#userAgent,
        ...(cookie === "" ? {} : { cookie }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
  }

  login(username: string, more: Record<string, unknown> = {}): Promise<Answer> {
    return this.call("POST", "/login", { username, password: DEMO_PASSWORD, ...more });
  }

  session(): Promise<Answer> {
    return this.call("GET", "/session");
  }

  logout(): Promise<Answer> {
    return this.call("POST", "/logout");
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(";");
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }
}

/**
 * Adds alice, bob, staff and admin to a stack's directory. Their password's hash is a cheap one: tests log in
 * thousands of times.
 */
export async function addDemoUsers(stack: LocalStack): Promise<void> {
  const { UsersTableName: tableName } = stack.tables;
  if (tableName === undefined) throw new Error("the stack has no directory");
  const documents = testClient({ endpoint: stack.databaseEndpoint });
  const directory = createUserDirectory({ documents, tableName, clock: Date.now });
  const passwordHash = cheapHash(DEMO_PASSWORD);
  for (const user of DEMO_USERS) await directory.add({ ...user, passwordHash });
  documents.destroy();
}

/**
 * How many live sessions each user has, as an administrator sees it; the administrator's own login is not
 * among them.
 */
export async function sessionCounts(
  stack: LocalStack,
  userIds: readonly string[],
): Promise<Record<string, number>> {
  const admin = new HttpClient(stack.url);
  await admin.login("admin");
  const counts = await Promise.all(
    userIds.map(async (userId) => {
      const answer = await admin.call("GET", `/admin/sessions?userId=${encodeURIComponent(userId)}`);
      return [userId, (answer.body as { sessions: unknown[] }).sessions.length] as const;
    }),
  );
  await admin.logout();
  return Object.fromEntries(counts);
}
