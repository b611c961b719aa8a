import { Sha256 } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, test } from "vitest";
import { RequestSigner } from "../../src/dynamodb/request-signer.ts";

const REGION = "us-gov-west-1";
const LASTING = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
const OF_A_FUNCTION = { ...LASTING, accessKeyId: "ASIAEXAMPLE", sessionToken: "IQoJb3JpZ2luX2VjE//+==" };

/** What the SDK sends to DynamoDB, here and there otherwise. */
const request = (other: Partial<ConstructorParameters<typeof HttpRequest>[0]> = {}): HttpRequest =>
  new HttpRequest({
    protocol: "https:",
    hostname: `dynamodb.${REGION}.amazonaws.com`,
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.GetItem" },
    body: JSON.stringify({ TableName: "sessions", Key: { pk: { S: "user#Zoë \u{1f511}" } } }),
    ...other,
  });

describe("a signature is the SDK's own", () => {
  const days = ["2026-01-05T00:00:00.000Z", "2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.001Z"];
  const requests: readonly (readonly [string, () => HttpRequest])[] = [
    ["a request", () => request()],
    ["one to a port", () => request({ hostname: "127.0.0.1", port: 8000 })],
    ["one whose body is bytes", () => request({ body: new TextEncoder().encode('{"TableName":"é"}') })],
    ["one without a body's content", () => request({ body: "" })],
    ["one to a path", () => request({ path: "/event", hostname: "a.appsync-api.eu-west-1.amazonaws.com" })],
    [
      "one with another header of AWS",
      () => request({ headers: { "x-amz-account": "1", "content-type": "a/b" } }),
    ],
  ];
  test.each(requests)(
    "of %s, with and without a session token, from day to day and back",
    async (_, make) => {
      for (const [credentials, service] of [
        [LASTING, "dynamodb"] as const,
        [OF_A_FUNCTION, "appsync"] as const,
      ]) {
        const ours = new RequestSigner(credentials, REGION, service);
        const sdk = new SignatureV4({
          ...{ service, region: REGION, credentials, sha256: Sha256 },
          applyChecksum: false,
        });
        for (const day of [...days, ...days]) {
          const signingDate = new Date(day);
          const withHost = make();
          withHost.headers["host"] = hostOf(withHost);
          const expected = await sdk.sign(withHost, { signingDate });
          expect((await ours.sign(make(), { signingDate })).headers).toEqual(expected.headers);
        }
      }
    },
  );

  /** The SDK puts the host there before it signs. */
  const hostOf = ({ hostname, port }: HttpRequest): string =>
    port === undefined ? hostname : `${hostname}:${String(port)}`;
});

test("a request that is sent again is signed anew", async () => {
  const signer = new RequestSigner(OF_A_FUNCTION, REGION);
  const again = request();
  await signer.sign(again, { signingDate: new Date("2026-01-05T00:00:00Z") });
  await signer.sign(again, { signingDate: new Date("2026-01-06T00:00:00Z") });
  const once = await signer.sign(request(), { signingDate: new Date("2026-01-06T00:00:00Z") });
  expect(again.headers).toEqual(once.headers);
});

test("credentials that are given at each request sign as those that they are then", async () => {
  const signingDate = new Date("2026-01-05T00:00:00Z");
  const rotated = { ...LASTING, secretAccessKey: "another" };
  const rotating = [LASTING, rotated];
  const signer = new RequestSigner(() => Promise.resolve(rotating.shift()!), REGION);
  for (const credentials of [LASTING, rotated]) {
    const expected = await new RequestSigner(credentials, REGION).sign(request(), { signingDate });
    expect((await signer.sign(request(), { signingDate })).headers).toEqual(expected.headers);
  }
});

test.each([
  ["another method", request({ method: "GET" })],
  ["a path to encode", request({ path: "/a table" })],
  ["a path to normalize", request({ path: "/a/../b" })],
  ["an empty segment", request({ path: "//a" })],
  ["a query", request({ query: { page: "1" } })],
  ["a stream", request({ body: new ReadableStream() })],
])("a request with %s is refused, since the signature would not cover it", async (_, other) => {
  await expect(new RequestSigner(LASTING, REGION).sign(other)).rejects.toThrow(
    /^not a request that this signs: (POST|GET) \//,
  );
});
