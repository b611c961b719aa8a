import { Arn, ArnFormat, Stack, Token } from "aws-cdk-lib";
import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { Alias, Function as LambdaFunction, IFunction, Version } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { GUARD_ENVIRONMENT, type GuardTable } from "../src/runtime/function-settings.ts";
import { keyStatement } from "./baseline.ts";
import { guardStatements } from "./permissions.ts";
import { guardSignInStatements } from "./sign-in-permissions.ts";
import { SettingError } from "./settings/setting-error.ts";

/** A function that may be protected: `Function`, `NodejsFunction`, an alias or a version of one. */
export type ProtectedFunction = IFunction | LambdaFunction | Alias | Version;

/** What a guard works with. */
export interface GuardAccess {
  readonly table: Table | ITable;
  /** Where callers may send a provider's access tokens. */
  readonly signInTable?: Table | ITable | undefined;
  /** `GuardSettings` as JSON, in which CDK may have to fill in values. */
  readonly settings: string;
}

/**
 * The environment of code with a guard in it. DynamoDB's address is told outright: nothing in a guard would
 * look for it.
 */
export function guardEnvironment({
  table,
  settings,
}: Pick<GuardAccess, "table" | "settings">): Record<string, string> {
  const { urlSuffix } = Stack.of(table);
  const region = regionOf(table);
  const place: GuardTable = {
    name: table.tableName,
    region,
    endpoint: `https://dynamodb.${region}.${urlSuffix}`,
  };
  return {
    [GUARD_ENVIRONMENT.table]: Stack.of(table).toJsonString(place),
    [GUARD_ENVIRONMENT.settings]: settings,
  };
}

/** An imported table's ARN may be of another Region than the stack's. */
function regionOf(table: Table | ITable): string {
  const { tableArn } = table;
  const given = Token.isUnresolved(tableArn)
    ? undefined
    : Arn.split(tableArn, ArnFormat.SLASH_RESOURCE_NAME).region;
  return given ?? Stack.of(table).region;
}

/** Lets a role do what a guard does, and nothing else: what validating may. */
export function grantGuard(
  scope: Construct,
  grantee: IGrantable,
  { table, signInTable }: Pick<GuardAccess, "table" | "signInTable">,
): Grant {
  const { encryptionKey } = table;
  const statements = [
    ...guardStatements(table),
    ...(signInTable ? guardSignInStatements(table, signInTable) : []),
    ...(encryptionKey ? [keyStatement(scope, encryptionKey, ["dynamodb"])] : []),
  ];
  return statements
    .map(({ actions, resources, conditions }) =>
      Grant.addToPrincipal({
        grantee,
        actions,
        resourceArns: resources,
        conditions: conditions as Record<string, Record<string, unknown>>,
      }),
    )
    .reduce((all, grant) => all.combine(grant));
}

/** Whose sessions a function's guard checks. */
const protectedBy = new WeakMap<object, Construct>();

/**
 * Sets the environment of a function and grants its role what a guard does.
 * @throws SettingError for a function whose environment is not this app's to set, and for one that other
 * sessions protect.
 */
export function protectFunction(sessions: Construct, lambda: ProtectedFunction, access: GuardAccess): void {
  const target = functionBehind(lambda);
  const { path } = lambda.node;
  if (!("addEnvironment" in target))
    throw new SettingError(
      `${path} is an imported function, whose environment CDK cannot set`,
      "a function of this app; set sessions.guardEnvironment where the function is made, and call " +
        "sessions.grantGuard with its role",
    );
  const other = protectedBy.get(target);
  if (other !== undefined && other !== sessions)
    throw new SettingError(
      `${path} is protected by ${other.node.path} already`,
      "one construct's sessions for each function",
    );
  protectedBy.set(target, sessions);
  for (const [name, value] of Object.entries(guardEnvironment(access))) target.addEnvironment(name, value);
  grantGuard(sessions, target, access);
}

/** The function that an alias or a version names: its environment and role are theirs. */
function functionBehind(lambda: ProtectedFunction): IFunction | LambdaFunction {
  return "lambda" in lambda ? functionBehind(lambda.lambda) : lambda;
}
