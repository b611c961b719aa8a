import { z } from "zod";

/** What goes back to the client. A header may come several times (`set-cookie`). */
export interface GatewayResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** An answer of the gateway itself, with the messages that APIs give. */
export function gatewayMessage(status: number, message: string | null): GatewayResponse {
  return {
    status,
    headers: [["content-type", "application/json"]],
    body: Buffer.from(JSON.stringify({ message })),
  };
}

/** What an HTTP API says where a function failed or answered nonsense: nothing of it. */
export const INTERNAL_SERVER_ERROR = gatewayMessage(500, "Internal Server Error");

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const structured = z.object({
  statusCode: z.int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});
type Structured = z.infer<typeof structured>;

/**
 * The response that an HTTP API makes of a function's answer: as the answer says, or with payload format 2.0
 * and no `statusCode` in it, 200 with the answer as JSON.
 * @param payload JSON.
 */
export function proxyResponse(payload: string, format: "1.0" | "2.0"): GatewayResponse {
  const answer = JSON.parse(payload) as unknown;
  if (format === "2.0" && !hasStatusCode(answer)) {
    return {
      status: 200,
      headers: [["content-type", "application/json"]],
      body: Buffer.from(typeof answer === "string" ? answer : payload),
    };
  }
  const parsed = structured.safeParse(answer);
  return parsed.success ? fromStructured(parsed.data) : INTERNAL_SERVER_ERROR;
}

const hasStatusCode = (answer: unknown): boolean =>
  typeof answer === "object" && answer !== null && "statusCode" in answer;

function fromStructured(answer: Structured): GatewayResponse {
  const several = Object.entries(answer.multiValueHeaders ?? {});
  const replaced = new Set(several.map(([name]) => name.toLowerCase()));
  const headers = [
    ...Object.entries(answer.headers ?? {}).filter(([name]) => !replaced.has(name.toLowerCase())),
    ...several.flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ...(answer.cookies ?? []).map((cookie) => ["set-cookie", cookie] as const),
  ].map(([name, value]) => [name.toLowerCase(), value] as const);
  const body = Buffer.from(answer.body ?? "", answer.isBase64Encoded === true ? "base64" : "utf8");
  const untyped = body.length > 0 && !headers.some(([name]) => name === "content-type");
  return {
    status: answer.statusCode,
    headers: untyped ? [["content-type", "text/plain;charset=UTF-8"], ...headers] : headers,
    body,
  };
}
