import { CognitoJwtVerifier } from "aws-jwt-verify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DemoUser } from "../../../cli/demo-users.ts";
import {
  createLocalProviders,
  type LocalProviders,
  type RunningProvider,
} from "../../../local/provider/local-providers.ts";
import type { StackModel } from "../../../local/model/stack-model.ts";
import { ENVIRONMENT } from "../../../src/runtime/function-settings.ts";
import { claimsOf, codeFlow, ProviderBrowser } from "./browser.ts";

/** A local provider without a stack: what it says and whom it sends where. */
const USERS: readonly DemoUser[] = [
  { userName: "alice", isAdmin: false, permissions: [] },
  { userName: "bob", isAdmin: true, permissions: [] },
];
const USER_POOL_ID = "eu-central-1_Example";
const CLIENT_ID = "web";
const FRONT_END = "http://localhost:5173/callback";
const SOURCE = {
  ...{ kind: "cognito", name: "cognito", userPoolId: USER_POOL_ID, clientId: CLIENT_ID },
  mapping: { adminClaim: "cognito:groups", adminValues: ["admins"] },
};
const APP_CLIENT = {
  ...{ userPoolId: USER_POOL_ID, clientId: CLIENT_ID },
  callbackUrls: ["https://shop.example.com/callback"],
  logoutUrls: ["https://shop.example.com/"],
};

let providers: LocalProviders;
let cognito: RunningProvider;
let offsetMs = 0;
beforeAll(async () => {
  providers = createLocalProviders({
    users: USERS,
    password: "not-needed",
    near: () => 0,
    offsetMs: () => offsetMs,
    onMissing(why) {
      throw new Error(why);
    },
  });
  const settings = JSON.stringify({ allowedOrigins: [], oidcSources: [SOURCE] });
  const functions = [{ environment: { [ENVIRONMENT.settings]: settings } }];
  await providers.serve({ functions, appClients: [APP_CLIENT] } as unknown as StackModel);
  [cognito] = providers.running() as [RunningProvider];
});
afterAll(() => providers.stop());

/** As a terminal gets them: `curl -d user=alice http://localhost:3001/tokens`. */
async function tokensFor(user: string): Promise<{ access_token: string; id_token: string }> {
  const response = await fetch(`${cognito.url}/tokens`, {
    method: "POST",
    body: new URLSearchParams({ user }),
  });
  return (await response.json()) as { access_token: string; id_token: string };
}

describe("Cognito's tokens", () => {
  /** "Understanding the access token" and "the identity (ID) token" in the Amazon Cognito developer guide. */
  const ACCESS = [
    "auth_time",
    "client_id",
    "cognito:groups",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "origin_jti",
    "scope",
    "sub",
    "token_use",
    "username",
    "version",
  ];
  const ID = [
    "aud",
    "auth_time",
    "cognito:groups",
    "cognito:username",
    "email",
    "email_verified",
    "event_id",
    "exp",
    "iat",
    "iss",
    "jti",
    "origin_jti",
    "sub",
    "token_use",
  ];
  const UUID = expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/) as string;

  test("have the claims that AWS documents, and no others", async () => {
    const { access_token: access, id_token: id } = await tokensFor("bob");
    expect(Object.keys(claimsOf(access)).sort()).toEqual(ACCESS);
    expect(Object.keys(claimsOf(id)).sort()).toEqual(ID);
    expect(claimsOf(access)).toMatchObject({
      ...{ sub: UUID, jti: UUID, event_id: UUID, origin_jti: UUID },
      ...{ iss: cognito.issuer, token_use: "access", version: 2, username: "bob" },
      ...{ scope: "openid email profile", "cognito:groups": ["admins"] },
    });
    expect(claimsOf(id)).toMatchObject({
      ...{ sub: claimsOf(access)["sub"], aud: claimsOf(access)["client_id"], token_use: "id" },
      ...{ origin_jti: claimsOf(access)["origin_jti"], event_id: claimsOf(access)["event_id"] },
      ...{ "cognito:username": "bob", email: "bob@example.com", email_verified: true },
    });
    const header = JSON.parse(Buffer.from(access.split(".")[0] ?? "", "base64url").toString()) as object;
    expect(Object.keys(header).sort()).toEqual(["alg", "kid"]);
    // Of somebody in no group the claim is left out.
    expect(claimsOf((await tokensFor("alice")).access_token)).not.toHaveProperty("cognito:groups");
  });

  test("pass AWS's verifier with the local keys", async () => {
    const { access_token: access, id_token: id } = await tokensFor("bob");
    const verifier = CognitoJwtVerifier.create({
      ...{ userPoolId: USER_POOL_ID, clientId: CLIENT_ID, tokenUse: null },
      ...{ groups: "admins", scope: null },
    });
    const keys = await fetch(`${cognito.url}/${USER_POOL_ID}/.well-known/jwks.json`);
    verifier.cacheJwks((await keys.json()) as Parameters<typeof verifier.cacheJwks>[0]);
    await expect(verifier.verify(access)).resolves.toMatchObject({ token_use: "access" });
    await expect(verifier.verify(id)).resolves.toMatchObject({ token_use: "id" });
  });

  test("keep the sign-in's claims when they are refreshed; another sign-in has others", async () => {
    const flow = codeFlow(cognito.url, CLIENT_ID, FRONT_END);
    const browser = new ProviderBrowser();
    const tokens = await flow.exchange(await browser.signIn(flow.url, "alice"));
    const refreshed = await flow.refresh(tokens["refresh_token"] ?? "");
    const signIn = ({ origin_jti, auth_time }: Record<string, unknown>) => ({ origin_jti, auth_time });
    const first = claimsOf(tokens["access_token"]);
    expect(signIn(claimsOf(refreshed["access_token"]))).toEqual(signIn(first));
    expect(signIn(claimsOf(refreshed["id_token"]))).toEqual(signIn(first));
    expect(claimsOf(refreshed["access_token"])["jti"]).not.toBe(first["jti"]);
    // The browser is signed in at the provider still, and is not asked again.
    const silent = await browser.open(flow.url);
    const again = await flow.exchange(new URL(silent.headers.get("location") ?? ""));
    expect(claimsOf(again["access_token"])).toMatchObject({ auth_time: first["auth_time"] });
    expect(claimsOf(again["access_token"])["origin_jti"]).not.toBe(first["origin_jti"]);
  });
});

describe("addresses that people may be sent to", () => {
  const statusFor = async (redirectUri: string): Promise<number> =>
    (await new ProviderBrowser().open(codeFlow(cognito.url, CLIENT_ID, redirectUri).url)).status;

  test("are those of the template's app client, and those of this machine", async () => {
    expect(await statusFor("https://shop.example.com/callback")).toBe(303);
    expect(await statusFor("http://localhost:4200/anywhere")).toBe(303);
    expect(await statusFor("http://127.0.0.1:4200/")).toBe(303);
  });

  test.each([
    "https://shop.example.com/other",
    "https://evil.example.com/callback",
    "http://localhost.evil.example.com/",
    "myapp://callback",
  ])("are not %s", async (redirectUri) => {
    const flow = codeFlow(cognito.url, CLIENT_ID, redirectUri);
    const response = await new ProviderBrowser().open(flow.url);
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
    expect(await response.text()).toContain(
      `The client web may not send people to ${redirectUri}. Accepted: https://shop.example.com/callback, any address on localhost.`,
    );
  });

  test("of a client that is not there are none, and those that are there are named", async () => {
    const response = await new ProviderBrowser().open(codeFlow(cognito.url, "other", FRONT_END).url);
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
    expect(await response.text()).toContain("There is no client other here; there are web.");
  });

  test("at sign-out are checked too, and the browser is asked again afterwards", async () => {
    const flow = codeFlow(cognito.url, CLIENT_ID, FRONT_END);
    const browser = new ProviderBrowser();
    await browser.signIn(flow.url, "alice");
    const signOut = (to: string) =>
      browser.open(
        `${cognito.url}/logout?${new URLSearchParams({ client_id: CLIENT_ID, logout_uri: to }).toString()}`,
      );
    expect((await signOut("https://evil.example.com/")).status).toBe(400);
    const done = await signOut("https://shop.example.com/");
    expect([done.status, done.headers.get("location")]).toEqual([302, "https://shop.example.com/"]);
    expect((await browser.open(flow.url)).headers.get("location")).toMatch(/^\/sign-in\//);
  });
});

test("where the lab has moved the clock, tokens are of that time", async () => {
  offsetMs = 3_600_000;
  try {
    const flow = codeFlow(cognito.url, CLIENT_ID, FRONT_END);
    const tokens = await flow.exchange(await new ProviderBrowser().signIn(flow.url, "alice"));
    const then = Math.floor(Date.now() / 1000) + 3600;
    for (const token of [tokens["access_token"], tokens["id_token"]]) {
      const { iat, exp, auth_time: authTime } = claimsOf(token) as Record<string, number>;
      expect(Math.abs((iat ?? 0) - then)).toBeLessThan(30);
      expect(Math.abs((authTime ?? 0) - then)).toBeLessThan(30);
      expect((exp ?? 0) - (iat ?? 0)).toBe(3600);
    }
  } finally {
    offsetMs = 0;
  }
});
