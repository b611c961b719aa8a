import { describe, expect, test } from "vitest";
import type { GatewayRequest } from "../../local/gateway/gateway-request.ts";
import { createSecretValues } from "../../local/secrets.ts";
import { readSite } from "../../local/model/site-model.ts";
import type { ResolvedResource } from "../../local/model/resource.ts";
import { createViewerFunction } from "../../local/site/viewer-request.ts";

const behavior = { TargetOriginId: "api" };
const CONFIG = {
  DefaultRootObject: "index.html",
  DefaultCacheBehavior: { TargetOriginId: "pages" },
  CacheBehaviors: [
    { ...behavior, PathPattern: "/a.b/*" },
    { ...behavior, PathPattern: "/v?" },
  ],
  Origins: [
    { Id: "pages", DomainName: "Bucket.s3.eu-central-1.amazonaws.com" },
    { Id: "api", DomainName: "localhost:3000", CustomOriginConfig: {} },
  ],
};

const distribution = (changes: object = {}): ResolvedResource => ({
  logicalId: "Site",
  type: "AWS::CloudFront::Distribution",
  constructId: "Site",
  properties: () => ({ DistributionConfig: { ...CONFIG, ...changes } }),
});
const read = (...resources: ResolvedResource[]) => readSite(resources, () => undefined);

test.each([
  ["/a.b/", true],
  ["/a.b/c/d", true],
  ["/axb/c", false],
  ["/a.b", false],
  ["/v1", true],
  ["/v12", false],
  ["/V1", false],
])("whether %s is a path of the API's behaviours: %s", (path, expected) => {
  const site = read(distribution());
  expect(site?.apiPaths.some(({ pattern }) => pattern.test(path))).toBe(expected);
});

test("a template without a distribution has no site", () => {
  expect(read()).toBeUndefined();
});

describe("what a local stack cannot do is refused", () => {
  const fn = { EventType: "viewer-response", FunctionARN: "arn:aws:cloudfront::000000000000:function/F" };
  test.each<[string, ResolvedResource[], string]>([
    ["a second distribution", [distribution(), distribution()], "several CloudFront distributions"],
    [
      "error responses",
      [distribution({ CustomErrorResponses: [{}] })],
      "The distribution Site has error responses",
    ],
    [
      "a default behaviour that leads elsewhere",
      [distribution({ DefaultCacheBehavior: behavior })],
      "The distribution Site leads to localhost:3000; only a bucket of the template runs here.",
    ],
    [
      "a path that leads to a bucket",
      [distribution({ CacheBehaviors: [{ TargetOriginId: "pages", PathPattern: "/x" }] })],
      "The distribution Site leads /x to Bucket.s3.eu-central-1.amazonaws.com; only an API runs here.",
    ],
    [
      "a function at a response",
      [distribution({ CacheBehaviors: [{ ...behavior, PathPattern: "/x", FunctionAssociations: [fn] }] })],
      "functions other than one at a viewer's request",
    ],
  ])("%s", (_, resources, message) => {
    expect(() => read(...resources)).toThrow(message);
  });
});

describe("a CloudFront function", () => {
  const request = {
    method: "GET",
    encodedPath: "/session",
    sourceIp: "192.0.2.7",
    headers: [
      ["host", "h"],
      ["x-many", "1"],
      ["x-many", "2"],
      ["cookie", "a=1"],
    ],
  } as const satisfies Partial<GatewayRequest> as unknown as GatewayRequest;

  test("sees the viewer's address and the headers without cookies, and what it leaves alone stays", async () => {
    const code = `function handler(event) {
      var headers = event.request.headers;
      headers.seen = { value: [event.viewer.ip, event.request.uri, String(headers.cookie)].join(" ") };
      return event.request;
    }`;
    const answer = await createViewerFunction(code)(request);
    const headers = answer.outcome === "request" ? answer.headers : [];
    expect(headers).toEqual(
      expect.arrayContaining([...request.headers, ["seen", "192.0.2.7 /session undefined"]]),
    );
    expect(headers).toHaveLength(request.headers.length + 1);
  });

  test("may send the request elsewhere, or answer it by itself", async () => {
    const moving = createViewerFunction(
      "function handler(event) { event.request.uri = '/other'; return event.request; }",
    );
    expect(await moving(request)).toMatchObject({ outcome: "request", encodedPath: "/other" });
    const answering = createViewerFunction(
      "function handler() { return { statusCode: 404, headers: { a: { value: 'b' } }, body: 'no' }; }",
    );
    expect(await answering(request)).toEqual({
      outcome: "response",
      response: { status: 404, headers: [["a", "b"]], body: Buffer.from("no") },
    });
  });

  test("that returns nothing, and one without a handler, are refused", async () => {
    await expect(createViewerFunction("function handler() {}")(request)).rejects.toThrow("neither a request");
    expect(() => createViewerFunction("var x = 1")).toThrow("no handler");
  });
});

test("a reference to a secret is one random value for as long as the stack runs, and another's is another", () => {
  const secretsIn = createSecretValues();
  const reference = (name: string) =>
    `{{resolve:secretsmanager:arn:aws:secretsmanager:r:0:secret:${name}:SecretString:::}}`;
  const value = secretsIn(reference("one"));
  expect(value).toMatch(/^[\w-]{43}$/);
  expect(secretsIn(`a ${reference("one")} b`)).toBe(`a ${value} b`);
  expect(secretsIn(reference("two"))).not.toBe(value);
  expect(createSecretValues()(reference("one"))).not.toBe(value);
});
