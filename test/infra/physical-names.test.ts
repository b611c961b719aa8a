import { Stack, type App } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Template } from "aws-cdk-lib/assertions";
import { expect, it } from "vitest";
import { SingleSession, SingleSessionConsole, SingleSessionStack } from "../../infra/index.ts";
import { newApp, WITHOUT_CODE, type Resource } from "./support.ts";

/** Properties called a name that need be unlike others only within another resource, or nowhere. */
const NOT_OF_THE_ACCOUNT: readonly RegExp[] = [
  // An inline policy is the role's own.
  /^AWS::IAM::Policy PolicyName$/,
  // A namespace is its Event API's own.
  /^AWS::AppSync::ChannelNamespace Name$/,
  // API Gateway tells APIs by their ids; authorizers and stages are an API's own.
  /^AWS::ApiGatewayV2::(Api|Authorizer) Name$/,
  /^AWS::ApiGatewayV2::Stage StageName$/,
  /^AWS::DynamoDB::Table (.* )?(AttributeName|IndexName)$/,
  // What an alarm watches.
  /^AWS::CloudWatch::Alarm (.* )?(MetricName|Name)$/,
  /^AWS::CloudFront::Distribution .*(HeaderName|DomainName)$/,
];

interface PhysicalName {
  /** `AWS::CloudFront::Function Name`. */
  readonly place: string;
  /** As JSON, where an intrinsic gives it. */
  readonly name: string;
}

/**
 * What has `Name` at the end of its key, or is an export, unless CloudFormation makes it of a resource's own
 * name.
 */
function physicalNames(stack: Stack): PhysicalName[] {
  const { Resources = {}, Outputs = {} } = Template.fromStack(stack).toJSON() as {
    Resources?: Record<string, Resource>;
    Outputs?: Record<string, { Export?: { Name: unknown } }>;
  };
  const exported = Object.values(Outputs).flatMap(({ Export }) => (Export ? [Export.Name] : []));
  return [
    ...Object.values(Resources).flatMap(({ Type, Properties }) => namesIn(Properties, Type)),
    ...exported.map((name) => ({ place: "Export Name", name: JSON.stringify(name) })),
  ].filter(
    ({ place, name }) => !NOT_OF_THE_ACCOUNT.some((shape) => shape.test(place)) && !isOwn(name, Resources),
  );
}

function namesIn(value: unknown, place: string): PhysicalName[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key.endsWith("Name") && !Array.isArray(inner)
      ? [{ place: `${place} ${key}`, name: JSON.stringify(inner) }]
      : namesIn(inner, `${place} ${key}`),
  );
}

const isOwn = (name: string, resources: Record<string, Resource>): boolean =>
  Object.keys(resources).some((id) => name.includes(`{"Ref":"${id}"}`) || name.includes(`["${id}",`));

const EVERYTHING = {
  identity: ["passwords", { cognito: { userPoolId: "eu-west-1_a", clientId: "c", domain: "a.example" } }],
} as const;

const stackNamed = (app: App, id: string, stackName: string): Stack =>
  new SingleSessionStack(app, id, { stackName, sessions: EVERYTHING, monitor: true });

it.each([
  // As this project's own app is deployed twice: the id is the same, the name is not.
  [
    "of two deployments of one app's code",
    () => [newApp(WITHOUT_CODE), newApp(WITHOUT_CODE)],
    "SingleSession",
  ],
  ["of one app", () => Array<App>(2).fill(newApp(WITHOUT_CODE)), "Second"],
])("two stacks %s share no name that an account or a Region has once", (_, apps, secondId) => {
  const [one, two] = apps() as [App, App];
  const stacks = [
    stackNamed(one, "SingleSession", "Trial"),
    stackNamed(two, secondId, "Production"),
  ] as const;
  const [first, second] = [physicalNames(stacks[0]), physicalNames(stacks[1])];
  const places = first.map(({ place }) => place);
  expect(places).toEqual(
    expect.arrayContaining([
      "AWS::CloudFront::Function Name",
      "AWS::CloudFront::OriginAccessControl OriginAccessControlConfig Name",
      "AWS::CloudFront::ResponseHeadersPolicy ResponseHeadersPolicyConfig Name",
      "AWS::CloudWatch::Alarm AlarmName",
      "AWS::CloudWatch::CompositeAlarm AlarmName",
      "AWS::CloudWatch::Dashboard DashboardName",
    ]),
  );
  expect(second.map(({ place }) => place)).toEqual(places);
  expect(second.filter((name) => first.some((other) => isSame(name, other)))).toEqual([]);
});

it("two constructs in one stack share no such name either", () => {
  const stack = new Stack(newApp(WITHOUT_CODE), "Both");
  for (const id of ["Customers", "Staff"]) {
    const sessions = new SingleSession(stack, id, EVERYTHING);
    const httpApi = new HttpApi(stack, `${id}Api`);
    sessions.addRoutes(httpApi);
    sessions.monitor();
    new SingleSessionConsole(stack, `${id}Console`, { sessions, httpApi });
  }
  const names = physicalNames(stack);
  const twins = names.filter((name, index) => names.slice(0, index).some((other) => isSame(name, other)));
  expect(names).not.toEqual([]);
  expect(twins).toEqual([]);
});

const isSame = (one: PhysicalName, other: PhysicalName): boolean =>
  one.place === other.place && one.name === other.name;
