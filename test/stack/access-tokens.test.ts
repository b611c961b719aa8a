import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HttpClient, type Answer } from "../support/http-client.ts";
import { API_AUDIENCE, CLIENT_ID, makeCertificate, TestProvider } from "../support/oidc-provider.ts";
import { startStackTrusting, type StackInProcess } from "../support/stack-in-process.ts";

/**
 * A front end that signs in at a real provider and calls the API with the provider's own access tokens,
 * through the functions as they are deployed.
 */
const FRONT_END = "https://app.example.com/callback";
let provider: TestProvider;
let stack: StackInProcess;
let keycloakLike: StackInProcess;

beforeAll(async () => {
  const certificate = await makeCertificate();
  provider = await TestProvider.start(certificate);
  const start = (signIn: string) => {
    const { issuer, jwksUri } = provider;
    const accessTokens = { audience: API_AUDIENCE, signIn };
    const identity = { oidc: { name: "corp", issuer, audience: CLIENT_ID, jwksUri, accessTokens } };
    return startStackTrusting(certificate.cert, { identity: JSON.stringify(identity), console: "false" });
  };
  [stack, keycloakLike] = await Promise.all([start("claim"), start("claim+auth_time")]);
});
afterAll(async () => {
  await Promise.all([stack.stop(), keycloakLike.stop()]);
  await provider.stop();
});

/** A browser at the provider, with the provider's cookies. */
class Browser {
  readonly #cookies = new Map<string, string>();

  /** @param more parameters of the authorization request. */
  async signIn(name: string, more: Readonly<Record<string, string>> = {}): Promise<SignedIn> {
    const verifier = randomUUID() + randomUUID();
    const query = new URLSearchParams({
      client_id: CLIENT_ID,
      response_type: "code",
      scope: "openid",
      redirect_uri: FRONT_END,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
      ...more,
    });
    const url = `${provider.issuer}/auth?${query.toString()}`;
    const back = await provider.signIn(url, name, this.#cookies);
    const code = String(back.searchParams.get("code"));
    return new SignedIn(await provider.exchange(code, FRONT_END, verifier));
  }
}

/** What a client holds of one sign-in. */
class SignedIn {
  #tokens: Record<string, string>;

  constructor(tokens: Record<string, string>) {
    this.#tokens = tokens;
  }

  get idToken(): string {
    return String(this.#tokens["id_token"]);
  }

  /** The claims of the access token. */
  get claims(): Record<string, unknown> {
    const payload = String(this.#tokens["access_token"]).split(".")[1] ?? "";
    return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
  }

  async refresh(): Promise<void> {
    this.#tokens = await provider.refresh(String(this.#tokens["refresh_token"]));
  }

  call(method = "GET", path = "/session", at = stack): Promise<Answer> {
    const authorization = `Bearer ${String(this.#tokens["access_token"])}`;
    return new HttpClient(at.url).call(method, path, undefined, { authorization });
  }
}

/** `auth_time` counts seconds. */
const nextSecond = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));
const codeOf = ({ body }: Answer): unknown => (body as { code?: unknown } | undefined)?.code;

describe("a front end with the access tokens of a real provider", () => {
  test("goes on with refreshed ones, which keep the sign-in's claim and time; a second device ends it", async () => {
    const laptop = await new Browser().signIn("maria", { max_age: "60" });
    const { sid, auth_time: signedInAt } = laptop.claims;
    expect([typeof sid, typeof signedInAt]).toEqual(["string", "number"]);
    const first = await laptop.call();
    expect(first).toMatchObject({ status: 200, body: { user: { id: "corp:maria" } } });
    for (let refreshes = 0; refreshes < 3; refreshes++) {
      await laptop.refresh();
      expect(laptop.claims).toMatchObject({ sid, auth_time: signedInAt });
      expect((await laptop.call()).body).toMatchObject({
        session: { id: (first.body as { session: { id: string } }).session.id },
      });
    }
    await nextSecond();
    const phone = await new Browser().signIn("maria");
    expect((await phone.call()).status).toBe(200);
    for (let refreshes = 0; refreshes < 3; refreshes++) {
      expect(await laptop.call()).toMatchObject({
        status: 401,
        body: { code: "session_displaced", newSignIn: true },
      });
      await laptop.refresh();
    }
    expect((await phone.call()).status).toBe(200);
  });

  test("that was displaced comes back by a new sign-in, and not by a silent one in the same browser", async () => {
    const browser = new Browser();
    const before = await browser.signIn("nadia");
    expect((await before.call()).status).toBe(200);
    await nextSecond();
    const phone = await new Browser().signIn("nadia");
    expect((await phone.call()).status).toBe(200);

    const silent = await browser.signIn("nadia");
    expect(silent.claims).toMatchObject({ auth_time: before.claims["auth_time"] });
    expect(await silent.call()).toMatchObject({ status: 401, body: { newSignIn: true } });
    expect((await phone.call()).status).toBe(200);
    await nextSecond();
    const fresh = await new Browser().signIn("nadia", { prompt: "login" });
    expect((await fresh.call()).status).toBe(200);
    expect(codeOf(await phone.call())).toBe("session_displaced");
  });

  test("comes back in the same browser by prompt=login, where its sid stays, with claim+auth_time", async () => {
    const browser = new Browser();
    const before = await browser.signIn("olaf");
    expect((await before.call("GET", "/session", keycloakLike)).status).toBe(200);
    await nextSecond();
    const phone = await new Browser().signIn("olaf");
    expect((await phone.call("GET", "/session", keycloakLike)).status).toBe(200);
    await before.refresh();
    expect(codeOf(await before.call("GET", "/session", keycloakLike))).toBe("session_displaced");
    await nextSecond();
    const again = await browser.signIn("olaf", { prompt: "login" });
    expect(again.claims["auth_time"]).not.toBe(before.claims["auth_time"]);
    expect((await again.call("GET", "/session", keycloakLike)).status).toBe(200);
    expect(codeOf(await phone.call("GET", "/session", keycloakLike))).toBe("session_displaced");
  });

  test("is logged out for good by POST /logout", async () => {
    const device = await new Browser().signIn("petra");
    expect((await device.call()).status).toBe(200);
    expect((await device.call("POST", "/logout")).status).toBe(204);
    await device.refresh();
    expect(codeOf(await device.call())).toBe("session_logged_out");
  });
});

describe("an id token of the same provider", () => {
  test("that does not say when the person signed in starts no session; asked for with max_age it does", async () => {
    const client = new HttpClient(stack.url);
    const unasked = await new Browser().signIn("quentin");
    expect((await client.call("POST", "/login", { idToken: unasked.idToken })).status).toBe(401);
    expect(stack.log.join("\n")).toContain('"outcome":"id-token-no-sign-in-time"');
    const asked = await new Browser().signIn("quentin", { max_age: "60" });
    expect((await client.call("POST", "/login", { idToken: asked.idToken })).status).toBe(201);
    // One sign-in makes one session, of either kind.
    expect((await asked.call()).status).toBe(401);
  });

  test("is no access token", async () => {
    const device = await new Browser().signIn("rosa", { max_age: "60" });
    const headers = { authorization: `Bearer ${device.idToken}` };
    const answer = await new HttpClient(stack.url).call("GET", "/session", undefined, headers);
    expect(codeOf(answer)).toBe("invalid_access_token");
  });
});
