// Long: started first.
/** Front ends with AWS Amplify and with oidc-client-ts, in a real browser, before a local provider. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium as playwright, type Browser, type BrowserContext, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD, type DemoUser } from "../../../cli/demo-users.ts";
import type { RunningProvider } from "../../../local/provider/local-providers.ts";
import { chromePath } from "../../support/console-page.ts";
import { HttpClient, type Answer } from "../../support/http-client.ts";
import { startTestStack, type TestStack } from "../../support/local-stack.ts";
import { claimsOf } from "./browser.ts";

const USERS: readonly DemoUser[] = [
  { userName: "alice", isAdmin: false, permissions: [] },
  { userName: "bob", isAdmin: true, permissions: [] },
  {
    userName: "carol.with.a.long.name@warehouse.shop.example.com",
    isAdmin: false,
    permissions: ["night-shift"],
  },
];

let stack: TestStack;
let cognito: RunningProvider;
let corp: RunningProvider;
let browser: Browser;
let pages: Server;
let frontEnd: string;

beforeAll(async () => {
  const [started, executablePath, script] = await Promise.all([
    startTestStack({ app: "test/local/provider/app.ts", signIn: { users: USERS, password: DEMO_PASSWORD } }),
    chromePath(),
    bundle(),
  ]);
  stack = started;
  [cognito, corp] = stack.providers as [RunningProvider, RunningProvider];
  browser = await playwright.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  const userPoolId = cognito.issuer.split("/").at(-1);
  const tokens = await fetch(`${cognito.url}/tokens`, {
    method: "POST",
    body: new URLSearchParams({ user: "alice" }),
  });
  const { access_token: token } = (await tokens.json()) as { access_token: string };
  const settings = {
    userPoolId,
    userPoolClientId: claimsOf(token)["client_id"],
    cognito: cognito.url,
    corp: corp.url,
  };
  pages = createServer((request, response) => {
    const isScript = request.url === "/front-end.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
    response.end(
      isScript
        ? script
        : `<!doctype html><title>Shop</title><script>window.settings = ${JSON.stringify(settings)}</script><script src="/front-end.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => pages.listen(0, "localhost", resolve));
  frontEnd = `http://localhost:${(pages.address() as AddressInfo).port}/`;
}, 240_000);
afterAll(async () => {
  await browser.close();
  pages.close();
  await stack.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, "front-end.ts")],
    bundle: true,
    write: false,
    platform: "browser",
    format: "iife",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  return outputFiles[0]?.text ?? "";
}

/** A device: a browser with cookies and storage of its own, and the front end in it. */
async function openDevice(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
  // As a person who goes on at the browser's warning of the local certificate.
  const context: BrowserContext = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(frontEnd);
  return page;
}

/** Calls what the page has made of the libraries. */
const run = <Result>(page: Page, name: string, ...given: unknown[]): Promise<Result> =>
  page.evaluate(
    ([method, values]) => {
      const call = window.frontEnd[method] as (...values: unknown[]) => Promise<unknown>;
      return call(...values);
    },
    [name, given] as const,
  ) as Promise<Result>;

/** Begins what leaves the page, so that its answer never comes. */
const leave = (page: Page, name: string): Promise<void> =>
  page.evaluate((method) => {
    const call = window.frontEnd[method] as () => Promise<unknown>;
    setTimeout(() => void call(), 0);
  }, name);

interface Tokens {
  readonly access: string;
  readonly id: string;
}

const session = (token: string): Promise<Answer> =>
  new HttpClient(stack.url).call("GET", "/session", undefined, { authorization: `Bearer ${token}` });

describe("Amplify", () => {
  test("signs in by the hosted pages, refreshes, and signs out", async () => {
    const page = await openDevice();
    await leave(page, "signInWithRedirect");
    await page.getByRole("button", { name: "bob" }).click();
    await page.waitForURL((url) => url.href.startsWith(frontEnd));
    const accessToken = () => run<Tokens>(page, "tokens").then(({ access }) => access);
    await expect.poll(accessToken, { timeout: 30_000 }).toBeTruthy();
    const tokens = await run<Tokens>(page, "tokens");
    expect(await session(tokens.access)).toMatchObject({ status: 200, body: { user: { isAdmin: true } } });
    expect(await run(page, "getCurrentUser")).toMatchObject({ username: "bob" });

    const refreshed = await run<Tokens>(page, "tokens", true);
    expect(claimsOf(refreshed.access)["jti"]).not.toBe(claimsOf(tokens.access)["jti"]);
    expect(claimsOf(refreshed.access)["origin_jti"]).toBe(claimsOf(tokens.access)["origin_jti"]);
    expect((await session(refreshed.access)).status).toBe(200);

    // Where it comes back to is where it is already.
    const back = page.waitForEvent("load");
    await leave(page, "signOut");
    await back;
    // The provider asks again: its own session is over.
    await leave(page, "signInWithRedirect");
    await page.getByRole("button", { name: "alice" }).waitFor();
  });

  test("signs in by name and password without showing the password (SRP), on two devices", async () => {
    const [laptop, phone] = [await openDevice(), await openDevice()];
    const signIn = async (page: Page): Promise<string> => {
      expect(await run(page, "signIn", { username: "alice", password: DEMO_PASSWORD })).toMatchObject({
        isSignedIn: true,
      });
      return (await run<Tokens>(page, "tokens")).access;
    };
    const first = await signIn(laptop);
    expect((await session(first)).status).toBe(200);
    expect(claimsOf(first)).toMatchObject({ username: "alice", scope: "aws.cognito.signin.user.admin" });
    // A sign-in counts by the second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = await signIn(phone);
    expect((await session(second)).status).toBe(200);
    expect(await session(first)).toMatchObject({ status: 401, body: { code: "session_displaced" } });
    const refreshed = await run<Tokens>(laptop, "tokens", true);
    expect((await session(refreshed.access)).status).toBe(401);
  });

  test("says what Cognito says of a wrong password and of a user that does not exist", async () => {
    const page = await openDevice();
    const failure = (username: string, password: string) =>
      run(page, "signIn", { username, password }).then(
        () => "signed in",
        (error: unknown) => String(error),
      );
    expect(await failure("alice", "wrong")).toContain(
      "NotAuthorizedException: Incorrect username or password.",
    );
    expect(await failure("nobody", DEMO_PASSWORD)).toContain("NotAuthorizedException");
  });
});

test("oidc-client-ts signs in, refreshes without a page, and signs out", async () => {
  const page = await openDevice();
  await leave(page, "oidcSignIn");
  await page.getByRole("button", { name: "bob" }).click();
  await page.waitForURL((url) => url.href.startsWith(`${frontEnd}oidc`));
  expect(await run(page, "oidcFinish")).toMatchObject({ sub: "bob", roles: ["shop-admin"] });
  const { access_token: token } = await run<{ access_token: string }>(page, "oidcUser");
  expect(await session(token)).toMatchObject({
    status: 200,
    body: { user: { id: "corp:bob", isAdmin: true } },
  });
  const refreshed = await run<string>(page, "oidcRefresh");
  expect(refreshed).not.toBe(token);
  expect((await session(refreshed)).status).toBe(200);
  await leave(page, "oidcSignOut");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(frontEnd);
  await leave(page, "oidcSignIn");
  await page.getByRole("button", { name: "alice" }).waitFor();
});

/** `PICTURES=folder npx vitest run test/local/provider -t picture` shows what it looks like. */
const pictures = process.env["PICTURES"];

test.each([1280, 390])(
  "the page of buttons fits a screen of %d pixels, and shows as a picture",
  async (width) => {
    const page = await openDevice({ viewport: { width, height: 760 } });
    await page.goto(cognito.url);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    const heights = await page
      .getByRole("button")
      .evaluateAll((buttons) => buttons.map((button) => button.getBoundingClientRect().height));
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(44);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `sign-in-${width}.png`) });
    await page.getByRole("button", { name: "alice" }).click();
    await page.getByRole("heading", { name: "Tokens of alice" }).waitFor();
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
    ).toBeLessThanOrEqual(0);
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, `tokens-${width}.png`) });
  },
);
