import { Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { describe, expect, it } from "vitest";
import { SettingError, SingleSession, SingleSessionConsole, SingleSessionStack } from "../../infra/index.ts";
import type { SingleSessionConsoleOptions } from "../../infra/console/console.ts";
import { appStack, newApp, resourceOf, resourcesOf, settingsOf, WITHOUT_CODE } from "./support.ts";

function consoleIn(stack: Stack, options: SingleSessionConsoleOptions): void {
  const sessions = new SingleSession(stack, "Sessions");
  const httpApi = new HttpApi(stack, "Api");
  sessions.addRoutes(httpApi);
  new SingleSessionConsole(stack, "Console", { sessions, httpApi, ...options });
}

const configOf = (stack: Stack) =>
  resourceOf(stack, "AWS::CloudFront::Distribution").Properties["DistributionConfig"] as {
    readonly Origins: { readonly OriginCustomHeaders?: unknown }[];
  };

describe("onlyThroughCdn", () => {
  it("is told to the functions, also by the context, and needs a CDN with the origin secret", () => {
    const stack = appStack({}, { onlyThroughCdn: "true" });
    expect(settingsOf(stack)).toMatchObject({ onlyThroughCdn: true });
    expect(settingsOf(appStack({}))).not.toHaveProperty("onlyThroughCdn");
    const app = newApp(WITHOUT_CODE);
    new SingleSessionStack(app, "Open", { sessions: { onlyThroughCdn: true }, console: false });
    expect(() => app.synth()).toThrow(
      "onlyThroughCdn (prop) of Open/Sessions is true, and no CDN has the origin secret",
    );
  });

  it("stays open to the CDN while the secret is replaced: the functions take both, the CDN sends one", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    consoleIn(own, { secretGeneration: "1", acceptedGenerations: ["2"] });
    const ids = Object.keys(resourcesOf(own, "AWS::SecretsManager::Secret"));
    const { Variables } = resourceOf(own, "AWS::Lambda::Function", "Sessionslogin").Properties[
      "Environment"
    ] as {
      Variables: Record<string, unknown>;
    };
    for (const id of ids) expect(JSON.stringify(Variables["ORIGIN_SECRET"])).toContain(id);
    const [api] = configOf(own).Origins.filter(({ OriginCustomHeaders }) => OriginCustomHeaders);
    const sent = JSON.stringify(api?.OriginCustomHeaders);
    expect(ids.map((id) => sent.includes(id))).toEqual(ids.map((id) => id.includes("OriginSecret1")));
    expect(ids).toHaveLength(2);
  });
});

describe("a web ACL", () => {
  const ARN = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/mine/1f2e3d4c";

  it("is the distribution's", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    consoleIn(own, { webAclArn: ARN });
    expect(configOf(own)).toMatchObject({ WebACLId: ARN });
  });

  it.each([
    ARN.replace("us-east-1", "eu-central-1").replace("global", "regional"),
    ARN.replace("us-east-1", "eu-central-1"),
    "arn:aws:waf::123456789012:webacl/1",
    "mine",
    "",
  ])("of another scope or Region fails the synth: %s", (webAclArn) => {
    const make = () => consoleIn(new Stack(newApp(WITHOUT_CODE), "Own"), { webAclArn });
    expect(make).toThrow(SettingError);
    expect(make).toThrow("a web ACL of the scope CLOUDFRONT");
  });
});
