import { beforeAll, expect, test } from "vitest";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { cognitoSource, corpSource, createSigner, type Signer } from "../support/access-tokens.ts";
import { testClient } from "../support/dynamodb.ts";
import { bearer, json, startFunctions, type Functions } from "../functions/harness.ts";

/** As many as it takes to have each kind many times. */
const TOKENS = 10_000;

let functions: Functions;
let signer: Signer;
let reads = 0;
beforeAll(async () => {
  const documents = testClient();
  const send: DocumentClient["send"] = (command) => {
    reads++;
    return documents.send(command);
  };
  signer = await createSigner();
  functions = await startFunctions({
    directory: "none",
    documents: { send, destroy: () => documents.destroy() },
    settings: { oidcSources: [cognitoSource(), corpSource()] },
    newJwksCache: signer.newJwksCache,
  });
});

/** Numbers that are the same in every run. */
function randomIn(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const encode = (value: unknown): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const join = (...parts: readonly unknown[]): string => parts.map(encode).join(".");

const WRONG_VALUES: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, "", " ", "\u0000", "é\u0301", "\ud800", "x".repeat(3000)],
  ...[[], {}, [[]], ["a", 1], { toString: 1 }, { __proto__: null, a: 1 }, "9".repeat(400)],
];
const HEADERS: readonly Readonly<Record<string, unknown>>[] = [
  ...["none", "None", "HS256", "HS512", "RS1", "PS256", "ES256K", "", "RS256 ", "rs256"].map((alg) => ({
    alg,
  })),
  ...["../../etc/passwd", "k1' OR '1'='1", "k1\u0000", "", "__proto__", "x".repeat(2000)].map((kid) => ({
    kid,
  })),
  { jku: "https://evil.example/keys" },
  { x5u: "https://evil.example/cert" },
  { x5c: ["AAAA"] },
  { jwk: { kty: "RSA", n: "AQAB", e: "AQAB" } },
  { crit: ["exp"], b64: false },
  { typ: "JOSE+JSON", cty: "JWT" },
];
const CLAIMS = "iss sub aud client_id token_use exp iat nbf auth_time origin_jti sid scope jti cnf".split(
  " ",
);

/** Base64url of JSON with a claim twice, of which parsers take one or the other. */
const twice = (claims: string): string => `${claims.slice(0, -1)},"sub":"admin","sub":"root"}`;

async function hostile(index: number, good: readonly string[], otherKey: Signer): Promise<string> {
  const random = randomIn(index + 1);
  const one = <T>(values: readonly T[]): T => values[random(values.length)]!;
  const [header = "", payload = "", signature = ""] = one(good).split(".");
  const parse = (part: string): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
  const changed = { ...parse(payload), [one(CLAIMS)]: one(WRONG_VALUES) };
  switch (index % 12) {
    case 0:
      return `${encode({ ...parse(header), ...one(HEADERS) })}.${payload}.${signature}`;
    case 1:
      return `${header}.${encode(changed)}.${signature}`;
    case 2:
      return otherKey.sign({ ...parse(payload), sub: `user-${index}` });
    case 3: {
      const { createHmac } = await import("node:crypto");
      const signed = join({ alg: "HS256", kid: "k1", typ: "at+jwt" }, parse(payload));
      return `${signed}.${createHmac("sha256", signer.publicPem).update(signed).digest("base64url")}`;
    }
    case 4:
      return `${header}.${encode(twice(Buffer.from(payload, "base64url").toString()))}.${signature}`;
    case 5:
      return join(one(WRONG_VALUES), one(WRONG_VALUES), one(WRONG_VALUES));
    case 6: {
      const depth = 100 + random(1500);
      return `${header}.${encode(`{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`)}.${signature}`;
    }
    case 7:
      return `${header}.${payload}.${"A".repeat(random(40_000))}`;
    case 8:
      return `${one(["%%%", "\u00e9", "=", ""])}.${one([payload, "=.", " ", "\u{1f600}"])}.${signature}`;
    case 9:
      return `${header.slice(random(header.length))}.${payload.slice(0, random(payload.length))}.${signature}`;
    case 10:
      // Signed by the provider itself, and nevertheless no access token of ours.
      return signer.sign(
        { ...parse(payload), ...one(NO_ACCESS_TOKENS) },
        one([{}, { typ: "logout+jwt" }, { typ: "dpop+jwt" }]),
      );
    default:
      return `${header}.${payload}.${encode(`${signature}${index}`)}`;
  }
}

const NO_ACCESS_TOKENS: readonly Readonly<Record<string, unknown>>[] = [
  { client_id: "other", aud: "other" },
  { nonce: "n" },
  { at_hash: "h" },
  { events: {} },
  { typ: "ID" },
  { cnf: { jkt: "k" } },
  { auth_time: 9_999_999_999 },
  { sub: "" },
  { origin_jti: 7, sid: 7 },
];

test("10,000 hostile tokens are 401 on every route, without a fault and without a read of any table", async () => {
  const [good, otherKey] = await Promise.all([
    Promise.all([signer.cognito(), signer.corp()]),
    createSigner(),
  ]);
  const answered = new Map<string, number>();
  const note = (answer: string): void => void answered.set(answer, (answered.get(answer) ?? 0) + 1);
  for (let index = 0; index < TOKENS; index++) {
    const token = await hostile(index, good, otherKey);
    const route = ROUTES[Math.floor(index / 12) % ROUTES.length] ?? "";
    const sent = route === "POST /login" ? json({ accessToken: token || "x" }) : bearer(token);
    const { status, body } = await functions.send(route, sent);
    note(`${route.split("/")[0] ?? ""}${status} ${(body["code"] as string | undefined) ?? ""}`);
  }
  expect(reads).toBe(0);
  const kinds = [...answered.keys()].sort();
  // A login says of what is far too long or has an odd character that the body is not right.
  expect(kinds).toEqual(
    expect.arrayContaining(["GET 401 invalid_access_token", "POST 401 invalid_access_token"]),
  );
  expect(
    kinds.filter(
      (kind) =>
        !/ (401 (invalid_access_token|session_unknown|no_session)|400 invalid_request|413 body_too_large|204 )$/.test(
          kind,
        ),
    ),
  ).toEqual([]);
});

const ROUTES = [
  "GET /session",
  "GET /sessions",
  "DELETE /sessions",
  "GET /admin/sessions",
  "POST /login",
  "POST /logout",
];
