import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { Annotations, Match } from "aws-cdk-lib/assertions";
import { SecurityGroup, SubnetType, Vpc, type IVpc } from "aws-cdk-lib/aws-ec2";
import { Key } from "aws-cdk-lib/aws-kms";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { SettingError, SingleSession, type SingleSessionProps } from "../../infra/index.ts";
import {
  appStack,
  constructIn,
  DEFAULT_FUNCTION_IDS,
  newApp,
  resourceOf,
  resourcesOf,
  WITHOUT_CODE,
  type Statement,
} from "./support.ts";

const FUNCTION = "AWS::Lambda::Function";

/** An organization's baseline: everything that it may ask for. */
function baselined() {
  const stack = new Stack(newApp(WITHOUT_CODE), "Bank");
  const vpc = new Vpc(stack, "Vpc", { natGateways: 0 });
  const encryptionKey = new Key(stack, "Key", { enableKeyRotation: true });
  const sessions = new SingleSession(stack, "Sessions", {
    encryptionKey,
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroups: [new SecurityGroup(stack, "Group", { vpc: vpc as IVpc })],
    tracing: Tracing.ACTIVE,
    namePrefix: "bank",
    logLevel: "WARN",
    functionOptions: { login: { memorySize: 3008, reservedConcurrentExecutions: 50 } },
  });
  sessions.originSecret();
  return { stack, sessions };
}

const { stack } = baselined();
const key = { "Fn::GetAtt": [resourceOf(stack, "AWS::KMS::Key").id, "Arn"] };
const functions = Object.values(resourcesOf(stack, FUNCTION)).map(({ Properties }) => Properties);
const login = resourceOf(stack, FUNCTION, "Sessionslogin").Properties;

describe("with a baseline", () => {
  it("the key encrypts tables, logs, environments, queues, the outbox's bucket and the secret", () => {
    for (const { Properties } of Object.values(resourcesOf(stack, "AWS::DynamoDB::Table"))) {
      expect(Properties["SSESpecification"]).toMatchObject({ SSEType: "KMS", KMSMasterKeyId: key });
    }
    for (const { Properties } of Object.values(resourcesOf(stack, "AWS::Logs::LogGroup"))) {
      expect(Properties["KmsKeyId"]).toEqual(key);
    }
    for (const properties of functions) expect(properties["KmsKeyArn"]).toEqual(key);
    const queues = Object.values(resourcesOf(stack, "AWS::SQS::Queue"));
    expect(queues.map(({ Properties }) => Properties["KmsMasterKeyId"])).toEqual([key, key]);
    expect(resourceOf(stack, "AWS::S3::Bucket").Properties["BucketEncryption"]).toMatchObject({
      ServerSideEncryptionConfiguration: [
        { ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key } },
      ],
    });
    expect(resourceOf(stack, "AWS::SecretsManager::Secret").Properties["KmsKeyId"]).toEqual(key);
  });

  it("the key may be used by CloudWatch Logs, and by the functions only through DynamoDB", () => {
    const { KeyPolicy } = resourceOf(stack, "AWS::KMS::Key").Properties as {
      KeyPolicy: { Statement: Statement[] };
    };
    expect(KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({
        Principal: { Service: { "Fn::Join": ["", ["logs.", { Ref: "AWS::Region" }, ".amazonaws.com"]] } },
      }),
    );
    const policies = Object.values(resourcesOf(stack, "AWS::IAM::Policy"));
    const statements = policies.flatMap(
      ({ Properties }) => (Properties["PolicyDocument"] as { Statement: Statement[] }).Statement,
    );
    const ofKey = statements.filter(({ Action }) => JSON.stringify(Action).includes("kms:"));
    // The authorizer of push reaches nothing that is encrypted.
    expect(ofKey).toHaveLength(DEFAULT_FUNCTION_IDS.length - 1);
    for (const { Action, Resource, Condition } of ofKey) {
      expect(JSON.stringify(Action)).not.toContain("*");
      expect(Resource).toEqual(key);
      expect(JSON.stringify(Condition)).toContain("dynamodb.");
    }
  });

  it("every function is in the VPC, traced, and quiet as asked", () => {
    expect(functions).toHaveLength(DEFAULT_FUNCTION_IDS.length);
    for (const properties of functions) {
      expect(properties).toMatchObject({
        TracingConfig: { Mode: "Active" },
        Environment: { Variables: { SINGLE_SESSION_LOG_LEVEL: "WARN" } },
      });
      const { SubnetIds, SecurityGroupIds } = properties["VpcConfig"] as Record<string, unknown[]>;
      expect(SubnetIds).toHaveLength(2);
      expect(SecurityGroupIds).toHaveLength(1);
    }
    expect(JSON.stringify(resourcesOf(stack, "AWS::IAM::Role"))).not.toContain("AWSLambdaVPCAccess");
    expect(JSON.stringify(resourcesOf(stack, "AWS::IAM::Policy"))).toContain("ec2:CreateNetworkInterface");
  });

  it("one function has memory and concurrency of its own, and the others have not", () => {
    expect(login).toMatchObject({ MemorySize: 3008, ReservedConcurrentExecutions: 50 });
    const { Properties } = resourceOf(stack, FUNCTION, "Sessionslogout");
    expect(Properties["MemorySize"]).toBe(512);
    expect(Properties["ReservedConcurrentExecutions"]).toBeUndefined();
  });

  it("functions and tables have names that can be told beforehand", () => {
    const names = functions.map(({ FunctionName }) => FunctionName);
    expect(names.sort()).toEqual(DEFAULT_FUNCTION_IDS.map((id) => `bank-${id}`).sort());
    const tables = Object.values(resourcesOf(stack, "AWS::DynamoDB::Table"));
    expect(tables.map(({ Properties }) => Properties["TableName"]).sort()).toEqual([
      "bank-activity",
      "bank-jobs",
      "bank-sessions",
      "bank-sign-in",
      "bank-users",
    ]);
  });

  it("cdk-nag's AWS Solutions pack finds nothing of ours", () => {
    const { violations } = new AwsSolutionsChecks(stack).validateScope(stack);
    const ours = violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath = "" }) => `${ruleName} ${constructPath}`),
    );
    expect(ours.filter((finding) => finding.includes("Bank/Sessions"))).toEqual([]);
  });

  it("the outbox may use the key through SQS and S3 too, where it and Lambda put what failed", () => {
    const services = (id: string) => {
      const { PolicyDocument } = resourceOf(stack, "AWS::IAM::Policy", `Sessions${id}policy`).Properties as {
        PolicyDocument: { Statement: Statement[] };
      };
      const ofKey = PolicyDocument.Statement.filter(({ Action }) => JSON.stringify(Action).includes("kms:"));
      return ["dynamodb", "sqs", "s3"].filter((name) => JSON.stringify(ofKey).includes(`"${name}.`));
    };
    expect(services("outbox")).toEqual(["dynamodb", "sqs", "s3"]);
    expect(services("adminlogout")).toEqual(["dynamodb", "sqs"]);
    expect(services("pushauthorize")).toEqual([]);
  });

  it("in a VPC, the synth says what events need that nobody decided on", () => {
    const NOTE = Match.stringLikeRegexp("EventBridge and SQS");
    const made = (props: SingleSessionProps) => {
      const own = new Stack(newApp(WITHOUT_CODE), "Own");
      new SingleSession(own, "Sessions", { vpc: new Vpc(own, "Vpc", { natGateways: 0 }), ...props });
      return Annotations.fromStack(own);
    };
    made({}).hasWarning("*", NOTE);
    for (const events of [true, false, { push: false }]) made({ events }).hasNoWarning("*", NOTE);
    Annotations.fromStack(constructIn().stack).hasNoWarning("*", NOTE);
  });

  it("an imported key, whose policy the stack cannot change, is pointed out", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    const arn = "arn:aws:kms:eu-central-1:123456789012:key/1";
    new SingleSession(own, "Sessions", { encryptionKey: Key.fromKeyArn(own, "Key", arn) });
    Annotations.fromStack(own).hasWarning("*", Match.stringLikeRegexp("must allow logs"));
  });

  it("the app's access log has the key too", () => {
    const app = newApp(WITHOUT_CODE);
    const arn = "arn:aws:kms:eu-central-1:123456789012:key/1";
    const encryptionKey = Key.fromKeyArn(new Stack(app, "Keys"), "Key", arn);
    const own = appStack({ sessions: { encryptionKey } });
    expect(resourceOf(own, "AWS::Logs::LogGroup", "AccessLog").Properties["KmsKeyId"]).toBe(arn);
  });
});

/** As far as the checks look. */
const VPC = { vpcId: "vpc-1" };

describe("a baseline that cannot be right fails the synth", () => {
  it.each<[Record<string, unknown>, string]>([
    [{ vpcSubnets: {} }, "vpcSubnets (prop) is given without vpc. Accepted: vpc beside it."],
    [{ securityGroups: [] }, "securityGroups (prop) is given without vpc"],
    [{ vpc: VPC, vpcSubnets: "private" }, 'vpcSubnets (prop) is "private". Accepted: a SubnetSelection'],
    [{ vpc: VPC, securityGroups: "sg-1" }, 'securityGroups (prop) is "sg-1". Accepted: a list of'],
    [{ vpc: VPC, securityGroups: ["sg-1"] }, "securityGroups[0] (prop) is of the type string"],
    [{ vpc: "vpc-1" }, "vpc (prop) is of the type string. Accepted: a Vpc of aws-ec2."],
    [{ encryptionKey: "arn:aws:kms:x" }, "encryptionKey (prop) is of the type string"],
    [{ tracing: true }, "tracing (prop) is true. Accepted: Active, PassThrough, Disabled."],
    [{ logLevel: "warn" }, 'logLevel (prop) is "warn". Accepted: DEBUG, INFO, WARN, ERROR.'],
    [{ removalPolicy: "delete" }, 'removalPolicy (prop) is "delete". Accepted: destroy, retain'],
    [{ removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy (prop) is "snapshot". Accepted: destroy'],
    [{ deletionProtection: "maybe" }, 'deletionProtection (prop) is "maybe". Accepted: true, false'],
    [{ logRetention: "30" }, 'logRetention (prop) is "30". Accepted: a member of RetentionDays: 1, 3, 5,'],
    [{ logRetention: 45 }, "logRetention (prop) is 45. Accepted: a member of RetentionDays"],
    [{ authorizerCache: null }, "authorizerCache.identitySource (prop) is undefined"],
    [{ namePrefix: "1bank" }, 'namePrefix (prop) is "1bank". Accepted: a letter'],
    [{ namePrefix: "b".repeat(41) }, "namePrefix (prop) is"],
    [
      { functionOptions: { log_in: {} } },
      "functionOptions.log_in (prop) names no function of these sessions",
    ],
    [{ functionOptions: { "login-oidc": {} } }, "functionOptions.login-oidc (prop) names no function"],
    [{ events: false, functionOptions: { outbox: {} } }, "functionOptions.outbox (prop) names no function"],
    [
      { events: { push: false }, functionOptions: { "push-authorize": {} } },
      "functionOptions.push-authorize (prop) names no function",
    ],
    [{ functionOptions: { login: { memory: 1 } } }, "functionOptions.login.memory (prop) is not a setting"],
    [{ functionOptions: { login: { memorySize: 64 } } }, "functionOptions.login.memorySize (prop) is 64"],
    [
      { functionOptions: { login: { reservedConcurrentExecutions: -1 } } },
      "functionOptions.login.reservedConcurrentExecutions (prop) is -1",
    ],
  ])("%j", (props, message) => {
    const make = () => new SingleSession(new Stack(newApp(WITHOUT_CODE), "S"), "S", props);
    expect(make).toThrow(SettingError);
    expect(make).toThrow(message);
  });
});

describe("metrics", () => {
  const deploymentsOf = (own: Stack): unknown[] => [
    ...new Set(
      Object.values(resourcesOf(own, FUNCTION)).map(
        ({ Properties }) =>
          (Properties["Environment"] as { Variables: Record<string, unknown> }).Variables[
            "SINGLE_SESSION_DEPLOYMENT"
          ],
      ),
    ),
  ];

  it("have a dimension that tells two stacks, and two constructs of one stack, apart", () => {
    const app = newApp(WITHOUT_CODE);
    const [one, other] = [new Stack(app, "One"), new Stack(app, "Other")];
    new SingleSession(one, "Customers");
    new SingleSession(one, "Staff");
    const sessions = new SingleSession(other, "Customers");
    expect(deploymentsOf(one)).toEqual(["One/Customers", "One/Staff"]);
    expect(deploymentsOf(other)).toEqual(["Other/Customers"]);
    expect(sessions.metric("Unavailable").dimensions).toEqual({
      service: "single-session",
      deployment: "Other/Customers",
    });
  });
});

describe("without the identity source passwords", () => {
  const NOTE = Match.stringLikeRegexp("users table leaves the stack");
  const made = (props: SingleSessionProps) => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    new SingleSession(own, "Sessions", { identity: [], ...props });
    return own;
  };

  it("the synth says what becomes of a users table that was there, and how to keep it", () => {
    const own = made({ jobs: false });
    Annotations.fromStack(own).hasInfo("*", NOTE);
    Annotations.fromStack(own).hasInfo("*", Match.stringLikeRegexp("keepUsersTable: true keeps it"));
    expect(resourcesOf(own, "AWS::DynamoDB::Table")).not.toHaveProperty(
      Object.keys(resourcesOf(constructIn().stack, "AWS::DynamoDB::Table")).find((id) =>
        id.includes("users"),
      ) ?? "",
    );
  });

  it("it warns where that deletes the users", () => {
    Annotations.fromStack(made({ removalPolicy: RemovalPolicy.DESTROY })).hasWarning("*", NOTE);
  });

  it("the table stays under its logical id where that is asked for, and no function reads it", () => {
    const own = made({ keepUsersTable: true });
    const before = new Stack(newApp(WITHOUT_CODE), "Own");
    new SingleSession(before, "Sessions");
    const { id } = resourceOf(before, "AWS::DynamoDB::Table", "Sessionsuserstable");
    expect(resourceOf(own, "AWS::DynamoDB::Table", "Sessionsuserstable").id).toBe(id);
    expect(JSON.stringify(resourcesOf(own, FUNCTION))).not.toContain("USERS_TABLE");
    Annotations.fromStack(own).hasNoInfo("*", NOTE);
  });

  it("nothing is said where there were none, nor with passwords", () => {
    Annotations.fromStack(made({ keepUsersTable: false })).hasNoInfo("*", NOTE);
    Annotations.fromStack(made({ identity: "passwords" })).hasNoInfo("*", NOTE);
  });
});
