import { LocalStackError } from "../errors.ts";
import { matcherOf, type Dialect, type Matcher } from "./pattern-operators.ts";

/** Whether a pattern matches an event: a record of a stream, or an event of a bus. */
export type EventPattern = (event: unknown) => boolean;

type Test = (value: unknown) => boolean;

/**
 * Reads an event pattern ("Comparison operators for use in event patterns", EventBridge; "Filter rule
 * syntax", Lambda). Every field of it must match; of the values in a list, one.
 * @param whose begins the message.
 * @throws LocalStackError for what is no pattern, and for an operator that the dialect does not have or that
 *   does not run here.
 */
export function readEventPattern(pattern: unknown, dialect: Dialect, whose: string): EventPattern {
  return readObject(pattern, { dialect, whose, path: "" });
}

interface Place {
  readonly dialect: Dialect;
  readonly whose: string;
  readonly path: string;
}

function readObject(pattern: unknown, place: Place): Test {
  if (!isObject(pattern) || Object.keys(pattern).length === 0) refuse(place, "must be an object with fields");
  const tests = Object.entries(pattern).map(([name, part]): Test => {
    const path = place.path === "" ? name : `${place.path}.${name}`;
    const inner = { ...place, path };
    if (name === "$or") {
      if (!Array.isArray(part) || part.length < 2) refuse(inner, "must be a list of two patterns or more");
      const choices = part.map((choice) => readObject(choice, place));
      return (value) => choices.some((choice) => choice(value));
    }
    const test = Array.isArray(part) ? readList(part, inner) : readObject(part, inner);
    return (value) => test(isObject(value) ? value[name] : undefined);
  });
  // A list of objects matches where one of them does.
  return function matches(value): boolean {
    return Array.isArray(value) ? value.some(matches) : tests.every((test) => test(value));
  };
}

function readList(list: readonly unknown[], place: Place): Test {
  if (list.length === 0) refuse(place, "must not be empty");
  const matchers = list.map((item): Matcher => {
    const matcher = matcherOf(item, place.dialect);
    return typeof matcher === "string" ? refuse(place, matcher) : matcher;
  });
  return (value) =>
    matchers.some((matcher) => {
      if (matcher.kind === "presence") return matcher.isWanted === isLeaf(value);
      return Array.isArray(value)
        ? value.some((item) => matcher.test(item))
        : isLeaf(value) && matcher.test(value);
    });
}

/** `exists` is for leaves only: a field that holds an object is not there for it. */
const isLeaf = (value: unknown): boolean => value !== undefined && !isObject(value);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function refuse({ whose, path }: Place, why: string): never {
  throw new LocalStackError(`${whose} has a pattern that does not run here: ${path || "it"} ${why}.`);
}
