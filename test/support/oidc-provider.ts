import { createServer, request as httpsRequest, type Server } from "node:https";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT, type JWTHeaderParameters } from "jose";
import { Provider, type Configuration, type JWK } from "oidc-provider";
import { generate } from "selfsigned";

/** A certificate for localhost, by itself its own authority. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

export async function makeCertificate(): Promise<Certificate> {
  const pair = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
  return { key: pair.private, cert: pair.cert };
}

type SigningKey = Awaited<ReturnType<typeof newKey>>;

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid, use: "sig", alg: "ES256" } as JWK;
  return { kid, jwk, privateKey, publicKey };
}

/** What the provider says of an account, beside its name as `sub`. */
export type AccountClaims = Readonly<Record<string, unknown>>;

/** The client of the stack under test. */
export const CLIENT_ID = "single-session";

/** The API that the provider's access tokens are for. */
export const API_AUDIENCE = "https://api.example.com";

/** How the provider issues JWT access tokens (RFC 9068) with the session and the time of the sign-in. */
const ACCESS_TOKENS: Configuration = {
  features: {
    // By this id tokens have the claim sid, too.
    backchannelLogout: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => API_AUDIENCE,
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: "read",
        audience: API_AUDIENCE,
        accessTokenFormat: "jwt",
        jwt: { sign: { alg: "ES256" } },
      }),
    },
  },
  extraTokenClaims(context) {
    const { AuthorizationCode, RefreshToken } = context.oidc.entities;
    const { sid, authTime } = (AuthorizationCode ?? RefreshToken) as { sid?: string; authTime?: number };
    return { sid, auth_time: authTime };
  },
  issueRefreshToken: () => true,
};

/** A real OpenID Connect provider (oidc-provider) on loopback over TLS. */
export class TestProvider {
  readonly issuer: string;
  readonly certificate: Certificate;
  /** What the provider says of its accounts from now on; any name and password sign in. */
  readonly accounts: Record<string, AccountClaims>;
  redirectUris: readonly string[] = ["https://app.example.com/callback"];
  readonly #server: Server;
  #key: SigningKey;
  #answer: RequestListener;

  private constructor(server: Server, certificate: Certificate, key: SigningKey) {
    this.#server = server;
    this.certificate = certificate;
    this.#key = key;
    this.issuer = `https://localhost:${(server.address() as AddressInfo).port}`;
    this.accounts = {};
    this.#answer = () => undefined;
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response);
    });
    this.restart();
  }

  static async start(certificate: Certificate): Promise<TestProvider> {
    const server = createServer(certificate);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new TestProvider(server, certificate, await newKey("first"));
  }

  get jwksUri(): string {
    return `${this.issuer}/jwks`;
  }

  /** Runs the provider with the present key and redirect URIs; its own sessions are forgotten. */
  restart(): void {
    const provider = new Provider(this.issuer, {
      jwks: { keys: [this.#key.jwk] },
      clients: [
        {
          client_id: CLIENT_ID,
          token_endpoint_auth_method: "none",
          redirect_uris: [...this.redirectUris],
          id_token_signed_response_alg: "ES256",
          grant_types: ["authorization_code", "refresh_token"],
          backchannel_logout_uri: "https://app.example.com/backchannel",
          backchannel_logout_session_required: true,
        },
      ],
      // Said outright, or the provider writes a line for each.
      ...ACCESS_TOKENS,
      ttl: {
        AccessToken: 600,
        RefreshToken: 3600,
        Grant: 600,
        IdToken: 3600,
        Interaction: 600,
        Session: 600,
      },
      pkce: { required: () => true },
      conformIdTokenClaims: false,
      claims: { openid: ["sub", "groups", "grants", "employment"] },
      findAccount: (_context, name) => ({
        accountId: name,
        claims: () => ({ ...this.accounts[name], sub: name }),
      }),
    });
    const callback = provider.callback();
    this.#answer = (request, response) => void callback(request, response);
  }

  /** Goes on with a new key under a new id; the old one is no longer published. */
  async rotateKey(kid: string): Promise<void> {
    this.#key = await newKey(kid);
    this.restart();
  }

  /** Answers nothing but 503 from now on. */
  breakDown(): void {
    this.#answer = (_request, response) => response.writeHead(503).end();
  }

  /** An id token with these claims beside the usual ones; `undefined` leaves one out. */
  async sign(
    claims: Readonly<Record<string, unknown>> = {},
    header: { kid?: string | undefined; typ?: string } = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const usual = {
      iss: this.issuer,
      aud: CLIENT_ID,
      sub: "alice",
      iat: now,
      exp: now + 3600,
      auth_time: now,
    };
    return new SignJWT(dropUndefined({ ...usual, jti: crypto.randomUUID(), ...claims }))
      .setProtectedHeader(
        dropUndefined({ alg: "ES256", kid: this.#key.kid, ...header }) as JWTHeaderParameters,
      )
      .sign(this.#key.privateKey);
  }

  /**
   * What a browser does with the URL of a sign-in: follows it, signs in as `name`, and stops where it leaves
   * the provider.
   * @param cookies the browser's, of sign-ins before; none unless given.
   */
  async signIn(authorizationUrl: string, name: string, cookies = new Map<string, string>()): Promise<URL> {
    let step: { method: string; url: URL; form?: string } = { method: "GET", url: new URL(authorizationUrl) };
    for (let steps = 0; steps < 20; steps++) {
      const page = await this.#browse(step, cookies);
      if (page.location !== undefined) {
        const next = new URL(page.location, step.url);
        if (next.origin !== this.issuer) return next;
        step = { method: "GET", url: next };
        continue;
      }
      const action = /<form[^>]* action="([^"]+)"/.exec(page.text)?.[1];
      if (action === undefined) throw new Error(`the provider answered ${page.status}: ${page.text}`);
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1] ?? "";
      const form = new URLSearchParams({ prompt, ...(prompt === "login" && { login: name, password: "x" }) });
      step = { method: "POST", url: new URL(action, step.url), form: form.toString() };
    }
    throw new Error("the provider sends the browser in circles");
  }

  /** Exchanges a code as a front end would that has a library of its own. */
  async exchange(code: string, redirectUri: string, codeVerifier: string): Promise<Record<string, string>> {
    const form = new URLSearchParams({
      grant_type: "authorization_code",
      client_id: CLIENT_ID,
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
    });
    return this.#tokens(form);
  }

  /** Tokens of the same sign-in, as a client gets them that goes on for long. */
  async refresh(refreshToken: string): Promise<Record<string, string>> {
    return this.#tokens(
      new URLSearchParams({
        grant_type: "refresh_token",
        client_id: CLIENT_ID,
        refresh_token: refreshToken,
      }),
    );
  }

  async #tokens(form: URLSearchParams): Promise<Record<string, string>> {
    const url = new URL(`${this.issuer}/token`);
    const { text } = await this.#browse({ method: "POST", url, form: form.toString() }, new Map());
    return JSON.parse(text) as Record<string, string>;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #browse(
    { method, url, form }: { method: string; url: URL; form?: string },
    cookies: Map<string, string>,
  ): Promise<{ status: number; location?: string; text: string }> {
    return new Promise((resolve, reject) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const headers = {
        ...(cookie !== "" && { cookie }),
        ...(form !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
      };
      const sent = httpsRequest(
        url,
        { method, headers, ca: this.certificate.cert, agent: false },
        (response) => {
          for (const line of response.headers["set-cookie"] ?? []) {
            const [name = "", value = ""] = (line.split(";")[0] ?? "").split(/=(.*)/s);
            if (value === "") cookies.delete(name);
            else cookies.set(name, value);
          }
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
          response.on("end", () => {
            const { location } = response.headers;
            resolve({ status: response.statusCode ?? 0, text, ...(location !== undefined && { location }) });
          });
        },
      );
      sent.on("error", reject);
      sent.end(form);
    });
  }
}

function dropUndefined(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
