import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { specificationProblems, type CheckedTemplate } from "../support/cloudformation-spec.ts";
import { TEMPLATE_VARIANTS } from "../support/template-variants.ts";
import { appStack } from "./support.ts";

describe("the CloudFormation resource specification", () => {
  it.each(TEMPLATE_VARIANTS)("knows all that is in the template $name", ({ make }) => {
    const template = Template.fromStack(make()).toJSON() as unknown as CheckedTemplate;
    expect(Object.keys(template.Resources).length).toBeGreaterThan(20);
    expect(specificationProblems(template)).toEqual([]);
  });
});

describe("a template that CloudFormation would refuse is caught:", () => {
  const whole = Template.fromStack(appStack()).toJSON() as unknown as CheckedTemplate;

  /** The problems of the template with one resource of a type changed, without its logical id. */
  function problemsWith(type: string, properties: Readonly<Record<string, unknown>>): string[] {
    const [id, resource] = Object.entries(whole.Resources).find(([, { Type }]) => Type === type)!;
    const changed = { ...resource, Properties: { ...resource.Properties, ...properties } };
    const template = { ...whole, Resources: { ...whole.Resources, [id]: changed } };
    return specificationProblems(template).map((problem) => problem.replace(id, ""));
  }

  it.each<[string, string, Readonly<Record<string, unknown>>, string]>([
    ["an unknown property", "AWS::DynamoDB::Table", { Billing: "x" }, ".Billing is not a property"],
    [
      "an unknown property within one",
      "AWS::DynamoDB::Table",
      { PointInTimeRecoverySpecification: { Enabled: true } },
      ".PointInTimeRecoverySpecification.Enabled is not a property",
    ],
    ["a read-only property", "AWS::DynamoDB::Table", { StreamArn: "arn" }, ".StreamArn is read-only"],
    [
      "a required one that is missing",
      "AWS::DynamoDB::Table",
      { KeySchema: undefined },
      ".KeySchema is required",
    ],
    [
      "a required one that is missing within one",
      "AWS::DynamoDB::Table",
      { KeySchema: [{ AttributeName: "pk" }] },
      ".KeySchema[0].KeyType is required",
    ],
    [
      "text for a number",
      "AWS::Lambda::Function",
      { Timeout: "ten" },
      '.Timeout is "ten"; accepted is a whole number',
    ],
    ["a number for text", "AWS::Lambda::Function", { Handler: 1 }, ".Handler is 1; accepted is text"],
    [
      "text for a list",
      "AWS::Lambda::Function",
      { Architectures: "arm64" },
      '.Architectures is "arm64"; accepted is a list',
    ],
    [
      "a value outside the list",
      "AWS::Lambda::Function",
      { PackageType: "Tar" },
      '.PackageType is "Tar"; accepted is Image, Zip',
    ],
    [
      "a number outside the list",
      "AWS::Logs::LogGroup",
      { RetentionInDays: 2 },
      ".RetentionInDays is 2; accepted is 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    ],
    [
      "a reference to nothing",
      "AWS::Lambda::Function",
      { Role: { Ref: "Nobody" } },
      ": Ref to Nobody, which is not there",
    ],
  ])("%s", (_, type, properties, problem) => {
    expect(problemsWith(type, properties)).toContain(problem);
  });

  it("an attribute that a type does not have, a dependency on nothing, and a type that does not exist", () => {
    const [table = ""] = Object.keys(whole.Resources).filter((id) => id.includes("sessionstable"));
    const resources = {
      ...whole.Resources,
      Odd: { Type: "AWS::DynamoDB::Tables", DependsOn: "Nobody" },
    };
    const outputs = { Odd: { Value: { "Fn::GetAtt": [table, "Name"] } } };
    expect(specificationProblems({ ...whole, Resources: resources, Outputs: outputs })).toEqual([
      "Odd: there is no type AWS::DynamoDB::Tables",
      "Odd: DependsOn Nobody, which is not there",
      `Outputs: Fn::GetAtt of ${table}.Name, which AWS::DynamoDB::Table does not have`,
    ]);
  });
});
