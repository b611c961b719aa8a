import { createHmac, createSecretKey, hash, type KeyObject } from "node:crypto";
import type { DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";

type SdkSigner = Exclude<NonNullable<DynamoDBClientConfig["signer"]>, (...args: never[]) => unknown>;
type Request = Parameters<SdkSigner["sign"]>[0];

/** Those of a Lambda function last as long as its environment does; others are asked for at each request. */
export type Credentials = FixedCredentials | (() => Promise<FixedCredentials>);

interface FixedCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const ALGORITHM = "AWS4-HMAC-SHA256";
const TERMINATOR = "aws4_request";

/** A path that the canonical form leaves as it is: nothing to encode, no empty or dotted segment. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_-]+)+$/;

/**
 * Signature Version 4 for requests to DynamoDB, and to the services that the outbox tells. All are alike:
 * a `POST` to a plain path, no query, a short text as body. So the key of the day is made once and kept as a
 * `KeyObject`, and nothing is encoded, normalized or looked for. The SDK's own signer takes a third of a
 * read's processor time (docs/design/performance.md). A test compares both.
 *
 * Source: AWS Signature Version 4,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class RequestSigner implements SdkSigner {
  readonly #credentials: Credentials;
  readonly #region: string;
  readonly #service: string;
  #keyOfDay: { readonly day: string; readonly secret: string; readonly key: KeyObject } | undefined;

  /** @param service as signatures name it: `dynamodb`, `events`, `sqs`, `appsync`. */
  constructor(credentials: Credentials, region: string, service = "dynamodb") {
    this.#credentials = credentials;
    this.#region = region;
    this.#service = service;
  }

  /**
   * Adds date, host, session token and signature to the headers of the request.
   * @throws TypeError for a request of another kind, which this signature would not cover.
   */
  async sign(
    request: Request,
    { signingDate = new Date() }: { readonly signingDate?: Date | string | number } = {},
  ) {
    const given = this.#credentials;
    const { accessKeyId, secretAccessKey, sessionToken } =
      typeof given === "function" ? await given() : given;
    const time = new Date(signingDate).toISOString().replace(/[-:]|\.\d{3}/g, "");
    const day = time.slice(0, 8);
    request.headers["host"] = hostOf(request);
    request.headers["x-amz-date"] = time;
    if (sessionToken !== undefined) request.headers["x-amz-security-token"] = sessionToken;

    const { canonical, signedHeaders } = canonicalRequest(request);
    const scope = `${day}/${this.#region}/${this.#service}/${TERMINATOR}`;
    const toSign = `${ALGORITHM}\n${time}\n${scope}\n${hash("sha256", canonical)}`;
    const signature = createHmac("sha256", this.#key(day, secretAccessKey)).update(toSign).digest("hex");
    request.headers["authorization"] =
      `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, ` +
      `Signature=${signature}`;
    return request;
  }

  #key(day: string, secret: string): KeyObject {
    if (this.#keyOfDay?.day !== day || this.#keyOfDay.secret !== secret) {
      const key = [this.#region, this.#service, TERMINATOR].reduce(hmac, hmac(`AWS4${secret}`, day));
      this.#keyOfDay = { day, secret, key: createSecretKey(key) };
    }
    return this.#keyOfDay.key;
  }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

const hostOf = ({ hostname, port }: Request): string =>
  port === undefined ? hostname : `${hostname}:${String(port)}`;

/** What must be signed: the host, the type, and all that is AWS's. */
const isSigned = (name: string): boolean =>
  name === "host" || name === "content-type" || name.startsWith("x-amz-");

function canonicalRequest({ method, path, query, headers, body }: Request) {
  const bytes: unknown = body;
  const isPlainPath = path === "/" || PLAIN_PATH.test(path);
  const isPlain = method === "POST" && isPlainPath && Object.keys(query ?? {}).length === 0;
  if (!isPlain || !(typeof bytes === "string" || bytes instanceof Uint8Array)) {
    throw new TypeError(`not a request that this signs: ${method} ${path}`);
  }
  const names = Object.keys(headers).filter(isSigned).sort();
  const lines = names.map((name) => `${name}:${headers[name] ?? ""}\n`).join("");
  const signedHeaders = names.join(";");
  return {
    canonical: `POST\n${path}\n\n${lines}\n${signedHeaders}\n${hash("sha256", bytes)}`,
    signedHeaders,
  };
}
