import { Duration, Stack } from "aws-cdk-lib";
import { MockIntegration, RestApi } from "aws-cdk-lib/aws-apigateway";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { Vpc } from "aws-cdk-lib/aws-ec2";
import { EventBus } from "aws-cdk-lib/aws-events";
import { AccountPrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import { Tracing } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import { SingleSession, type SingleSessionStackProps } from "../../infra/index.ts";
import { appStack, constructIn, newApp, WITHOUT_CODE } from "../infra/support.ts";

/** A way in which people sign in through the API. */
export type SignInWay = "passwords" | "oidc" | "access-tokens" | "access-tokens-by-login";

/** One form that the template can have. */
export interface TemplateVariant {
  readonly name: string;
  readonly ways: readonly SignInWay[];
  /** The stack, with code left out. */
  readonly make: () => Stack;
}

const OIDC = {
  name: "corp",
  issuer: "https://id.example.com",
  jwksUri: "https://id.example.com/keys",
  audience: "app",
};
const WITH_FLOW = { oidc: { ...OIDC, clientId: "app" } };
const COGNITO = {
  cognito: {
    userPoolId: "eu-central-1_AbCdEfGhI",
    clientId: "app",
    domain: "corp.auth.eu-central-1.amazoncognito.com",
  },
};

const app = (
  name: string,
  props: SingleSessionStackProps,
  ways: readonly SignInWay[] = ["passwords"],
): TemplateVariant => ({ name, ways, make: () => appStack(props) });

/**
 * The forms of the template, each with a setting that adds or changes resources. The checks of roles, of
 * CloudFormation's specification, and of the rule packs take them all from here: a new setting is added once.
 */
export const TEMPLATE_VARIANTS: readonly TemplateVariant[] = [
  app("as it comes", {}),
  {
    name: "with a dashboard and alarms",
    ways: ["passwords", "oidc"],
    make() {
      const other = new Stack(undefined, "Other");
      const alarmTopic = Topic.fromTopicArn(other, "Topic", "arn:aws:sns:eu-central-1:123456789012:alarms");
      return appStack({ sessions: { identity: ["passwords", WITH_FLOW] }, monitor: { alarmTopic } });
    },
  },
  app("thrown away with its stack", { removeOnDestroy: true }),
  app("without the console", { console: false }),
  app("with an OIDC provider's code flow", { sessions: { identity: [WITH_FLOW] } }, ["oidc"]),
  app("with an OIDC provider's id tokens only", { sessions: { identity: [{ oidc: OIDC }] } }, ["oidc"]),
  app("with Cognito", { sessions: { identity: [COGNITO] } }, ["oidc"]),
  app("with every way to sign in", { sessions: { identity: ["passwords", WITH_FLOW, COGNITO] } }, [
    "passwords",
    "oidc",
  ]),
  app(
    "with a provider's access tokens",
    { sessions: { identity: ["passwords", { oidc: { ...WITH_FLOW.oidc, accessTokens: true } }] } },
    ["passwords", "oidc", "access-tokens"],
  ),
  app(
    "with a provider's access tokens, which only a login admits",
    {
      sessions: {
        identity: ["passwords", { oidc: { ...WITH_FLOW.oidc, accessTokens: { admit: "login" } } }],
      },
    },
    ["passwords", "oidc", "access-tokens-by-login"],
  ),
  app(
    "with a users table that is kept without passwords",
    { sessions: { identity: [{ oidc: OIDC }], keepUsersTable: true } },
    ["oidc"],
  ),
  app("with a trusted backend only", { sessions: { identity: [] } }, []),
  app("with a front end elsewhere and its own limits", {
    sessions: {
      allowedOrigins: ["https://app.example.com"],
      publicOrigin: "https://sessions.example.com",
      sessionLimit: 2,
      atLimit: "ask",
    },
    throttle: { login: { rateLimit: 10, burstLimit: 20 } },
  }),
  app("with an app's own scheme, whose preflights a function answers", {
    sessions: { allowedOrigins: ["capacitor://localhost"] },
  }),
  app("reached through a web ACL only", {
    sessions: { onlyThroughCdn: true },
    console: { webAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/mine/1" },
  }),
  app("that tells nothing", { sessions: { events: false } }),
  app("without jobs", { sessions: { jobs: false } }),
  app("with events and without push", { sessions: { events: { push: false } } }),
  {
    name: "with events on a bus of one's own",
    ways: ["passwords"],
    make() {
      const stack = new Stack(newApp(WITHOUT_CODE), "Mine");
      const bus = new EventBus(stack, "Bus", { eventBusName: "shop" });
      new SingleSession(stack, "Sessions", { events: { bus } });
      return stack;
    },
  },
  {
    name: "with an organization's baseline",
    ways: ["passwords"],
    make() {
      // Imported, so that only what is ours is in the template.
      const other = new Stack(undefined, "Other");
      const vpc = Vpc.fromVpcAttributes(other, "Vpc", {
        vpcId: "vpc-1",
        availabilityZones: ["eu-central-1a"],
        privateSubnetIds: ["subnet-1"],
      });
      const encryptionKey = Key.fromKeyArn(other, "Key", "arn:aws:kms:eu-central-1:123456789012:key/1");
      const login = { memorySize: 3008, reservedConcurrentExecutions: 50 };
      const more = { tracing: Tracing.ACTIVE, namePrefix: "bank", functionOptions: { login } };
      return appStack({ sessions: { encryptionKey, vpc, ...more } });
    },
  },
  {
    name: "with a console at its own domain",
    ways: ["passwords"],
    make() {
      const certificate = Certificate.fromCertificateArn(
        new Stack(undefined, "Other"),
        "Certificate",
        "arn:aws:acm:us-east-1:123456789012:certificate/1",
      );
      const domainNames = ["sessions.example.com"];
      return appStack({ console: { domainNames, certificate, secretGeneration: "2" } });
    },
  },
  {
    name: "as a construct on somebody's own API",
    ways: ["passwords"],
    make() {
      const { stack, sessions } = constructIn({
        authorizerCache: { ttl: Duration.minutes(1), identitySource: "$request.header.Authorization" },
      });
      sessions.addRoutes(new HttpApi(stack, "Api", { createDefaultStage: false }));
      sessions.grantInvokeLogin(new AccountPrincipal("210987654321"));
      return stack;
    },
  },
  {
    name: "as a construct on somebody's own REST API",
    ways: ["passwords"],
    make() {
      const { stack, sessions } = constructIn();
      const api = new RestApi(stack, "Api", { deploy: false, cloudWatchRole: false });
      sessions.addRestRoutes(api);
      const authorizer = sessions.createRestAuthorizer("Rest");
      api.root.addResource("reports").addMethod("GET", new MockIntegration(), { authorizer });
      return stack;
    },
  },
];
