import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Stack } from "aws-cdk-lib";
import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { describe, expect, it } from "vitest";
import type { ConsoleConfig } from "../../console/src/config.ts";
import { SettingError, SingleSession, SingleSessionConsole, SingleSessionStack } from "../../infra/index.ts";
import { stackPropsFromContext } from "../../infra/settings/context-settings.ts";
import type { SingleSessionConsoleOptions } from "../../infra/console/console.ts";
import { GET_OVERVIEW } from "../../src/api/get-overview.ts";
import { START_JOB } from "../../src/api/start-job.ts";
import { appStack, newApp, resourceOf, resourcesOf, WITHOUT_CODE, type Statement } from "./support.ts";

const DISTRIBUTION = "AWS::CloudFront::Distribution";
/** CloudFront's own policies, whose ids are the same in every account (Amazon CloudFront Developer Guide). */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

const FLOW = JSON.stringify([
  "passwords",
  {
    oidc: {
      name: "corp",
      issuer: "https://id.example.com",
      jwksUri: "https://id.example.com/k",
      clientId: "a",
    },
  },
  {
    oidc: { name: "tokens-only", issuer: "https://b.example", jwksUri: "https://b.example/k", audience: "b" },
  },
]);

interface Behavior {
  readonly PathPattern: string;
  readonly TargetOriginId: string;
  readonly AllowedMethods: string[];
  readonly CachePolicyId: string;
  readonly OriginRequestPolicyId: string;
  readonly ViewerProtocolPolicy: string;
  readonly FunctionAssociations: { readonly EventType: string }[];
}
interface Config {
  readonly DefaultRootObject: string;
  readonly DefaultCacheBehavior: Behavior & { readonly ResponseHeadersPolicyId: { readonly Ref: string } };
  readonly CacheBehaviors: Behavior[];
  readonly CustomErrorResponses?: unknown;
  readonly Aliases?: string[];
  readonly ViewerCertificate?: Record<string, unknown>;
  readonly Origins: {
    readonly Id: string;
    readonly DomainName: unknown;
    readonly OriginAccessControlId?: unknown;
    readonly CustomOriginConfig?: Record<string, unknown>;
    readonly OriginCustomHeaders?: { readonly HeaderName: string; readonly HeaderValue: unknown }[];
  }[];
}
const configOf = (stack: Stack): Config =>
  resourceOf(stack, DISTRIBUTION).Properties["DistributionConfig"] as Config;

/** The paths of all routes that the template's API has, as they come in requests. */
const requestedPaths = (stack: Stack): string[] =>
  Object.values(resourcesOf(stack, "AWS::ApiGatewayV2::Route")).map(({ Properties }) =>
    String(Properties["RouteKey"])
      .split(" ")[1]!
      .replace(/\{[^}]+\}/g, "abc"),
  );

const matches = (pattern: string, path: string): boolean =>
  new RegExp(`^${pattern.replaceAll("*", ".*")}$`).test(path);

describe("the distribution", () => {
  const stack = appStack({}, { identity: FLOW });
  const config = configOf(stack);

  it("leads every route of the API to the API, with all methods, uncached, with all but the host", () => {
    const paths = requestedPaths(stack);
    expect(paths).toContain("/login/oidc/callback");
    const [api] = config.Origins.filter(({ CustomOriginConfig }) => CustomOriginConfig);
    for (const path of paths) {
      const behavior = config.CacheBehaviors.find(({ PathPattern }) => matches(PathPattern, path));
      expect(behavior, path).toMatchObject({
        TargetOriginId: api!.Id,
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST,
        ViewerProtocolPolicy: "redirect-to-https",
        FunctionAssociations: [{ EventType: "viewer-request" }],
      });
      expect(behavior?.AllowedMethods).toEqual(expect.arrayContaining(["GET", "POST", "DELETE", "OPTIONS"]));
    }
    expect(api!.CustomOriginConfig).toMatchObject({ OriginProtocolPolicy: "https-only" });
  });

  it("leads nothing of the page to the API", () => {
    for (const path of ["/", "/index.html", "/config.json", "/favicon.svg", "/assets/index-abc.js"]) {
      expect(config.CacheBehaviors.filter(({ PathPattern }) => matches(PathPattern, path))).toEqual([]);
    }
  });

  it("has no error pages, which would replace the API's answers", () => {
    expect(config.CustomErrorResponses).toBeUndefined();
  });

  it("serves the page from a private bucket, which it alone may read, over HTTPS", () => {
    expect(config.DefaultRootObject).toBe("index.html");
    expect(config.DefaultCacheBehavior.ViewerProtocolPolicy).toBe("redirect-to-https");
    const pages = config.Origins.find(({ Id }) => Id === config.DefaultCacheBehavior.TargetOriginId);
    expect(pages?.OriginAccessControlId).toBeDefined();
    expect(resourceOf(stack, "AWS::CloudFront::OriginAccessControl").Properties).toMatchObject({
      OriginAccessControlConfig: { SigningBehavior: "always", OriginAccessControlOriginType: "s3" },
    });
    expect(resourceOf(stack, "AWS::S3::Bucket", "Console").Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {},
    });
    const { PolicyDocument } = resourceOf(stack, "AWS::S3::BucketPolicy", "Console").Properties as {
      PolicyDocument: { Statement: Statement[] };
    };
    const allowed = PolicyDocument.Statement.filter(({ Effect }) => Effect === "Allow");
    expect(allowed).toEqual([
      expect.objectContaining({
        Action: "s3:GetObject",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": expect.anything() as unknown } },
      }),
    ]);
    expect(PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  });

  it("gives the page a policy that lets no inline script run", () => {
    const { id, Properties } = resourceOf(stack, "AWS::CloudFront::ResponseHeadersPolicy");
    expect(config.DefaultCacheBehavior.ResponseHeadersPolicyId).toEqual({ Ref: id });
    const { ResponseHeadersPolicyConfig } = Properties as {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: { ContentSecurityPolicy: { ContentSecurityPolicy: unknown } };
      };
    };
    const { ContentSecurityPolicy } = ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy;
    const policy = JSON.stringify(ContentSecurityPolicy);
    for (const part of ["default-src 'self'; script-src 'self'; ", "; frame-ancestors 'none'; "])
      expect(policy).toContain(part);
  });

  it("lets the page connect to its own origin, and to the real-time host of push where that is on", () => {
    const allowed = (own: Stack) => {
      const { Properties } = resourceOf(own, "AWS::CloudFront::ResponseHeadersPolicy");
      const text = JSON.stringify(own.resolve(Properties));
      return /connect-src 'self'(.*?); object-src/.exec(text)?.[1];
    };
    const { id } = resourceOf(stack, "AWS::AppSync::Api");
    expect(allowed(stack)).toBe(` wss://",{"Fn::GetAtt":["${id}","Dns.Realtime"]},"`);
    expect(allowed(appStack({ sessions: { events: { push: false } } }))).toBe("");
    expect(allowed(appStack({ sessions: { events: false } }))).toBe("");
  });

  it("takes host names and a certificate of one's own", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    const certificate = Certificate.fromCertificateArn(
      own,
      "C",
      "arn:aws:acm:us-east-1:123456789012:certificate/c",
    );
    const { console } = consoleIn(own, { domainNames: ["sessions.example.com"], certificate });
    expect(configOf(own)).toMatchObject({
      Aliases: ["sessions.example.com"],
      ViewerCertificate: { MinimumProtocolVersion: "TLSv1.2_2021" },
    });
    expect(console.url).toBe("https://sessions.example.com");
  });

  it("takes paths of one's own routes", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    consoleIn(own).console.addApiPath("/reports/*");
    const added = configOf(own).CacheBehaviors.find(({ PathPattern }) => PathPattern === "/reports/*");
    expect(added?.CachePolicyId).toBe(CACHING_DISABLED);
  });

  it("answers a wrong path below a route of one's own as the API would, not with the page", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    consoleIn(own).console.addApiPath("/reports/*");
    const codes = Object.values(resourcesOf(own, "AWS::CloudFront::Function")).map(({ Properties }) =>
      String((Properties as { readonly FunctionCode: unknown }).FunctionCode),
    );
    const folders = codes.flatMap((code) => /^var API = (.*);$/m.exec(code)?.[1] ?? []);
    expect(folders.map((json) => (JSON.parse(json) as string[]).toSorted())).toEqual([
      ["admin", "login", "logout", "reports", "session", "sessions"],
    ]);
  });
});

describe("the origin secret", () => {
  const stack = appStack({}, { identity: FLOW });
  const { id } = resourceOf(stack, "AWS::SecretsManager::Secret");
  const reference = { "Fn::Join": ["", ["{{resolve:secretsmanager:", { Ref: id }, ":SecretString:::}}"]] };

  it("is in the template by reference only: in the origin's header, and in the functions that answer requests", () => {
    const [api] = configOf(stack).Origins.filter(({ OriginCustomHeaders }) => OriginCustomHeaders);
    expect(api?.OriginCustomHeaders).toEqual([{ HeaderName: "x-origin-secret", HeaderValue: reference }]);
    const secrets = Object.values(resourcesOf(stack, "AWS::Lambda::Function")).flatMap(({ Properties }) => {
      const { Variables = {} } = (Properties["Environment"] ?? {}) as { Variables?: Record<string, unknown> };
      const name = Variables["POWERTOOLS_SERVICE_NAME"];
      return name === undefined ? [] : [[name, Variables["ORIGIN_SECRET"]]];
    });
    const expected = [
      "activity",
      "admin-logout",
      "authorize",
      "end-session",
      "jobs",
      "list-sessions",
      "login",
      "login-oidc",
      "logout",
      "validate",
    ];
    expect(Object.fromEntries(secrets)).toEqual(
      Object.fromEntries(expected.map((name) => [name, reference])),
    );
  });

  it("is another one for another generation, and none for what is no generation", () => {
    const withGeneration = (secretGeneration: string) => {
      const own = new Stack(newApp(WITHOUT_CODE), "Own");
      consoleIn(own, { secretGeneration });
      return resourceOf(own, "AWS::SecretsManager::Secret").id;
    };
    expect(withGeneration("2")).not.toBe(withGeneration("1"));
    expect(() => withGeneration("a b")).toThrow(
      'secretGeneration (prop) is "a b". Accepted: 1 to 32 letters and digits.',
    );
  });

  it("may be shared by two consoles of one generation, and not of two", () => {
    const own = new Stack(newApp(WITHOUT_CODE), "Own");
    const { sessions, httpApi } = consoleIn(own);
    new SingleSessionConsole(own, "Second", { sessions, httpApi });
    expect(Object.keys(resourcesOf(own, "AWS::SecretsManager::Secret"))).toHaveLength(1);
    expect(
      () => new SingleSessionConsole(own, "Third", { sessions, httpApi, secretGeneration: "2" }),
    ).toThrow(SettingError);
  });
});

describe("the page's deployment", () => {
  it("brings the configuration of the sign-in along, and the page after the files it names", () => {
    const app = newApp({ ...WITHOUT_CODE, "aws:cdk:disable-asset-staging": false, identity: FLOW });
    new SingleSessionStack(app, "SingleSession", stackPropsFromContext(app));
    const assembly = app.synth();
    const { Resources } = assembly.getStackByName("SingleSession").template as {
      Resources: Record<string, { Type: string; DependsOn?: string[]; Properties: Record<string, unknown> }>;
    };
    const deployments = Object.entries(Resources).filter(
      ([, { Type }]) => Type === "Custom::CDKBucketDeployment",
    );
    const [[assetsId, assets], [, page]] = deployments as [(typeof deployments)[0], (typeof deployments)[0]];
    expect(assets.Properties["SystemMetadata"]).toEqual({
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(page.Properties["SystemMetadata"]).toEqual({ "cache-control": "no-cache" });
    expect(page.DependsOn).toContain(assetsId);
    const [, key] = page.Properties["SourceObjectKeys"] as [string, string];
    const folder = join(assembly.directory, `asset.${key.replace(".zip", "")}`);
    const config = JSON.parse(readFileSync(join(folder, "config.json"), "utf8")) as ConsoleConfig;
    const hasRoute = (key: string): boolean =>
      Object.values(Resources).some(
        ({ Type, Properties }) => Type === "AWS::ApiGatewayV2::Route" && Properties["RouteKey"] === key,
      );
    expect(config).toEqual({
      identity: {
        passwords: true,
        oidc: [{ name: "corp", label: "Corp", startPath: "/login/oidc?source=corp" }],
      },
      // The pages of activity and of jobs are there where what they ask is.
      activity: hasRoute(`GET ${GET_OVERVIEW.path}`),
      jobs: hasRoute(`POST ${START_JOB.path}`),
    } satisfies ConsoleConfig);
  });
});

describe("the setting", () => {
  it.each([
    ["the context", () => appStack({}, { console: "off" })],
    ["a prop, over the context", () => appStack({ console: false }, { console: "true" })],
  ])("leaves the console and its secret out: %s", (_, make) => {
    const stack = make();
    for (const type of [DISTRIBUTION, "AWS::S3::Bucket", "AWS::SecretsManager::Secret"]) {
      const ids = Object.keys(resourcesOf(stack, type));
      expect(ids.filter((id) => !id.startsWith("Sessionsoutbox"))).toEqual([]);
    }
  });

  it("is refused where it is no yes and no no", () => {
    expect(() => appStack({}, { console: "maybe" })).toThrow(
      'console (context) is "maybe". Accepted: true, false, 1, 0, yes, no, on or off.',
    );
  });
});

it("may lie in another stack than the sessions and their API", () => {
  const app = newApp(WITHOUT_CODE);
  const below = new Stack(app, "Below");
  const sessions = new SingleSession(below, "Sessions");
  const httpApi = new HttpApi(below, "Api");
  sessions.addRoutes(httpApi);
  const above = new Stack(app, "Above");
  new SingleSessionConsole(above, "Console", { sessions, httpApi });
  expect(() => app.synth()).not.toThrow();
  expect(Object.keys(resourcesOf(below, "AWS::SecretsManager::Secret"))).toHaveLength(1);
});

function consoleIn(stack: Stack, options: SingleSessionConsoleOptions = {}) {
  const sessions = new SingleSession(stack, "Sessions");
  const httpApi = new HttpApi(stack, "Api");
  sessions.addRoutes(httpApi);
  const console = new SingleSessionConsole(stack, "Console", { sessions, httpApi, ...options });
  return { sessions, httpApi, console };
}
