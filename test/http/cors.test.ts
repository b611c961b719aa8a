import { describe, expect, test } from "vitest";
import { createHttpFunction } from "../../src/http/endpoint.ts";
import { problem } from "../../src/http/problem.ts";
import { eventV1, eventV2, lambdaContext } from "./events.ts";
import { recordTelemetry } from "./recorded-telemetry.ts";

const APP = "https://app.example.com";

async function headersOf(event: typeof eventV1 | typeof eventV2, origin: string, allowedOrigins = [APP]) {
  const { telemetry } = recordTelemetry();
  const handler = createHttpFunction({ telemetry, settings: { allowedOrigins } }, () =>
    Promise.resolve(problem("no_session", { detail: "x" })),
  );
  const { headers } = await handler(event({ headers: { origin } }), lambdaContext());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^(access-|vary)/i.test(name)));
}

describe("an answer through a REST API, which adds no CORS headers to a proxy function's", () => {
  test("may be read by a page of an allowed origin, a refusal too", async () => {
    expect(await headersOf(eventV1, APP)).toEqual({
      "Access-Control-Allow-Origin": APP,
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Expose-Headers": "retry-after, www-authenticate",
      Vary: "Origin",
    });
  });

  test("may not be read by another page, and says that it depends on the origin", async () => {
    expect(await headersOf(eventV1, "https://evil.example")).toEqual({ Vary: "Origin" });
  });

  test("has none of it where no other origin is allowed", async () => {
    expect(await headersOf(eventV1, APP, [])).toEqual({});
  });
});

test("an answer through an HTTP API has none: that API writes them itself", async () => {
  expect(await headersOf(eventV2, APP)).toEqual({});
});
