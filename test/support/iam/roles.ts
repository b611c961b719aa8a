import { resolveIntrinsics, type Reference } from "../../../local/model/intrinsics.ts";

/** The part of a template that is read here. */
export interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What one function may do. */
export interface Role {
  /** The function's logical id. */
  readonly functionId: string;
  /** `login` */
  readonly name: string;
  readonly statements: readonly Statement[];
}

export const ACCOUNT = "123456789012";
export const REGION = "eu-central-1";

/** The ARN of a table with its logical id as its name. */
export const tableArn = (logicalId: string, index?: string): string =>
  `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${logicalId}${index === undefined ? "" : `/index/${index}`}`;

/** The ARN of a function with its logical id as its name. */
export const functionArn = (logicalId: string): string =>
  `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${logicalId}`;

/**
 * The roles of this project's functions in a template. Functions of CDK's own, which work during a deployment
 * only, are left out.
 * @throws Error for a role that has a managed policy: what it grants is not in the template.
 */
export function rolesIn(template: Template): Role[] {
  const references = referencesIn(template);
  const resolve = (value: unknown): unknown => resolveIntrinsics(value, { references }, "a policy");
  const resources = Object.entries(template.Resources);
  return resources.flatMap(([functionId, { Type, Properties = {} }]) => {
    const name = /^Single session: (.+)$/.exec(String(Properties["Description"]))?.[1];
    if (Type !== "AWS::Lambda::Function" || name === undefined) return [];
    const roleId = idIn(Properties["Role"], "Fn::GetAtt");
    const role = template.Resources[roleId]?.Properties ?? {};
    if (role["ManagedPolicyArns"] !== undefined) throw new Error(`the role of ${name} has managed policies`);
    const attached = resources.filter(
      ([, { Type: type, Properties: { Roles = [] } = {} }]) =>
        type === "AWS::IAM::Policy" && (Roles as unknown[]).some((one) => idIn(one, "Ref") === roleId),
    );
    const documents = [
      ...((role["Policies"] ?? []) as { PolicyDocument: unknown }[]).map((inline) => inline.PolicyDocument),
      ...attached.map(([, policy]) => policy.Properties?.["PolicyDocument"]),
    ];
    const statements = documents.flatMap(
      (document) => (resolve(document) as { Statement: Statement[] }).Statement,
    );
    return [{ functionId, name, statements }];
  });
}

function idIn(value: unknown, intrinsic: "Ref" | "Fn::GetAtt"): string {
  const argument = (value as Readonly<Record<string, unknown>> | undefined)?.[intrinsic];
  return String(Array.isArray(argument) ? argument[0] : argument);
}

/** Values for whatever is referred to: ARNs of the right service, with logical ids as names. */
export function referencesIn({ Resources }: Template): ReadonlyMap<string, Reference> {
  const pseudo = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "SingleSession",
  };
  return new Map<string, Reference>([
    ...Object.entries(pseudo).map(([name, ref]) => [name, { ref, attributes: {} }] as const),
    ...Object.entries(Resources).map(
      ([id, { Type }]) => [id, { ref: id, attributes: attributesOf(id, Type) }] as const,
    ),
  ]);
}

const attributesOf = (id: string, type: string): Readonly<Record<string, string>> => ({
  Arn: arnOf(id, type),
  ...(type === "AWS::DynamoDB::Table" && { StreamArn: `${tableArn(id)}/stream/now` }),
  ...(type === "AWS::AppSync::Api" && {
    ApiId: id,
    "Dns.Http": `${id}.Dns.Http`,
    "Dns.Realtime": `${id}.Dns.Realtime`,
  }),
});

function arnOf(id: string, type: string): string {
  if (type === "AWS::DynamoDB::Table") return tableArn(id);
  if (type === "AWS::Events::EventBus") return `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${id}`;
  if (type === "AWS::Lambda::Function") return functionArn(id);
  if (type === "AWS::Logs::LogGroup") return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${id}:*`;
  const service = type.split("::")[1]?.toLowerCase() ?? "";
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${id}`;
}
