import { SignJWT } from "jose";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { HttpClient, type Answer } from "../support/http-client.ts";
import { twin, unsigned, withSubject } from "../support/forged.ts";
import { CLIENT_ID, makeCertificate, TestProvider } from "../support/oidc-provider.ts";
import { startStackTrusting, type StackInProcess } from "../support/stack-in-process.ts";

let corp: TestProvider;
let partner: TestProvider;
let stack: StackInProcess;

const source = (name: string, provider: TestProvider, more: object = {}) => ({
  oidc: { name, issuer: provider.issuer, audience: CLIENT_ID, jwksUri: provider.jwksUri, ...more },
});

beforeAll(async () => {
  const certificate = await makeCertificate();
  [corp, partner] = await Promise.all([TestProvider.start(certificate), TestProvider.start(certificate)]);
  const mapping = {
    adminClaim: "groups",
    adminValues: ["session-admins"],
    permissionsClaim: "grants",
    permissionValues: ["single_session.logout"],
  };
  const identity = ["passwords", source("corp", corp, mapping), source("partner", partner)];
  stack = await startStackTrusting(certificate.cert, {
    identity: JSON.stringify(identity),
    singleUserSession: "./test/support/oidc-policy.ts#askContractors",
  });
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([corp.stop(), partner.stop()]);
});

let client: HttpClient;
beforeEach(() => {
  client = new HttpClient(stack.url);
});

const send = (idToken: string, more: object = {}): Promise<Answer> =>
  client.call("POST", "/login", { idToken, ...more });

const seconds = (fromNow: number): number => Math.floor(Date.now() / 1000) + fromNow;

const REFUSED = {
  status: 401,
  body: {
    type: problemType("invalid_credentials"),
    status: 401,
    title: "Unauthorized",
    code: "invalid_credentials",
    detail: "The id token is not accepted, or not any more.",
  },
};

describe("an id token that the provider issued in its own code flow", () => {
  test("signs in its subject as the source's user, and displaces as any login does", async () => {
    corp.accounts["maria"] = { groups: ["all", "session-admins"], grants: ["single_session.logout", "mail"] };
    const { url, verifier } = await authorizationUrl();
    const back = await corp.signIn(url, "maria");
    const tokens = await corp.exchange(String(back.searchParams.get("code")), FRONT_END, verifier);
    const answer = await send(String(tokens["id_token"]), { nonce: "n-1" });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        user: { id: "corp:maria", isAdmin: true, permissions: ["single_session.logout"] },
        displaced: [],
      },
    });
    expect((await client.session()).body).toMatchObject({ user: { id: "corp:maria" } });

    const phone = new HttpClient(stack.url);
    const again = await phone.call("POST", "/login", { idToken: await corp.sign({ sub: "maria" }) });
    const { session } = answer.body as { session: { id: string } };
    expect(again).toMatchObject({ status: 201, body: { displaced: [{ id: session.id }] } });
    expect((await client.session()).body).toMatchObject({ code: "session_displaced" });
  });
});

/**
 * The reason that the function, a minified bundle, logged for what was sent: the last line with an outcome.
 */
async function loggedReason(send: () => Promise<unknown>): Promise<unknown> {
  const before = stack.log.length;
  await send();
  return vi.waitFor(() => {
    const outcomes = stack.log.slice(before).map((line) => /"outcome":"(id-token-[^"]*)"/.exec(line)?.[1]);
    const found = outcomes.filter((outcome) => outcome !== undefined);
    expect(found).toHaveLength(1);
    return found[0];
  });
}

describe("an id token that is not right", () => {
  test.each<[string, string, () => Promise<string>]>([
    ["for another audience", "wrong-audience", () => corp.sign({ aud: "another" })],
    [
      "for another party beside us, without saying for whom",
      "wrong-authorized-party",
      () => corp.sign({ aud: [CLIENT_ID, "another"] }),
    ],
    [
      "for another party beside us, and asked for by it",
      "wrong-authorized-party",
      () => corp.sign({ aud: [CLIENT_ID, "another"], azp: "another" }),
    ],
    ["of another issuer", "wrong-issuer", () => corp.sign({ iss: "https://login.example.com" })],
    ["of one source with the other's key", "bad-signature", () => corp.sign({ iss: partner.issuer })],
    ["under a key that nobody published", "unknown-key", () => corp.sign({}, { kid: "nobodys" })],
    ["without a key id", "no-key-id", () => corp.sign({}, { kid: undefined })],
    ["expired", "expired", () => corp.sign({ exp: seconds(-60) })],
    ["without an expiry", "missing-claim", () => corp.sign({ exp: undefined })],
    ["not valid yet", "not-yet-valid", () => corp.sign({ nbf: seconds(60) })],
    ["issued in the time to come", "not-yet-valid", () => corp.sign({ iat: seconds(60) })],
    ["of a sign-in six minutes ago", "too-old", () => corp.sign({ auth_time: seconds(-360) })],
    ["of a sign-in in the time to come", "not-yet-valid", () => corp.sign({ auth_time: seconds(60) })],
    [
      "issued six minutes ago, of a sign-in unknown when",
      "no-sign-in-time",
      () => corp.sign({ auth_time: undefined, iat: seconds(-360) }),
    ],
    ["without a subject", "missing-claim", () => corp.sign({ sub: undefined })],
    ["with a subject that is not in NFC", "bad-user-id", () => corp.sign({ sub: "Amélie".normalize("NFD") })],
    ["with a subject of 600 bytes", "bad-user-id", () => corp.sign({ sub: "x".repeat(600) })],
    ["an access token", "not-an-id-token", () => corp.sign({}, { typ: "at+jwt" })],
    ["a logout token", "not-an-id-token", () => corp.sign({ events: {} })],
    ["unsigned", "algorithm-not-allowed", async () => unsigned(await corp.sign())],
    [
      "unsigned, as RFC 7515 writes it",
      "algorithm-not-allowed",
      async () => unsigned(await corp.sign()).replace(/[^.]*$/, ""),
    ],
    [
      "signed by a symmetric algorithm",
      "algorithm-not-allowed",
      () =>
        new SignJWT({ iss: corp.issuer, aud: CLIENT_ID, sub: "alice" })
          .setProtectedHeader({ alg: "HS256", kid: "first" })
          .sign(new TextEncoder().encode("x".repeat(32))),
    ],
    ["with its signature left out", "bad-signature", async () => (await corp.sign()).replace(/[^.]*$/, "")],
    [
      "with another subject than was signed",
      "bad-signature",
      async () => withSubject(await corp.sign(), "admin"),
    ],
    ["with a claim of another type", "malformed", () => corp.sign({ aud: 7 })],
    ["no token at all", "malformed", () => Promise.resolve("hello")],
  ])(
    "(%s) is 401 with one and the same answer, no session, and the reason %s in the log",
    async (_, reason, token) => {
      const idToken = await token();
      const logged = await loggedReason(async () => {
        const answer = await send(idToken);
        expect({ status: answer.status, body: answer.body as unknown }).toEqual(REFUSED);
        expect(answer.headers.get("set-cookie")).toBeNull();
      });
      expect(logged).toBe(`id-token-${reason}`);
      expect((await client.session()).status).toBe(401);
    },
  );

  test("(issued to a sibling client, for us alone) is right", async () => {
    expect((await send(await corp.sign({ azp: "another" }))).status).toBe(201);
  });

  test("(signed by somebody else under the provider's key id) is 401", async () => {
    const impostor = await TestProvider.start(corp.certificate);
    const answer = await send(await impostor.sign({ iss: corp.issuer }));
    await impostor.stop();
    expect({ status: answer.status, body: answer.body as unknown }).toEqual(REFUSED);
  });

  test("(with another nonce than the one sent, or none) is 401, and with that one 201", async () => {
    const token = await corp.sign({ nonce: "n-1" });
    expect(await loggedReason(() => send(token, { nonce: "n-2" }))).toBe("id-token-wrong-nonce");
    expect((await send(await corp.sign(), { nonce: "n-2" })).status).toBe(401);
    expect((await send(token, { nonce: "n-1" })).status).toBe(201);
  });
});

describe("an id token that comes twice", () => {
  test("signs in once, also by its signed part where it has no id", async () => {
    for (const jti of ["once", undefined]) {
      const token = await corp.sign({ jti, sub: "bea" });
      expect((await send(token)).status).toBe(201);
      const replay = new HttpClient(stack.url);
      const logged = await loggedReason(() => replay.call("POST", "/login", { idToken: token }));
      expect(logged).toBe("id-token-used-before");
      expect((await replay.call("POST", "/login", { idToken: twin(token) })).status).toBe(401);
      expect((await client.session()).status).toBe(200);
    }
  });

  test("eight times at once signs in once", async () => {
    const idToken = await corp.sign({ sub: "carl" });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => new HttpClient(stack.url).call("POST", "/login", { idToken })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(7).fill(401)]);
  });

  test("is not used up by a 409, and signs in when there is room", async () => {
    const contractor = { sub: "dora", employment: "contractor" };
    expect((await send(await corp.sign(contractor))).status).toBe(201);
    const phone = new HttpClient(stack.url);
    const idToken = await corp.sign(contractor);
    const refusal = await phone.call("POST", "/login", { idToken });
    expect(refusal).toMatchObject({ status: 409, body: { code: "session_limit", sessions: [{}] } });
    await client.logout();
    expect((await phone.call("POST", "/login", { idToken })).status).toBe(201);
    expect((await new HttpClient(stack.url).call("POST", "/login", { idToken })).status).toBe(401);
  });
});

describe("several sources", () => {
  test("make users of their own of one and the same subject", async () => {
    expect((await send(await corp.sign({ sub: "eve" }))).body).toMatchObject({ user: { id: "corp:eve" } });
    const other = new HttpClient(stack.url);
    const answer = await other.call("POST", "/login", {
      idToken: await partner.sign({ sub: "eve", groups: ["session-admins"] }),
    });
    expect(answer.body).toMatchObject({ user: { id: "partner:eve", isAdmin: false, permissions: [] } });
    expect((await client.session()).status).toBe(200);
  });

  test("leave passwords as they are, and take one way at a time", async () => {
    const both = await client.call("POST", "/login", {
      username: "alice",
      password: "x",
      idToken: await corp.sign(),
    });
    expect(both).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "#/username" }, { pointer: "#/password" }] },
    });
    const wrong = await client.call("POST", "/login", { username: "alice", password: "x" });
    expect(wrong.body).toMatchObject({ detail: "The user name or the password is wrong." });
    expect((await send("")).body).toMatchObject({ errors: [{ pointer: "#/idToken" }] });
  });
});

describe("the provider's keys", () => {
  test("are fetched again for a key id that is new", async () => {
    expect((await send(await corp.sign())).status).toBe(201);
    await corp.rotateKey("second");
    expect((await send(await corp.sign())).status).toBe(201);
  });

  test("that cannot be had make it 503 with Retry-After, and use no token up", async () => {
    await partner.rotateKey("unseen");
    const idToken = await partner.sign();
    partner.breakDown();
    const answer = await send(idToken);
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("10");
    partner.restart();
    expect((await send(idToken)).status).toBe(201);
  });
});

test("no token is in the functions' logs", async () => {
  const idToken = await corp.sign();
  await send(idToken);
  await send(idToken);
  const log = stack.log.join("\n");
  expect(log).toContain('"userId":"corp:alice"');
  for (const part of [idToken.split(".")[1], idToken.split(".")[2]]) expect(log).not.toContain(part);
});

const FRONT_END = "https://app.example.com/callback";

async function authorizationUrl(): Promise<{ url: string; verifier: string }> {
  const verifier = "v".repeat(43);
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: "code",
    scope: "openid",
    redirect_uri: FRONT_END,
    nonce: "n-1",
    max_age: "60",
    code_challenge: Buffer.from(hash).toString("base64url"),
    code_challenge_method: "S256",
  });
  return { url: `${corp.issuer}/auth?${query.toString()}`, verifier };
}
