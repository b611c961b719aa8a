import { Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Table, AttributeType } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IConstruct } from "constructs";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { SingleSession } from "../../infra/index.ts";
import { appStack, WITHOUT_CODE, newApp } from "./support.ts";

/** What the AWS Solutions pack finds and nothing acknowledges, by rule and construct. */
function findingsIn(scope: IConstruct): string[] {
  return new AwsSolutionsChecks(scope)
    .validateScope(scope)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

describe("cdk-nag's AWS Solutions pack", () => {
  it("finds nothing in the app", () => {
    expect(findingsIn(appStack({}, { allowedOrigins: "https://app.example.com" }))).toEqual([]);
  });

  it("finds nothing in the construct and its routes on somebody's own API", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Mine");
    const sessions = new SingleSession(stack, "Sessions");
    sessions.addRoutes(new HttpApi(stack, "Api", { createDefaultStage: false }));
    expect(findingsIn(stack)).toEqual([]);
  });

  it("finds nothing where people sign in at an OpenID provider", () => {
    const identity = [
      {
        oidc: {
          name: "corp",
          issuer: "https://id.example.com",
          jwksUri: "https://id.example.com/keys",
          clientId: "app",
        },
      },
    ];
    expect(findingsIn(appStack({}, { identity: JSON.stringify(identity) }))).toEqual([]);
  });

  it("would find what is wrong: it sees the routes, the tables and the roles", () => {
    const stack = appStack();
    new Table(stack, "Unprotected", { partitionKey: { name: "id", type: AttributeType.STRING } });
    stack.sessions.validateFunction.addToRolePolicy(
      new PolicyStatement({ actions: ["dynamodb:*"], resources: ["*"] }),
    );
    stack.httpApi.addRoutes({
      path: "/open",
      integration: new HttpLambdaIntegration("open", stack.sessions.validateFunction),
    });
    const rules = findingsIn(stack).map((finding) => finding.split(" ")[0]);
    expect(rules).toContain("AwsSolutions-DDB3");
    expect(rules).toContain("AwsSolutions-IAM5[Action::dynamodb:*]");
    expect(rules).toContain("AwsSolutions-IAM5[Resource::*]");
    expect(rules).toContain("AwsSolutions-APIG4");
  });
});
