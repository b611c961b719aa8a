import { Arn, ArnFormat, Stack, Token } from "aws-cdk-lib";
import { Table, type ITable } from "aws-cdk-lib/aws-dynamodb";
import { Key, type IKey } from "aws-cdk-lib/aws-kms";
import { Function as LambdaFunction, type IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX } from "../src/sessions/table.ts";
import type { AuthorizerCache } from "./authorizer.ts";
import { SettingError } from "./settings/setting-error.ts";
import { SingleSessionBase } from "./single-session-base.ts";

/**
 * Where the parts of sessions are that another app or stack made. Only those that are used are needed:
 * `authorizeFunctionArn` for authorizers; for `addRoutes` the other functions.
 */
export interface SingleSessionAttributes {
  readonly authorizeFunctionArn?: string;
  readonly loginFunctionArn?: string;
  /** Only where an OIDC source has the code flow on. */
  readonly loginOidcFunctionArn?: string;
  readonly logoutFunctionArn?: string;
  readonly validateFunctionArn?: string;
  readonly adminLogoutFunctionArn?: string;
  readonly listSessionsFunctionArn?: string;
  readonly endSessionFunctionArn?: string;
  /** Only where activity is on. */
  readonly activityFunctionArn?: string;
  /** Only where jobs are on. */
  readonly jobsFunctionArn?: string;
  readonly sessionsTableArn?: string;
  /** For what reads the table's changes. */
  readonly sessionsTableStreamArn?: string;
  readonly usersTableArn?: string;
  readonly signInTableArn?: string;
  /**
   * The key of the tables, where they have one of your own: for what guards read.
   * @default keys of AWS
   */
  readonly encryptionKeyArn?: string;
  /** For guards: the `guardSettings` of the sessions, as an output or a parameter hands them on. */
  readonly guardSettings?: string;
  /**
   * Caching of the authorizers' answers, which is a matter of each API.
   * @default none
   */
  readonly authorizerCache?: AuthorizerCache;
}

type ArnName = Exclude<keyof SingleSessionAttributes, (typeof OTHERS)[number]>;

/** The attributes that are no ARNs. */
const OTHERS = ["authorizerCache", "guardSettings"] as const;

const SERVICES: Readonly<Record<ArnName, "lambda" | "dynamodb" | "kms">> = {
  authorizeFunctionArn: "lambda",
  loginFunctionArn: "lambda",
  loginOidcFunctionArn: "lambda",
  logoutFunctionArn: "lambda",
  validateFunctionArn: "lambda",
  adminLogoutFunctionArn: "lambda",
  listSessionsFunctionArn: "lambda",
  endSessionFunctionArn: "lambda",
  activityFunctionArn: "lambda",
  jobsFunctionArn: "lambda",
  sessionsTableArn: "dynamodb",
  sessionsTableStreamArn: "dynamodb",
  usersTableArn: "dynamodb",
  signInTableArn: "dynamodb",
  encryptionKeyArn: "kms",
};

/**
 * Sessions by their ARNs. @throws SettingError for an attribute that does not exist, or that is no such
 * ARN.
 */
export class ImportedSingleSession extends SingleSessionBase {
  protected override readonly authorizerCache: AuthorizerCache | undefined;
  readonly #attributes: SingleSessionAttributes;

  constructor(scope: Construct, id: string, attributes: SingleSessionAttributes) {
    super(scope, id);
    checkAttributes(attributes);
    this.#attributes = attributes;
    this.authorizerCache = attributes.authorizerCache;
  }

  get sessionsTable(): ITable {
    return this.#table("sessionsTableArn") ?? this.#missing("sessionsTableArn");
  }
  get guardSettings(): string {
    return this.#attributes.guardSettings ?? this.#missing("guardSettings");
  }
  protected override get takesAccessTokens(): boolean {
    const { guardSettings = "" } = this.#attributes;
    // Settings that are known at deployment only may say so.
    return Token.isUnresolved(guardSettings) || guardSettings.includes('"accessTokens"');
  }
  get usersTable(): ITable | undefined {
    return this.#table("usersTableArn");
  }
  get signInTable(): ITable | undefined {
    return this.#table("signInTableArn");
  }
  get loginOidcFunction(): IFunction | undefined {
    return this.#function("loginOidcFunctionArn");
  }
  get activityFunction(): IFunction | undefined {
    return this.#function("activityFunctionArn");
  }
  get jobsFunction(): IFunction | undefined {
    return this.#function("jobsFunctionArn");
  }
  get authorizeFunction(): IFunction {
    return this.#function("authorizeFunctionArn") ?? this.#missing("authorizeFunctionArn");
  }
  get loginFunction(): IFunction {
    return this.#function("loginFunctionArn") ?? this.#missing("loginFunctionArn");
  }
  get logoutFunction(): IFunction {
    return this.#function("logoutFunctionArn") ?? this.#missing("logoutFunctionArn");
  }
  get validateFunction(): IFunction {
    return this.#function("validateFunctionArn") ?? this.#missing("validateFunctionArn");
  }
  get adminLogoutFunction(): IFunction {
    return this.#function("adminLogoutFunctionArn") ?? this.#missing("adminLogoutFunctionArn");
  }
  get listSessionsFunction(): IFunction {
    return this.#function("listSessionsFunctionArn") ?? this.#missing("listSessionsFunctionArn");
  }
  get endSessionFunction(): IFunction {
    return this.#function("endSessionFunctionArn") ?? this.#missing("endSessionFunctionArn");
  }

  #function(name: ArnName): IFunction | undefined {
    const functionArn = this.#attributes[name];
    if (functionArn === undefined) return undefined;
    const made = this.node.tryFindChild(name) as unknown as IFunction | undefined;
    const sameEnvironment = isOfStack(functionArn, Stack.of(this));
    return made ?? LambdaFunction.fromFunctionAttributes(this, name, { functionArn, sameEnvironment });
  }

  #table(name: "sessionsTableArn" | "usersTableArn" | "signInTableArn"): ITable | undefined {
    const tableArn = this.#attributes[name];
    if (tableArn === undefined) return undefined;
    const made = this.node.tryFindChild(name) as unknown as ITable | undefined;
    const { sessionsTableStreamArn: tableStreamArn } = this.#attributes;
    const more = name === "sessionsTableArn" && {
      globalIndexes: [BY_USER_INDEX.name, ENDINGS_BY_USER_INDEX.name],
      ...(tableStreamArn !== undefined && { tableStreamArn }),
      ...this.#encryptionKey(),
    };
    return made ?? Table.fromTableAttributes(this, name, { tableArn, ...more });
  }

  #encryptionKey(): { readonly encryptionKey?: IKey } {
    const { encryptionKeyArn } = this.#attributes;
    return encryptionKeyArn === undefined
      ? {}
      : { encryptionKey: Key.fromKeyArn(this, "encryptionKeyArn", encryptionKeyArn) };
  }

  #missing(name: ArnName | "guardSettings"): never {
    const subject = `${name} (prop) of the imported sessions ${this.node.path} is not given, and is needed`;
    throw new SettingError(subject, accepted(name));
  }
}

function checkAttributes(attributes: SingleSessionAttributes): void {
  for (const [name, value] of Object.entries(attributes) as [string, unknown][]) {
    if ((OTHERS as readonly string[]).includes(name) || value === undefined) continue;
    if (!(name in SERVICES)) {
      const known = [...Object.keys(SERVICES), ...OTHERS];
      throw new SettingError(`${name} (prop) is not an attribute of sessions`, known.join(", "));
    }
    const service = SERVICES[name as ArnName];
    const isArn = typeof value === "string" && new RegExp(`^arn:[^:]+:${service}:.+`).test(value);
    if (!isArn && !Token.isUnresolved(value))
      throw SettingError.forValue({ name, source: "prop", value }, accepted(name as ArnName));
  }
}

const ACCEPTED = {
  lambda: "the ARN of a Lambda function",
  dynamodb: "the ARN of a DynamoDB table or its stream",
  kms: "the ARN of a KMS key",
} as const;

const accepted = (name: ArnName | "guardSettings"): string =>
  name === "guardSettings" ? "the text that the sessions have as guardSettings" : ACCEPTED[SERVICES[name]];

/**
 * Whether the permission for an API to invoke the function can be made in this stack. What is known only at
 * deployment is taken to be of the stack's account and Region; where it is not, the deployment says so.
 */
function isOfStack(functionArn: string, stack: Stack): boolean {
  if (Token.isUnresolved(functionArn)) return true;
  const { account, region } = Arn.split(functionArn, ArnFormat.COLON_RESOURCE_NAME);
  const same = (one: string | undefined, other: string) => Token.isUnresolved(other) || one === other;
  return same(account, stack.account) && same(region, stack.region);
}
