import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request as the gateway took it in. */
export interface GatewayRequest {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly encodedPath: string;
  /** Decoded: an HTTP API gives functions the decoded path, `rawPath` too. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly queryString: string;
  /** Names in lower case, in the order they came, with what the gateway itself adds. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly protocol: string;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

export type RequestReading =
  | { readonly outcome: "request"; readonly request: GatewayRequest }
  | { readonly outcome: "too-large" }
  | { readonly outcome: "malformed" };

/** The most an HTTP API takes (Amazon API Gateway quotas). */
export const LONGEST_BODY_BYTES = 10 * 1024 * 1024;

/** Headers between two hops; no function sees them. */
const HOP_HEADERS = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];
/** Headers a gateway writes itself, whatever a client says. */
const OWN_HEADERS = ["x-forwarded-proto", "x-forwarded-port", "x-amzn-trace-id"];

/** Reads a request to its end. */
export async function readRequest(message: IncomingMessage, port: number): Promise<RequestReading> {
  const url = message.url ?? "";
  const mark = url.indexOf("?");
  const encodedPath = mark < 0 ? url : url.slice(0, mark);
  const path = decode(encodedPath);
  if (path?.startsWith("/") !== true) return { outcome: "malformed" };
  const body = await readBody(message);
  if (body === undefined) return { outcome: "too-large" };
  const sourceIp = (message.socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
  return {
    outcome: "request",
    request: {
      method: message.method ?? "GET",
      encodedPath,
      path,
      queryString: mark < 0 ? "" : url.slice(mark + 1),
      headers: readHeaders(message, { sourceIp, port, bodyBytes: body.length }),
      body,
      protocol: `HTTP/${message.httpVersion}`,
      sourceIp,
      requestId: randomBytes(12).toString("base64url"),
      receivedAt: Date.now(),
    },
  };
}

/** All values of a header, in order. */
export function headerValues(request: Pick<GatewayRequest, "headers">, name: string): string[] {
  return request.headers.filter(([header]) => header === name.toLowerCase()).map(([, value]) => value);
}

function readHeaders(
  message: IncomingMessage,
  facts: { readonly sourceIp: string; readonly port: number; readonly bodyBytes: number },
): [string, string][] {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    const name = (message.rawHeaders[i] ?? "").toLowerCase();
    const ours = name === "x-forwarded-for" || name === "content-length" || OWN_HEADERS.includes(name);
    if (!ours && !HOP_HEADERS.includes(name)) headers.push([name, message.rawHeaders[i + 1] ?? ""]);
  }
  const forwardedFor = [message.headers["x-forwarded-for"] ?? [], facts.sourceIp].flat().join(", ");
  const seconds = Math.floor(Date.now() / 1000).toString(16);
  headers.push(
    ["content-length", String(facts.bodyBytes)],
    ["x-amzn-trace-id", `Root=1-${seconds}-${randomBytes(12).toString("hex")}`],
    ["x-forwarded-for", forwardedFor],
    ["x-forwarded-port", String(facts.port)],
    ["x-forwarded-proto", "http"],
  );
  return headers;
}

/**
 * The body, or `undefined` where it is too long: the rest is then read and thrown away, so that the answer
 * arrives.
 */
async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LONGEST_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= LONGEST_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
