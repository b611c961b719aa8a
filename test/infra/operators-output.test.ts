import { App, NestedStack, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import { SingleSession } from "../../infra/index.ts";

describe("the output of the construct", () => {
  const described = (stack: Stack): unknown[] =>
    Object.values(Template.fromStack(stack).findOutputs("*")).map(({ Value: value }) =>
      parsed(value as { "Fn::Join": [string, unknown[]] }),
    );
  /** As CloudFormation would put it together, with logical ids for names. */
  const parsed = ({ "Fn::Join": [glue, parts] }: { "Fn::Join": [string, unknown[]] }): unknown =>
    JSON.parse(
      parts.map((part) => (typeof part === "string" ? part : (part as { Ref: string }).Ref)).join(glue),
    );

  test("names the tables and functions of each construct of a stack, nested ones by their path from the outermost", () => {
    const app = new App();
    const stack = new Stack(app, "Backend");
    new SingleSession(stack, "Staff", { era: 'a"quote' });
    new SingleSession(stack, "Customers", { identity: [], sessionLimit: 3, atLimit: "deny" });
    const nested = new NestedStack(stack, "Nested");
    new SingleSession(nested, "Deep");

    expect(described(stack)).toMatchObject([
      {
        singleSession: 1,
        construct: "Staff",
        era: 'a"quote',
        sessionsTable: expect.stringContaining("Staffsessionstable") as string,
        usersTable: expect.stringContaining("Staffuserstable") as string,
        signInTable: expect.stringContaining("Staffsignintable") as string,
        loginFunction: expect.stringContaining("Stafflogin") as string,
        authorizeFunction: expect.stringContaining("Staffauthorize") as string,
        adminLogoutFunction: expect.stringContaining("Staffadminlogout") as string,
        policy: { limit: 1, atLimit: "displace" },
      },
      { construct: "Customers", policy: { limit: 3, atLimit: "deny" } },
    ]);
    expect(described(stack)[1]).not.toHaveProperty("usersTable");
    expect(described(nested)).toMatchObject([{ construct: "Nested/Deep" }]);
  });
});
