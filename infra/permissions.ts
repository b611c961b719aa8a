import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import {
  BY_USER_INDEX,
  ENDINGS_BY_USER_INDEX,
  PARTITION_KEY,
  sessionKey,
  TOUCHED_ATTRIBUTES,
} from "../src/sessions/table.ts";
import type { FunctionId } from "./functions.ts";

/** The tables there are. */
export interface Tables {
  readonly sessions: Table;
  /** Only where the password directory is on. */
  readonly users?: Table;
  /** Only where the password directory or an OIDC source is on. */
  readonly signIn?: Table;
}

/**
 * What each function may do, and nothing else: every action written out, on the table itself or on one index.
 * (The tables' own `grant` methods add all indexes, and read-write grants add far more than the protocol
 * does.)
 */
const STATEMENTS: Readonly<Record<FunctionId, (tables: Tables) => readonly PolicyStatement[]>> = {
  login: ({ sessions, users, signIn }) => [
    ...commit(sessions),
    ...signingIn(signIn),
    ...directory(users, ["dynamodb:GetItem", "dynamodb:ConditionCheckItem"]),
  ],
  // Of the sign-in table only the mark of a used token, which is a part of the commit.
  "login-oidc": ({ sessions, signIn }) => [
    ...commit(sessions),
    ...(signIn ? [allow(["dynamodb:GetItem", "dynamodb:PutItem"], [signIn.tableArn])] : []),
  ],
  logout: ({ sessions }) => commit(sessions),
  "end-session": ({ sessions, users }) => [...commit(sessions), ...directory(users, ["dynamodb:GetItem"])],
  validate: ({ sessions }) => [allow(["dynamodb:GetItem"], [sessions.tableArn]), touch(sessions)],
  authorize: ({ sessions }) => [allow(["dynamodb:GetItem"], [sessions.tableArn]), touch(sessions)],
  "admin-logout": ({ sessions, users }) => [
    allow(["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"], [sessions.tableArn]),
    ...directory(users, ["dynamodb:GetItem", "dynamodb:BatchGetItem"]),
  ],
  "list-sessions": ({ sessions, users }) => [
    allow(["dynamodb:GetItem", "dynamodb:BatchGetItem"], [sessions.tableArn]),
    allow(["dynamodb:Query", "dynamodb:Scan"], [indexArn(sessions, BY_USER_INDEX.name)]),
    allow(["dynamodb:Query"], [indexArn(sessions, ENDINGS_BY_USER_INDEX.name)]),
    ...directory(users, ["dynamodb:GetItem"]),
  ],
};

/** The statements of one function's role, beside those for its log. */
export function statementsFor(id: FunctionId, tables: Tables): readonly PolicyStatement[] {
  return STATEMENTS[id](tables);
}

/** Transactions are authorized by the actions they consist of; a commit writes by put and delete only. */
const commit = (sessions: Table): readonly PolicyStatement[] => [
  allow(
    ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"],
    [sessions.tableArn],
  ),
];

/**
 * The one write of a validating function: the activity of a session item. It cannot make, revive or prolong
 * anything else.
 */
const touch = (sessions: Table): PolicyStatement =>
  new PolicyStatement({
    actions: ["dynamodb:UpdateItem"],
    resources: [sessions.tableArn],
    conditions: {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [sessionKey("*").pk] },
      "ForAllValues:StringEquals": { "dynamodb:Attributes": [PARTITION_KEY, ...TOUCHED_ATTRIBUTES] },
    },
  });

const directory = (users: Table | undefined, actions: string[]): readonly PolicyStatement[] =>
  users ? [allow(actions, [users.tableArn])] : [];

/** Marks of used tokens are put in the commit; counts of failed attempts are moved on condition, and cleared. */
const signingIn = (signIn: Table | undefined): readonly PolicyStatement[] =>
  signIn
    ? [
        allow(
          [
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:ConditionCheckItem",
          ],
          [signIn.tableArn],
        ),
      ]
    : [];

const allow = (actions: string[], resources: string[]): PolicyStatement =>
  new PolicyStatement({ actions, resources });

const indexArn = (table: Table, index: string): string => `${table.tableArn}/index/${index}`;
