import type { Send } from "./ask.ts";
import { expect } from "./expect.ts";
import type { SessionClientOptions } from "./session-client.ts";

const CREDENTIALS: readonly unknown[] = ["include", "omit", "same-origin"];

/** The options with what stands in for those that are not given. */
export type CheckedClientOptions = Omit<SessionClientOptions, "url" | "fetch"> & {
  readonly url: string;
  readonly fetch: Send;
};

/** @throws TypeError that names the first option which cannot be right, its value and what is accepted. */
export function checkClientOptions(options: SessionClientOptions): CheckedClientOptions {
  const check = (name: string, value: unknown, isRight: boolean, accepted: string): void =>
    expect("createSessionClient", name, value, isRight, accepted);
  const { url = "", credentials, tokens, fetch: given } = options;
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
  const send = given ?? (globalThis as { readonly fetch?: Send }).fetch;
  check("fetch", send, typeof send === "function", "a function, for this platform has no fetch of its own");
  return {
    url: url.replace(/\/+$/, ""),
    ...(credentials !== undefined && { credentials }),
    ...(tokens !== undefined && { tokens }),
    // Called as a function of the platform's: a browser's `fetch` is none of other objects.
    fetch: (to, init) => (given ?? fetch)(to, init),
  };
}
