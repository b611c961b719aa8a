import type { Send } from "./send.ts";

/** What checks the options of one function. */
export type Expect = (name: string, value: unknown, isRight: boolean, accepted: string) => void;

/**
 * What sends the requests: the given `fetch`, or the platform's as a function of the platform's, since a
 * browser's is not a method of others.
 * @throws TypeError where there is none.
 */
export function senderOf(options: { readonly fetch?: Send }, expect: Expect): Send {
  const { fetch: send = (globalThis as { readonly fetch?: Send }).fetch } = options;
  expect("fetch", send, typeof send === "function", "a function; this platform has none");
  return (to, init) => (options.fetch ?? fetch)(to, init);
}

/** @throws TypeError that names an option, its value and what is accepted, unless it is right. */
export function expect(
  called: string,
  name: string,
  value: unknown,
  isRight: boolean,
  accepted: string,
): void {
  if (isRight) return;
  const found = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new TypeError(`${called}: ${name} is ${found}; accepted is ${accepted}.`);
}

/** @throws TypeError for an option that is none of these: misspelled, it would say nothing. */
export function expectKnown(called: string, options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    expect(called, "an option", name, names.includes(name), names.join(", "));
  }
}
