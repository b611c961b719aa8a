/** As much of CloudWatch Logs Insights' language as the runbook's queries use. */

type Line = Readonly<Record<string, unknown>>;

/** What a query finds. */
export interface QueryResult {
  readonly lines: readonly Line[];
  /** The fields that it shows or groups by; not what CloudWatch adds (`@log`), nor times (`bin(5m)`). */
  readonly fields: readonly string[];
}

/**
 * Asks lines of a log. One that is no JSON has `@message` only.
 * @throws Error for what these queries do not use, so that no condition is passed over.
 */
export function ask(query: string, lines: readonly string[]): QueryResult {
  let found = lines.map(parsed);
  const fields: string[] = [];
  for (const stage of query.trim().split(/\n\| /)) {
    const [, command = "", rest = ""] = /^(\w+) ([\s\S]*)$/.exec(stage) ?? [];
    if (command === "filter") {
      const conditions = rest.split(" and ").map(conditionOf);
      found = found.filter((line) => conditions.every((holds) => holds(line)));
    } else if (command === "fields") fields.push(...namesIn(rest));
    else if (command === "stats")
      fields.push(...namesIn(/^count\(\*\) as \w+ by (.+)$/.exec(rest)?.[1] ?? unknown(stage)));
    else if (command !== "sort" && command !== "limit") unknown(stage);
  }
  return { lines: found, fields };
}

/** The value at a path: `fault.cause.name`, `audit.userIds.0`. */
export function valueAt(line: Line, path: string): unknown {
  return path.split(".").reduce<unknown>((value, name) => (value as Line | undefined)?.[name], line);
}

function parsed(text: string): Line {
  try {
    return { ...(JSON.parse(text) as Line), "@message": text };
  } catch {
    return { "@message": text };
  }
}

const namesIn = (list: string): string[] =>
  list.split(", ").filter((name) => !name.startsWith("@") && !name.startsWith("bin("));

function conditionOf(text: string): (line: Line) => boolean {
  const [, path = "", operator = "", operand = ""] =
    /^([\w.@]+) (=|>=|like|in) (.+)$/.exec(text) ?? unknown(text);
  const of = (line: Line): unknown => valueAt(line, path);
  if (operator === "like") {
    const shape = new RegExp(/^\/(.+)\/$/.exec(operand)?.[1] ?? unknown(text));
    return (line) => typeof of(line) === "string" && shape.test(of(line) as string);
  }
  const expected: unknown = JSON.parse(operand);
  if (operator === ">=") return (line) => Number(of(line)) >= Number(expected);
  return (line) => (Array.isArray(expected) ? expected : [expected]).includes(of(line));
}

function unknown(text: string): never {
  throw new Error(`the tests do not know this part of a query: ${text}`);
}
