import { createHash, createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import type { Contender } from "../contender.ts";
import type { World } from "../world.ts";
import { expectReader } from "./bare.ts";

/**
 * The floor: one signed request by Node's own HTTP client over a connection that is kept, without the SDK,
 * retries, or any care for what may go wrong. Nobody should run this; it tells how much of a call is not the
 * SDK's.
 */
export function signedRequestContender(world: World): Contender {
  const endpoint = new URL(required("AWS_ENDPOINT_URL_DYNAMODB"));
  const agent = new Agent({ keepAlive: true });
  const body = JSON.stringify({
    TableName: world.sessionsTable,
    Key: { pk: { S: world.readerKey.pk } },
    ConsistentRead: true,
  });
  return {
    id: "floor",
    name: "GetItem, signed by hand without the SDK",
    group: "reading",
    isOurs: false,
    async prepare() {
      await world.freshen();
      return async () => {
        const headers = signed(endpoint, "DynamoDB_20120810.GetItem", body);
        const text = await post(endpoint, agent, headers, body);
        const { Item: item } = JSON.parse(text) as { Item?: Record<string, { S?: string }> };
        expectReader(world, item?.["userId"]?.S);
      };
    },
  };
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const SIGNED_HEADERS = "content-type;host;x-amz-date;x-amz-target";

/** The headers of a request, with its signature ("Signature Version 4 signing process" of AWS). */
function signed(endpoint: URL, target: string, body: string): Record<string, string> {
  const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, "");
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    host: endpoint.host,
    "x-amz-date": time,
    "x-amz-target": target,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ["POST", "/", "", lines.join(""), SIGNED_HEADERS, sha256(body)].join("\n");
  const scope = `${time.slice(0, 8)}/${required("AWS_REGION")}/dynamodb/aws4_request`;
  const signature = hmac(signingKey(scope), [ALGORITHM, time, scope, sha256(canonical)].join("\n"));
  const credential = `${required("AWS_ACCESS_KEY_ID")}/${scope}`;
  return {
    ...headers,
    "content-length": String(Buffer.byteLength(body)),
    authorization: `${ALGORITHM} Credential=${credential}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature.toString("hex")}`,
  };
}

const keys = new Map<string, Buffer>();

/** The key of a day; the SDK keeps it too. */
function signingKey(scope: string): Buffer {
  const known = keys.get(scope);
  if (known !== undefined) return known;
  const key = scope
    .split("/")
    .reduce<Buffer>(
      (previous, part) => hmac(previous, part),
      Buffer.from(`AWS4${required("AWS_SECRET_ACCESS_KEY")}`),
    );
  keys.set(scope, key);
  return key;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

function post(endpoint: URL, agent: Agent, headers: Record<string, string>, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(endpoint, { method: "POST", agent, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        if (incoming.statusCode === 200) resolve(text);
        else reject(new Error(`status ${String(incoming.statusCode)}: ${text}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`the environment variable ${name} is missing`);
  return value;
}
