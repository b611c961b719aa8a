import type { Send } from "./send.ts";
import { expect, expectKnown, senderOf, type Expect } from "./expect.ts";

/**
 * Where a client that uses no cookie keeps its token: the Keychain, the Keystore, memory. For a provider's
 * access tokens `get` asks the provider's library, and `set` is only called at the logout.
 */
export interface TokenStore {
  /** The token, asked for before each call; nothing where nobody is signed in. */
  get(): string | null | undefined | Promise<string | null | undefined>;
  /** Keeps a token, or with `undefined` forgets the one that there is. */
  set(token: string | undefined): void | Promise<void>;
}

export interface SessionClientOptions {
  /**
   * What stands before `/login` and the other routes: `https://api.example.com`, or a path.
   * @default "" the routes of the page's own origin
   */
  readonly url?: string;
  /** `include` for an API at another host of the same site. */
  readonly credentials?: RequestCredentials;
  /** Given, sessions travel as bearer tokens, and no cookie is set. */
  readonly tokens?: TokenStore;
  /** Sends the requests. @default the platform's */
  readonly fetch?: Send;
}

const OPTIONS = ["url", "credentials", "tokens", "fetch"] as const satisfies (keyof SessionClientOptions)[];
const CREDENTIALS: readonly unknown[] = ["include", "omit", "same-origin"];

/** The options with what stands in for those that are not given. */
export type CheckedClientOptions = Omit<SessionClientOptions, "url" | "fetch"> & {
  readonly url: string;
  readonly fetch: Send;
};

/** @throws TypeError that names the first option which cannot be right, its value and what is accepted. */
export function checkClientOptions(options: SessionClientOptions): CheckedClientOptions {
  const check: Expect = (name, value, isRight, accepted) =>
    expect("createSessionClient", name, value, isRight, accepted);
  expectKnown("createSessionClient", options, OPTIONS);
  const { url = "", credentials, tokens } = options;
  check(
    "url",
    url,
    typeof url === "string" && !/[?#]/.test(url),
    "text without a query, such as https://api.example.com",
  );
  const isKnown = credentials === undefined || CREDENTIALS.includes(credentials);
  check("credentials", credentials, isKnown, "include, omit or same-origin");
  const { get, set } = (tokens ?? {}) as { get?: unknown; set?: unknown };
  const isStore = tokens === undefined || (typeof get === "function" && typeof set === "function");
  check("tokens", tokens, isStore, "an object with get and set");
  return {
    url: url.replace(/\/+$/, ""),
    ...(credentials && { credentials }),
    ...(tokens && { tokens }),
    fetch: senderOf(options, check),
  };
}
