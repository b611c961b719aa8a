export type Item = Readonly<Record<string, unknown>>;

/** The placeholders of an expression, as a request gives them. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

const FUNCTION = /^(attribute_exists|attribute_not_exists)\(([\w#]+)\)$/;
const COMPARISON = /^([\w#]+) (=|<>|<|<=|>|>=) (:\w+)$/;
const ASSIGNMENT = /^([\w#]+) = (:\w+)$/;

/**
 * Whether a condition holds for an item, or for there being none. It knows the expressions that the product
 * sends: functions of existence and comparisons of an attribute with a value, joined by AND, or by OR, alone
 * or in brackets.
 * @throws SyntaxError for any other expression: the model must not guess.
 */
export function holds(expression: string, item: Item | undefined, placeholders: Placeholders): boolean {
  return expression.split(" AND ").every((clause) =>
    withoutBrackets(clause)
      .split(" OR ")
      .some((part) => clauseHolds(part.trim(), item, placeholders)),
  );
}

function withoutBrackets(clause: string): string {
  return /^\((.*)\)$/.exec(clause.trim())?.[1] ?? clause;
}

function clauseHolds(clause: string, item: Item | undefined, placeholders: Placeholders): boolean {
  const existence = FUNCTION.exec(clause);
  if (existence !== null) {
    const exists = item?.[attribute(existence[2]!, placeholders)] !== undefined;
    return existence[1] === "attribute_exists" ? exists : !exists;
  }
  const comparison = COMPARISON.exec(clause);
  if (comparison === null) throw new SyntaxError(`the model does not know the condition "${clause}"`);
  const [, name = "", operator, placeholder = ""] = comparison;
  const found = item?.[attribute(name, placeholders)];
  const wanted = value(placeholder, placeholders);
  // DynamoDB: a comparison with an attribute that is absent or of another type does not hold.
  if (found === undefined || typeof found !== typeof wanted) return operator === "<>" && item !== undefined;
  return compare(found as number, operator!, wanted as number);
}

function compare(found: number, operator: string, wanted: number): boolean {
  switch (operator) {
    case "=":
      return found === wanted;
    case "<>":
      return found !== wanted;
    case "<":
      return found < wanted;
    case "<=":
      return found <= wanted;
    case ">":
      return found > wanted;
    default:
      return found >= wanted;
  }
}

/**
 * An item after a `SET` of attributes to values. Where there was none, DynamoDB creates one with the key.
 * @throws SyntaxError for any other expression.
 */
export function updated(expression: string, item: Item, placeholders: Placeholders): Item {
  if (!expression.startsWith("SET "))
    throw new SyntaxError(`the model does not know the update "${expression}"`);
  const changes = expression
    .slice("SET ".length)
    .split(",")
    .map((assignment): [string, unknown] => {
      const match = ASSIGNMENT.exec(assignment.trim());
      if (match === null) throw new SyntaxError(`the model does not know the assignment "${assignment}"`);
      return [attribute(match[1]!, placeholders), value(match[2]!, placeholders)];
    });
  return { ...item, ...Object.fromEntries(changes) };
}

function attribute(name: string, { ExpressionAttributeNames: names }: Placeholders): string {
  if (!name.startsWith("#")) return name;
  const real = names?.[name];
  if (real === undefined) throw new SyntaxError(`the request gives no attribute name for "${name}"`);
  return real;
}

function value(placeholder: string, { ExpressionAttributeValues: values }: Placeholders): unknown {
  const given = values?.[placeholder];
  if (given === undefined) throw new SyntaxError(`the request gives no value for "${placeholder}"`);
  return given;
}
