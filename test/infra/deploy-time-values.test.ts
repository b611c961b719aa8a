import { CfnParameter, Duration, Fn, Lazy, Stack, Token } from "aws-cdk-lib";
import { Distribution } from "aws-cdk-lib/aws-cloudfront";
import { HttpOrigin } from "aws-cdk-lib/aws-cloudfront-origins";
import { describe, expect, it } from "vitest";
import {
  SettingError,
  SingleSession,
  SingleSessionStack,
  type SingleSessionProps,
} from "../../infra/index.ts";
import { SETTINGS } from "../../infra/settings/setting-sources.ts";
import { readSettings } from "../../infra/settings/settings.ts";
import type { Reference } from "../../local/model/intrinsics.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import { deployedSettings, newApp, resourceOf, WITHOUT_CODE } from "./support.ts";

const ENV = { account: "111122223333", region: "eu-central-1" };
const newStack = (): Stack => new Stack(newApp(WITHOUT_CODE), "Mine", { env: ENV });

const list = (...ref: string[]): Reference => ({ ref, attributes: {} });
const text = (ref: string): Reference => ({ ref, attributes: {} });

describe("origins that are known at deployment", () => {
  it.each<[string, (stack: Stack) => SingleSessionProps, Partial<FunctionSettings>]>([
    [
      "the whole text",
      (stack) => ({ publicOrigin: new CfnParameter(stack, "P").valueAsString }),
      { publicOrigin: "https://a.example/auth" },
    ],
    [
      "a host",
      (stack) => ({ publicOrigin: `https://${new CfnParameter(stack, "Host").valueAsString}` }),
      { publicOrigin: "https://b.example" },
    ],
    [
      "a host before a path",
      (stack) => ({ publicOrigin: `https://${new CfnParameter(stack, "Host").valueAsString}/auth/` }),
      { publicOrigin: "https://b.example/auth" },
    ],
    [
      "a host and a port",
      (stack) => ({
        allowedOrigins: [
          `https://${new CfnParameter(stack, "Host").valueAsString}:${new CfnParameter(stack, "Port").valueAsString}`,
        ],
      }),
      { allowedOrigins: ["https://b.example:8443"] },
    ],
    [
      "an entry of a list, beside one that is text",
      (stack) => ({
        allowedOrigins: ["https://x.example", `https://${new CfnParameter(stack, "Host").valueAsString}`],
      }),
      { allowedOrigins: ["https://x.example", "https://b.example"] },
    ],
    [
      "a list",
      (stack) => ({
        allowedOrigins: new CfnParameter(stack, "L", { type: "CommaDelimitedList" }).valueAsList,
      }),
      { allowedOrigins: ["https://c.example", "https://d.example"] },
    ],
    [
      "a list in one text",
      (stack) => ({
        allowedOrigins: new CfnParameter(stack, "T").valueAsString as unknown as readonly string[],
      }),
      { allowedOrigins: ["https://e.example", "https://f.example"] },
    ],
    [
      "a lazy text, with what JSON escapes in it",
      () => ({ publicOrigin: Lazy.string({ produce: () => 'https://a.example/"quoted"' }) }),
      { publicOrigin: 'https://a.example/"quoted"' },
    ],
    [
      "a lazy list",
      () => ({ allowedOrigins: Lazy.list({ produce: () => ["https://g.example", "https://h.example"] }) }),
      { allowedOrigins: ["https://g.example", "https://h.example"] },
    ],
  ])("%s reach the functions exactly", (_, props, expected) => {
    const stack = newStack();
    new SingleSession(stack, "Sessions", props(stack));
    expect(
      deployedSettings(stack, {
        P: text("https://a.example/auth"),
        Host: text("b.example"),
        Port: text("8443"),
        L: list("https://c.example", "https://d.example"),
        T: text("https://e.example, https://f.example"),
      }),
    ).toMatchObject(expected);
  });

  it("may be those of a distribution of another stack, which exports them", () => {
    const app = newApp(WITHOUT_CODE);
    const front = new Distribution(new Stack(app, "Front", { env: ENV }), "Front", {
      defaultBehavior: { origin: new HttpOrigin("a.example") },
    });
    const stack = new Stack(app, "Mine", { env: ENV });
    new SingleSession(stack, "Sessions", { publicOrigin: `https://${front.domainName}` });
    app.synth();
    expect(JSON.stringify(resourceOf(stack, "AWS::Lambda::Function", "Sessionslogin").Properties)).toContain(
      '{"Fn::ImportValue":"Front:ExportsOutputFnGetAttFront',
    );
  });

  it.each<[string, SingleSessionProps["allowedOrigins"], unknown]>([
    ["a list", Token.asList({ Ref: "L" }), { Ref: "L" }],
    ["an entry", ["https://x.example", Token.asString({ Ref: "P" })], ["https://x.example", { Ref: "P" }]],
    [
      "a list in one text",
      Token.asString({ Ref: "T" }) as unknown as readonly string[],
      { "Fn::Split": [",", { Ref: "T" }] },
    ],
  ])("%s reach the CORS of the stack's API", (_, allowedOrigins = [], expected) => {
    const stack = new SingleSessionStack(newApp(WITHOUT_CODE), "SingleSession", {
      console: false,
      sessions: { allowedOrigins },
    });
    const { CorsConfiguration } = resourceOf(stack, "AWS::ApiGatewayV2::Api").Properties;
    expect(CorsConfiguration).toMatchObject({ AllowOrigins: expected, AllowCredentials: true });
  });

  it.each([
    [{ publicOrigin: `http://${Lazy.string({ produce: () => "a" })}` }, "http://<known at deployment>"],
    [{ publicOrigin: `https://${Lazy.string({ produce: () => "a" })}?q` }, "https://<known at deployment>?q"],
    [
      { allowedOrigins: [`https://${Lazy.string({ produce: () => "a" })}/`] },
      "https://<known at deployment>/",
    ],
    [{ allowedOrigins: [`file://${Lazy.string({ produce: () => "a" })}`] }, "file://<known at deployment>"],
  ])("are refused by what is known of them: %j", (props, shown) => {
    expect(() => readSettings(props)).toThrow(SettingError);
    expect(() => readSettings(props)).toThrow(`(prop) is "${shown}". Accepted: `);
  });
});

describe("any other setting that is known at deployment", () => {
  const TAKE_TEXT: readonly string[] = ["publicOrigin", "allowedOrigins"];
  const tokens: [string, unknown][] = [
    ["text", Lazy.string({ produce: () => "1" })],
    ["a number", Lazy.number({ produce: () => 1 })],
    ["a list", Lazy.list({ produce: () => ["1"] })],
    ["anything", Lazy.any({ produce: () => 1 })],
    ["a duration", Duration.minutes(Lazy.number({ produce: () => 1 }))],
    ["a parameter", Fn.ref("Parameter")],
    ["an attribute", Token.asAny(Fn.getAtt("Resource", "Attribute"))],
  ];
  const cases = SETTINGS.flatMap((setting) =>
    tokens
      .filter(
        ([, token]) => !(TAKE_TEXT.includes(setting) && (typeof token === "string" || Array.isArray(token))),
      )
      .map(([kind, token]) => [setting, kind, token] as const),
  );

  it.each(cases)("is refused, saying so: %s, %s", (setting, _, token) => {
    expect(() => readSettings({ [setting]: token })).toThrow(SettingError);
    expect(() => readSettings({ [setting]: token })).toThrow(
      new RegExp(`^${setting} \\(prop\\) is known only at deployment\\. Accepted: .+; known at synth\\.$`),
    );
  });

  it("is refused in the path of a policy function", () => {
    const singleUserSession = `./${Fn.importValue("Name")}.ts#policy`;
    expect(() => readSettings({ singleUserSession })).toThrow(
      "(prop) is known only at deployment. Accepted: ",
    );
  });

  const CORP = { name: "corp", issuer: "https://id.example", jwksUri: "https://id.example/k", clientId: "a" };
  const aList = Lazy.list({ produce: () => ["a"] });
  it.each(["issuer", "jwksUri"])("is refused in %s of identity by the scheme before it", (field) => {
    const oidc = { ...CORP, [field]: `http://${Fn.importValue("Host")}` };
    expect(() => readSettings({ identity: { oidc } })).toThrow(
      `identity.oidc.${field} (prop) is "http://<known at deployment>". Accepted: `,
    );
  });

  it.each<[string, unknown]>([
    ["identity[0]", [Lazy.any({ produce: () => "passwords" })]],
    ["identity.oidc", { oidc: Lazy.any({ produce: () => CORP }) }],
    ["identity.oidc.name", { oidc: { ...CORP, name: Lazy.string({ produce: () => "a" }) } }],
    ["identity.oidc.userIdClaim", { oidc: { ...CORP, userIdClaim: Fn.importValue("Claim") } }],
    ["identity.oidc.label", { oidc: { ...CORP, label: Fn.importValue("Label") } }],
    ["identity.oidc.adminClaim", { oidc: { ...CORP, adminClaim: Fn.importValue("Claim") } }],
    [
      "identity.oidc.permissionsClaim",
      { oidc: { ...CORP, permissionsClaim: `x-${Fn.importValue("Claim")}` } },
    ],
    ["identity.oidc.issuer", { oidc: { ...CORP, issuer: aList } }],
    ["identity.oidc.audience", { oidc: { ...CORP, audience: aList } }],
    ["identity.oidc.scopes", { oidc: { ...CORP, scopes: aList } }],
    ["identity.oidc.adminValues", { oidc: { ...CORP, adminClaim: "g", adminValues: aList } }],
    [
      "identity.cognito.domain",
      { cognito: { userPoolId: "eu-central-1_a", clientId: "a", domain: Fn.importValue("Domain") } },
    ],
  ])("is refused within identity, by its field: %s", (field, identity) => {
    expect(() => readSettings({ identity })).toThrow(
      `${field} (prop) is known only at deployment. Accepted: `,
    );
  });
});
