import { describe, expect, test } from "vitest";
import { createHttpFunction, type HttpCall } from "../../src/http/endpoint.ts";
import { publicUrl } from "../../src/http/public-url.ts";
import { ok } from "../../src/http/reply.ts";
import { crossOriginProblem } from "../../src/http/same-origin.ts";
import { asViewerSent } from "../../src/http/viewer.ts";
import { eventV1, eventV2, lambdaContext, requestOf } from "./events.ts";
import { recordTelemetry } from "./recorded-telemetry.ts";

const SECRET = "Rw3mFq0pY2b8sXk1Zt6vN4cJ7hL5dG9a";
const VIEWER = { "x-viewer-address": "203.0.113.7", "x-viewer-host": "console.example.com" };
const believed = (more: Record<string, string> = {}) =>
  asViewerSent(requestOf({ headers: { ...VIEWER, "x-origin-secret": SECRET, ...more } }), SECRET);

describe("beside the right secret", () => {
  test("the source address and the host are the viewer's", () => {
    expect(believed().sourceAddress).toBe("203.0.113.7");
    expect(believed().headers.get("host")).toBe("console.example.com");
  });

  test("an IPv6 viewer is believed too", () => {
    expect(believed({ "x-viewer-address": "2001:db8::7" }).sourceAddress).toBe("2001:db8::7");
  });

  test.each(["", "203.0.113.7, 192.0.2.9", "203.0.113.7:443", "localhost"])(
    "what is no address leaves the gateway's: %j",
    (address) => {
      expect(believed({ "x-viewer-address": address }).sourceAddress).toBe("192.0.2.2");
    },
  );

  test("the viewer's host is the one of the public URL and of the same-origin rule", () => {
    expect(publicUrl(believed(), {}, "/back")?.href).toBe("https://console.example.com/back");
    const origins = { allowedOrigins: [] };
    const from = (origin: string) => crossOriginProblem(believed({ origin }), origins)?.code;
    expect(from("https://console.example.com")).toBeUndefined();
    expect(from("https://api.example.com")).toBe("cross_origin");
  });

  test("a public origin that is set still wins", () => {
    const settings = { publicOrigin: "https://www.example.com" };
    expect(publicUrl(believed(), settings, "/back")?.href).toBe("https://www.example.com/back");
  });
});

describe("nothing is believed", () => {
  test.each<[string, Record<string, string>, string | undefined]>([
    ["without a secret in the request", {}, SECRET],
    ["beside a wrong secret", { "x-origin-secret": `${SECRET}x` }, SECRET],
    ["beside the beginning of the secret", { "x-origin-secret": SECRET.slice(0, -1) }, SECRET],
    ["beside the secret sent twice", { "x-origin-secret": `${SECRET},${SECRET}` }, SECRET],
    ["beside an empty secret where there is none", { "x-origin-secret": "" }, undefined],
    ["beside an empty secret where an empty one is set", { "x-origin-secret": "" }, ""],
    ["beside any secret where there is none", { "x-origin-secret": SECRET }, undefined],
  ])("%s", (_, headers, secret) => {
    const request = asViewerSent(requestOf({ headers: { ...VIEWER, ...headers } }), secret);
    expect(request.sourceAddress).toBe("192.0.2.2");
    expect(request.headers.get("host")).toBe("api.example.com");
  });
});

describe.each([
  ["1.0", eventV1],
  ["2.0", eventV2],
] as const)("an endpoint, asked in payload format %s", (_, event) => {
  test("sees the viewer and not the three headers, and neither its answer nor its log line has the secret", async () => {
    const { telemetry, lines, text } = recordTelemetry();
    const seen: HttpCall["input"][] = [];
    const handler = createHttpFunction({ telemetry, originSecret: SECRET }, ({ input }) => {
      seen.push(input);
      return Promise.resolve(ok({ headers: [...input.headers] }));
    });
    const sent = event({ headers: { ...VIEWER, "X-Origin-Secret": SECRET } });
    const answer = await handler(sent, lambdaContext());
    expect(seen[0]?.sourceAddress).toBe("203.0.113.7");
    expect([...(seen[0]?.headers.keys() ?? [])].filter((name) => /^x-(viewer|origin)/.test(name))).toEqual(
      [],
    );
    expect(lines("call")).toHaveLength(1);
    expect(JSON.stringify(answer) + text()).not.toContain(SECRET);
  });
});

describe("while the secret is being replaced", () => {
  test.each([SECRET, "the-next-one"])("each of the two is believed: %s", (secret) => {
    const request = requestOf({ headers: { ...VIEWER, "x-origin-secret": secret } });
    expect(asViewerSent(request, `${SECRET},the-next-one`).sourceAddress).toBe("203.0.113.7");
  });

  test.each(["", ",", `${SECRET},the-next-one`, "the-next"])("and nothing else is: %j", (secret) => {
    const request = requestOf({ headers: { ...VIEWER, "x-origin-secret": secret } });
    expect(asViewerSent(request, `${SECRET},the-next-one,`).sourceAddress).toBe("192.0.2.2");
  });
});

describe.each([
  ["1.0", eventV1],
  ["2.0", eventV2],
] as const)("with onlyThroughCdn, in payload format %s", (_, event) => {
  const ask = async (headers: Record<string, string>, originSecret: string | undefined) => {
    const { telemetry } = recordTelemetry();
    const settings = { allowedOrigins: [], onlyThroughCdn: true };
    const handler = createHttpFunction({ telemetry, originSecret, settings }, () => Promise.resolve(ok({})));
    const { statusCode, body } = await handler(event({ headers }), lambdaContext());
    return [statusCode, (JSON.parse(body) as { code?: string }).code];
  };

  test("a request that came through the CDN is answered", async () => {
    expect(await ask({ "x-origin-secret": SECRET }, SECRET)).toEqual([200, undefined]);
  });

  test.each<[string, Record<string, string>, string | undefined]>([
    ["without the secret", {}, SECRET],
    ["with a wrong one", { "x-origin-secret": "guessed" }, SECRET],
    ["where the function has none, so that a mistake closes the door", { "x-origin-secret": "" }, undefined],
  ])("it is refused %s", async (_case, headers, secret) => {
    expect(await ask(headers, secret)).toEqual([403, "cdn_required"]);
  });
});
