import { expect, test } from "vitest";
import { resolveIntrinsics, type Reference, type ResolveScope } from "../../local/model/intrinsics.ts";

const scope: ResolveScope = {
  references: new Map<string, Reference>([
    ["AWS::Region", { ref: "eu-central-1", attributes: {} }],
    ["Table", { ref: "things", attributes: { Arn: "arn:things" } }],
  ]),
};
const resolved = (value: unknown): unknown => resolveIntrinsics(value, scope, "login.Environment");

test.each([
  [{ Ref: "Table" }, "things"],
  [{ "Fn::GetAtt": ["Table", "Arn"] }, "arn:things"],
  [{ "Fn::GetAtt": "Table.Arn" }, "arn:things"],
  [{ "Fn::Join": ["/", ["a", { Ref: "Table" }, 7]] }, "a/things/7"],
  [
    { "Fn::Sub": "${AWS::Region}:${Table}:${Table.Arn}:${!Table}" },
    "eu-central-1:things:arn:things:${Table}",
  ],
  [{ "Fn::Sub": ["${own}-${Table}", { own: { Ref: "AWS::Region" } }] }, "eu-central-1-things"],
  [{ "Fn::Select": [1, { "Fn::Split": [":", { "Fn::GetAtt": ["Table", "Arn"] }] }] }, "things"],
  [{ a: [{ Ref: "Table" }, { Ref: "AWS::NoValue" }], b: { Ref: "AWS::NoValue" } }, { a: ["things"] }],
  [
    { Ref: "Table", Other: 1 },
    { Ref: "Table", Other: 1 },
  ],
])("%o is what CloudFormation makes of it", (value, expected) => {
  expect(resolved(value)).toEqual(expected);
});

test.each([
  [{ Ref: "Nobody" }, '{"Ref":"Nobody"}'],
  [{ "Fn::GetAtt": ["Table", "StreamArn"] }, '"StreamArn"'],
  [{ "Fn::ImportValue": "elsewhere" }, "no other local stack gives this value"],
  [
    { "Fn::GetStackOutput": { StackName: "Auth", OutputName: "Pool" } },
    "no other local stack gives this value",
  ],
  [{ "Fn::FindInMap": ["a", "b", "c"] }, "does not know this intrinsic"],
  [{ "Fn::Sub": "${Nobody.Arn}" }, "Nobody.Arn"],
  [{ "Fn::Select": [4, ["a"]] }, "nothing at this index"],
  [{ "Fn::Join": ["", [{ a: 1 }]] }, "expected text"],
])("%o is refused with the place and the intrinsic in the message", (value, message) => {
  expect(() => resolved({ TABLE: value })).toThrow(message);
  expect(() => resolved({ TABLE: value })).toThrow("login.Environment.TABLE");
});

test.each([
  [{ Ref: "Nobody" }, "nobody.invalid"],
  [{ "Fn::GetAtt": ["Front", "Domain.Name"] }, "front-domain-name.invalid"],
  [{ "Fn::ImportValue": "Shop:Host" }, "shop-host.invalid"],
  [{ "Fn::GetStackOutput": { StackName: "Auth", OutputName: "Pool" } }, "auth-pool.invalid"],
  [
    { "Fn::Join": ["", ["https://", { "Fn::GetAtt": "Front.DomainName" }]] },
    "https://front-domainname.invalid",
  ],
])("%o has a name that leads nowhere, where there are stand-ins, and only there", (value, expected) => {
  const withStandIns = { ...scope, hasStandIns: (where: string) => where.endsWith(".SETTINGS") };
  expect(resolveIntrinsics({ SETTINGS: value }, withStandIns, "login.Environment")).toEqual({
    SETTINGS: expected,
  });
  expect(() => resolveIntrinsics({ TABLE: value }, withStandIns, "login.Environment")).toThrow("local stack");
});
