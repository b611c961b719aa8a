import { createContext, runInContext } from "node:vm";
import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import type { GatewayRequest } from "../gateway/gateway-request.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";

type Header = readonly [name: string, value: string];

/** What a CloudFront function makes of a viewer's request: a request to go on with, or an answer. */
export type ViewerAnswer =
  | { readonly outcome: "request"; readonly encodedPath: string; readonly headers: readonly Header[] }
  | { readonly outcome: "response"; readonly response: GatewayResponse };
export type ViewerFunction = (request: GatewayRequest) => Promise<ViewerAnswer>;

const headersSchema = z.record(
  z.string(),
  z.object({ value: z.string(), multiValue: z.array(z.object({ value: z.string() })).optional() }),
);
const answerSchema = z.union([
  z.object({ uri: z.string(), headers: headersSchema }),
  z.object({ statusCode: z.number(), headers: headersSchema.default({}), body: z.string().default("") }),
]);

/**
 * A CloudFront function at a viewer's request, run from its code ("CloudFront Functions event structure"). Of
 * a request that it returns the path and the headers are taken; cookies pass it by, as they are not among the
 * headers there.
 * @throws LocalStackError for code that has no `handler`.
 */
export function createViewerFunction(code: string): ViewerFunction {
  const handler: unknown = runInContext(
    `${code};\ntypeof handler === "function" ? handler : undefined`,
    createContext({}),
  );
  if (typeof handler !== "function") throw new LocalStackError("A CloudFront function has no handler.");

  return async function answer(request) {
    const cookies = request.headers.filter(([name]) => name === "cookie");
    const parsed = answerSchema.safeParse(await (handler as (event: unknown) => unknown)(eventOf(request)));
    if (!parsed.success) {
      throw new LocalStackError("A CloudFront function returned neither a request nor a response.");
    }
    const headers = Object.entries(parsed.data.headers).flatMap(([name, { value, multiValue }]) =>
      (multiValue ?? [{ value }]).map((each): Header => [name.toLowerCase(), each.value]),
    );
    if ("uri" in parsed.data) {
      return { outcome: "request", encodedPath: parsed.data.uri, headers: [...headers, ...cookies] };
    }
    const { statusCode, body } = parsed.data;
    return { outcome: "response", response: { status: statusCode, headers, body: Buffer.from(body) } };
  };
}

function eventOf({ method, encodedPath, headers, sourceIp }: GatewayRequest): object {
  const grouped = Object.groupBy(
    headers.filter(([name]) => name !== "cookie"),
    ([name]) => name,
  );
  return {
    version: "1.0",
    context: { eventType: "viewer-request" },
    viewer: { ip: sourceIp },
    request: {
      method,
      uri: encodedPath,
      headers: Object.fromEntries(
        Object.entries(grouped).map(([name, pairs = []]) => {
          const values = pairs.map(([, value]) => ({ value }));
          return [name, { ...values[0], ...(values.length > 1 && { multiValue: values }) }];
        }),
      ),
    },
  };
}
