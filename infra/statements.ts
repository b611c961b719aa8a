import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";

/** Statements of the functions' policies: each for named actions on one table or one index. */

/**
 * @param keys patterns of the partition keys of the items it is for; any where left out.
 * @param attributes the only ones that a request may name; any where left out.
 */
export function allow(
  actions: readonly string[],
  table: Table | ITable,
  keys?: readonly string[],
  attributes?: readonly string[],
): PolicyStatement {
  const onlyIn = (key: string, operator: string, values: readonly string[] | undefined) =>
    values && { [operator]: { [key]: values } };
  const present = [...(keys ? [LEADING_KEYS] : []), ...(attributes ? [ATTRIBUTES] : [])];
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    ...(present.length > 0 && {
      conditions: {
        ...onlyIn(LEADING_KEYS, "ForAllValues:StringLike", keys),
        ...onlyIn(ATTRIBUTES, "ForAllValues:StringEquals", attributes),
        // `ForAllValues` also holds where a request does not have the key at all.
        Null: Object.fromEntries(present.map((key) => [key, "false"])),
      },
    }),
  });
}

const LEADING_KEYS = "dynamodb:LeadingKeys";
const ATTRIBUTES = "dynamodb:Attributes";

export const allowOnIndex = (actions: readonly string[], table: Table, index: string): PolicyStatement =>
  new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [`${table.tableArn}/index/${index}`],
  });
