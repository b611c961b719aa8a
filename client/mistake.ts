/**
 * Whether an error is a mistake in code rather than a network failure. `fetch` rejects with a `TypeError` for
 * both (Fetch standard, fetch method), so the engines' own words decide: V8's, JavaScriptCore's,
 * SpiderMonkey's and Hermes's. What none of them says is taken for a network failure, whose words differ by
 * language and system.
 */
export function isMistake(error: unknown): boolean {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  if (name === "ReferenceError" || name === "RangeError") return true;
  return name === "TypeError" && WORDS.some((words) => words.test(String(message)));
}

const WORDS = [
  // A call of what is missing, or a member of nothing.
  /is not (a function|a constructor|iterable|an object|defined)/i,
  /cannot (read|set|convert|destructure|access|call)|can't (access|convert|find)/i,
  /(is|of|to|undefined or) (undefined|null)\b/i,
  // A request that cannot be made.
  /failed to (execute|construct|parse url)/i,
  /invalid (url|header|method|value|name)|not (a )?valid( url| http|$| or contains)/i,
  // An answer whose body the caller's `fetch` has read already.
  /already (been )?(read|used|consumed)|(unusable|disturbed)/i,
];
