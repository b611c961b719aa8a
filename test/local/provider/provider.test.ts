// Long: started first.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, type DemoUser } from "../../../cli/demo-users.ts";
import type { RunningProvider } from "../../../local/provider/local-providers.ts";
import { FIREFOX_ON_MACOS, HttpClient, type Answer } from "../../support/http-client.ts";
import { startTestStack, synthesizeOnce, type TestStack } from "../../support/local-stack.ts";
import { claimsOf, codeFlow, ProviderBrowser } from "./browser.ts";

const APP = "test/local/provider/app.ts";
const FRONT_END = "http://localhost:5173/callback";
const USERS: readonly DemoUser[] = [
  { userName: "alice", isAdmin: false, permissions: [] },
  { userName: "bob", isAdmin: true, permissions: [] },
  { userName: "carol", isAdmin: false, permissions: ["admins", "single_session.logout"] },
];

let stack: TestStack;
let cognito: RunningProvider;
let corp: RunningProvider;
const warnings: string[] = [];
beforeAll(async () => {
  stack = await startTestStack({
    app: APP,
    signIn: { users: USERS, password: DEMO_PASSWORD },
    onUnsupported: (why) => warnings.push(why),
  });
  [cognito, corp] = stack.providers as [RunningProvider, RunningProvider];
}, 240_000);
afterAll(() => stack.stop());

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
}

/** As a terminal gets them: `curl -d user=alice http://localhost:3001/tokens`. */
async function tokensFor({ url }: RunningProvider, user: string): Promise<Tokens> {
  const response = await fetch(`${url}/tokens`, { method: "POST", body: new URLSearchParams({ user }) });
  expect(response.status).toBe(200);
  return (await response.json()) as Tokens;
}

const call = (token: string, path = "/session"): Promise<Answer> =>
  new HttpClient(stack.url).call("GET", path, undefined, { authorization: `Bearer ${token}` });

const clientIdOf = async (provider: RunningProvider): Promise<string> =>
  String(claimsOf((await tokensFor(provider, "alice")).access_token)["client_id"]);

test("a user pool and a provider are each served, and nothing is warned of", () => {
  expect(warnings).toEqual([]);
  expect(stack.providers).toMatchObject([
    {
      issuer: expect.stringMatching(
        /^https:\/\/cognito-idp\.eu-central-1\.amazonaws\.com\/eu-central-1_\w+$/,
      ) as string,
      sourceName: "cognito",
      hasFlow: true,
    },
    { issuer: "https://login.example.com/realms/corp", sourceName: "corp", hasFlow: true },
  ]);
  expect(cognito.url).not.toBe(corp.url);
});

test("the page has a button for each user, with the groups that their tokens name", async () => {
  const page = await (await fetch(cognito.url)).text();
  const buttons = [...page.matchAll(/<button name="user" value="(\w+)">.*?<span>([^<]*)<\/span><\/button>/g)];
  expect(buttons.map(([, name, groups]) => [name, groups])).toEqual([
    ["alice", ""],
    ["bob", "admins"],
    ["carol", "admins, single_session.logout"],
  ]);
  const answer = await fetch(`${cognito.url}/tokens`, { method: "POST", body: "user=<b>mallory" });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("There is no user &lt;b&gt;mallory; there are alice, bob, carol.");
});

describe.each(["cognito", "corp"])("by the API's own sign-in with the source %s", (source) => {
  async function signIn(device: HttpClient, name: string): Promise<void> {
    const begun = await device.call("GET", `/login/oidc?source=${source}`);
    const back = await new ProviderBrowser().signIn(begun.headers.get("location") ?? "", name);
    expect(back.origin).toBe(stack.url);
    const done = await device.call("GET", back.pathname + back.search);
    expect([done.status, done.headers.get("location")]).toEqual([303, "/"]);
  }

  test("two devices sign in, and the first is displaced", async () => {
    const laptop = new HttpClient(stack.url);
    const phone = new HttpClient(stack.url, FIREFOX_ON_MACOS);
    await signIn(laptop, "alice");
    expect(await laptop.session()).toMatchObject({ status: 200, body: { user: { isAdmin: false } } });
    await signIn(phone, "alice");
    expect(await laptop.session()).toMatchObject({
      status: 401,
      body: { code: "session_displaced", by: { device: "Firefox on macOS" } },
    });
    expect((await phone.session()).status).toBe(200);
  });

  test("the group admin is what the source calls administrators", async () => {
    const device = new HttpClient(stack.url);
    await signIn(device, "bob");
    expect(await device.session()).toMatchObject({ status: 200, body: { user: { isAdmin: true } } });
  });
});

test("a group by the source's own name for administrators makes one too", async () => {
  const { access_token: token } = await tokensFor(cognito, "carol");
  expect(await call(token)).toMatchObject({
    status: 200,
    body: { user: { isAdmin: true, permissions: ["admins", "single_session.logout"] } },
  });
});

test.each(["com.example.shop:/callback", "shop://callback"])(
  "a native app of a provider gets its tokens at a scheme of its own, %s",
  async (redirectUri) => {
    const flow = codeFlow(corp.url, await clientIdOf(corp), redirectUri);
    const back = await new ProviderBrowser().signIn(flow.url, "alice");
    expect(back.href).toMatch(new RegExp(`^${redirectUri}\\?code=`));
    const { access_token: token = "" } = await flow.exchange(back);
    expect(await call(token)).toMatchObject({ status: 200, body: { user: { id: "corp:alice" } } });
  },
);

test("a page's script is no app", async () => {
  const flow = codeFlow(corp.url, await clientIdOf(corp), "javascript:alert(1)");
  const response = await new ProviderBrowser().open(flow.url);
  expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  expect(await response.text()).toContain("an app&#39;s own scheme such as com.example.shop:/callback");
});

test.each(["cognito", "corp"])(
  "by access tokens of %s: the second device displaces the first, which no refresh brings back",
  async (source) => {
    const provider = source === "cognito" ? cognito : corp;
    const flow = codeFlow(provider.url, await clientIdOf(provider), FRONT_END);
    const signIn = async () => flow.exchange(await new ProviderBrowser().signIn(flow.url, "alice"));
    const first = await signIn();
    expect((await call(first["access_token"] ?? "")).status).toBe(200);
    // A sign-in counts by the second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = await signIn();
    expect((await call(second["access_token"] ?? "", "/session")).status).toBe(200);
    expect(await call(first["access_token"] ?? "")).toMatchObject({
      status: 401,
      body: { code: "session_displaced" },
    });
    const refreshed = await flow.refresh(first["refresh_token"] ?? "");
    expect(await call(refreshed["access_token"] ?? "")).toMatchObject({
      status: 401,
      body: { code: "session_displaced" },
    });
    const again = await flow.refresh(second["refresh_token"] ?? "");
    expect((await call(again["access_token"] ?? "")).status).toBe(200);
  },
);

test("an id token signs in by POST /login, once", async () => {
  const { id_token: idToken } = await tokensFor(cognito, "alice");
  const device = new HttpClient(stack.url);
  expect(await device.call("POST", "/login", { idToken })).toMatchObject({ status: 201 });
  expect((await device.session()).status).toBe(200);
  expect((await new HttpClient(stack.url).call("POST", "/login", { idToken })).status).toBe(401);
});

test("somebody's own function verifies a token as AWS documents it, and the authorizer lets it through", async () => {
  const { access_token: token } = await tokensFor(cognito, "alice");
  expect(await call(token, "/who-am-i")).toMatchObject({ status: 200, body: { username: "alice" } });
  expect(await call(token, "/reports")).toMatchObject({ status: 200, body: { username: "alice" } });
  expect((await new HttpClient(stack.url).call("GET", "/reports")).status).toBe(403);
});

test("after a reload the provider goes on: its address, its keys and who is signed in", async () => {
  const flow = codeFlow(cognito.url, await clientIdOf(cognito), FRONT_END);
  const tokens = await flow.exchange(await new ProviderBrowser().signIn(flow.url, "alice"));
  expect((await call(tokens["access_token"] ?? "")).status).toBe(200);
  const reloaded = await stack.reload(await synthesizeOnce({ app: APP }));
  expect(reloaded.providers.map(({ url }) => url)).toEqual([cognito.url, corp.url]);
  expect((await call(tokens["access_token"] ?? "")).status).toBe(200);
  const refreshed = await flow.refresh(tokens["refresh_token"] ?? "");
  expect((await call(refreshed["access_token"] ?? "")).status).toBe(200);
});
