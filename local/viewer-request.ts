import { createContext, runInContext } from "node:vm";
import { z } from "zod";
import { LocalStackError } from "./errors.ts";
import type { GatewayRequest } from "./gateway-request.ts";

type Header = readonly [name: string, value: string];

/** What a CloudFront function makes of a request's headers. */
export type ViewerFunction = (request: GatewayRequest) => Promise<readonly Header[]>;

const headerSchema = z.object({
  value: z.string(),
  multiValue: z.array(z.object({ value: z.string() })).optional(),
});
const requestSchema = z.object({ headers: z.record(z.string(), headerSchema) });

/**
 * A CloudFront function at a viewer's request, run from its code ("CloudFront Functions event structure"). Only the headers of its
 * answer are taken; cookies pass it by, as they are not among the headers there.
 * @throws LocalStackError for code that has no `handler`.
 */
export function createViewerFunction(code: string): ViewerFunction {
  const handler: unknown = runInContext(
    `${code};\ntypeof handler === "function" ? handler : undefined`,
    createContext({}),
  );
  if (typeof handler !== "function") throw new LocalStackError("A CloudFront function has no handler.");

  return async function headersFor(request) {
    const cookies = request.headers.filter(([name]) => name === "cookie");
    const answer: unknown = await (handler as (event: unknown) => unknown)(eventOf(request));
    const parsed = requestSchema.safeParse(answer);
    if (!parsed.success) {
      throw new LocalStackError("A CloudFront function answered by itself; here it must return the request.");
    }
    const headers = Object.entries(parsed.data.headers).flatMap(([name, { value, multiValue }]) =>
      (multiValue ?? [{ value }]).map((each): Header => [name.toLowerCase(), each.value]),
    );
    return [...headers, ...cookies];
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
