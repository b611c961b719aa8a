import { BlockList, isIP } from "node:net";

/** Whose patterns: Lambda's filters know fewer operators than EventBridge's rules. */
export type Dialect = "lambda" | "eventbridge";

/** One value in a list of a pattern. */
export type Matcher =
  | { readonly kind: "value"; readonly test: (value: unknown) => boolean }
  | { readonly kind: "presence"; readonly isWanted: boolean };

type Operator = (operand: unknown) => Matcher | undefined;

const value = (test: (value: unknown) => boolean): Matcher => ({ kind: "value", test });
const text = (test: (text: string) => boolean): Matcher =>
  value((item) => typeof item === "string" && test(item));
const isScalar = (item: unknown): item is string | number | boolean | null =>
  item === null || ["string", "number", "boolean"].includes(typeof item);

/** `{ "equals-ignore-case": "x" }` inside another operator. */
function ignoringCase(operand: unknown): string | undefined {
  const inner = (operand as Record<string, unknown> | null)?.["equals-ignore-case"];
  return typeof inner === "string" ? inner.toLowerCase() : undefined;
}

function affix(test: (text: string, part: string) => boolean): Operator {
  return (operand) => {
    if (typeof operand === "string") return text((item) => test(item, operand));
    const folded = ignoringCase(operand);
    return folded === undefined ? undefined : text((item) => test(item.toLowerCase(), folded));
  };
}

function wildcard(operand: unknown): Matcher | undefined {
  if (typeof operand !== "string") return undefined;
  const parts = operand.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  const expression = new RegExp(`^${parts.join(".*")}$`, "s");
  return text((item) => expression.test(item));
}

const COMPARISONS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  "=": (left, right) => left === right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** `[">", 0, "<=", 5]` */
function numeric(operand: unknown): Matcher | undefined {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) return undefined;
  const tests = [0, 2]
    .filter((at) => at < operand.length)
    .map((at) => {
      const compare = COMPARISONS[String(operand[at])];
      const bound: unknown = operand[at + 1];
      return compare && typeof bound === "number" ? (item: number) => compare(item, bound) : undefined;
    });
  if (!tests.every((test) => test !== undefined)) return undefined;
  return value((item) => typeof item === "number" && tests.every((test) => test(item)));
}

function cidr(operand: unknown): Matcher | undefined {
  const [address = "", bits = ""] = typeof operand === "string" ? operand.split("/") : [];
  const family = isIP(address);
  if (family === 0 || !/^\d+$/.test(bits)) return undefined;
  const network = new BlockList();
  network.addSubnet(address, Number(bits), family === 6 ? "ipv6" : "ipv4");
  return text((item) => isIP(item) !== 0 && network.check(item, isIP(item) === 6 ? "ipv6" : "ipv4"));
}

const equalsIgnoreCase: Operator = (operand) =>
  typeof operand === "string" ? text((item) => item.toLowerCase() === operand.toLowerCase()) : undefined;

const OPERATORS: Readonly<Record<string, { readonly make: Operator; readonly isLambdas: boolean }>> = {
  exists: {
    make: (operand) => (typeof operand === "boolean" ? { kind: "presence", isWanted: operand } : undefined),
    isLambdas: true,
  },
  prefix: { make: affix((item, part) => item.startsWith(part)), isLambdas: true },
  suffix: { make: affix((item, part) => item.endsWith(part)), isLambdas: true },
  "equals-ignore-case": { make: equalsIgnoreCase, isLambdas: true },
  numeric: { make: numeric, isLambdas: true },
  "anything-but": { make: anythingBut, isLambdas: true },
  wildcard: { make: wildcard, isLambdas: false },
  cidr: { make: cidr, isLambdas: false },
};

/** A scalar, a list of them, or another operator that compares texts. */
function anythingBut(operand: unknown): Matcher | undefined {
  const list: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (list.length > 0 && list.every(isScalar)) return value((item) => !list.some((other) => other === item));
  const [name, inner] = Object.entries(operand as object)[0] ?? [];
  if (name === undefined || !["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(name)) {
    return undefined;
  }
  const tests = (Array.isArray(inner) ? inner : [inner]).map((each) => {
    const matcher = OPERATORS[name]?.make(each);
    return matcher?.kind === "value" ? matcher.test : undefined;
  });
  if (!tests.every((test) => test !== undefined)) return undefined;
  return value((item) => !tests.some((test) => test(item)));
}

/** What one value of a list means, or why it means nothing here. */
export function matcherOf(item: unknown, dialect: Dialect): Matcher | string {
  if (isScalar(item)) return value((other) => other === item);
  const entries = Object.entries(item as object);
  const [name = "", operand] = entries[0] ?? [];
  const operator = entries.length === 1 ? OPERATORS[name] : undefined;
  const whose = dialect === "lambda" ? "Lambda's filters" : "EventBridge's patterns";
  if (operator === undefined || (dialect === "lambda" && !operator.isLambdas)) {
    const known = Object.entries(OPERATORS).filter(([, each]) => dialect === "eventbridge" || each.isLambdas);
    return `has ${JSON.stringify(item)}; of the operators of ${whose} these run: ${known.map(([each]) => each).join(", ")}`;
  }
  return operator.make(operand) ?? `has ${JSON.stringify(item)}, which is no use of ${name} in ${whose}`;
}
