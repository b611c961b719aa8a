import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from "playwright-core";
import { inject } from "vitest";
import { connect } from "../../cli/connect.ts";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { localClient } from "../../cli/place.ts";
import { SESSION_COOKIE } from "../../src/http/cookie.ts";
import { DEVICE_COOKIE } from "../../src/http/device-cookie.ts";
import { addDemoUsers, HttpClient } from "./http-client.ts";
import { startTestStack, type TestStack } from "./local-stack.ts";
import { makeOnce } from "./make-once.ts";

export interface PageOptions extends Omit<BrowserContextOptions, "locale"> {
  readonly locale?: string | null;
  /** The page of the console, such as `/users`. */
  readonly path?: string;
  /** Who is signed in already, by a call: where signing in is not what is tested, its form takes too long. */
  readonly as?: string;
  /**
   * A browser that never saw the page, with nothing in its cache, for what a device that was wiped does not
   * give back: a program that was not loaded yet, the clock that a test stops.
   */
  readonly isNew?: boolean;
}

/** A local stack with its page, and a browser to look at it with. */
export interface ConsoleUnderTest {
  readonly url: string;
  readonly stack: TestStack;
  /**
   * A page of a device of its own, in British English; with `locale: null` in what Chromium takes the
   * language of this machine for, which is no language tag. It keeps an eye on what no page may do: see
   * `violations`. The device may be one that was closed and wiped: it has no cookies and keeps nothing, and
   * the page is loaded as ever, but a process and programs that are there already halve what that takes.
   */
  open(options?: PageOptions): Promise<Page>;
  /**
   * What pages did since the last call that no page may do: errors and warnings in the console, a breach of
   * the content security policy among them, uncaught errors, requests to another origin.
   */
  violations(): string[];
  /** Closes the pages that were opened, or wipes their devices for the next ones. */
  closePages(): Promise<void>;
  stop(): Promise<void>;
}

type Cookies = Parameters<BrowserContext["addCookies"]>[0];

const ACTION_TIMEOUT_MS = 60_000;
const LOCALE = "en-GB";
const VIEWPORT = { width: 1280, height: 720 } as const;
/** Waiting for what fades and slides is most of the time otherwise. */
const MEDIA = { reducedMotion: "reduce" } as const;
const HEARD = ["console", "pageerror", "request", "response", "websocket"] as const;
const CHROME_ON_LINUX =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";

/** A source whose button is looked at; nobody goes to the provider. */
const CORP = {
  oidc: {
    name: "corp",
    issuer: "https://login.example.com",
    jwksUri: "https://login.example.com/keys",
    clientId: "single-session",
  },
};

/** Where people of the stack are sent to change their password; nobody goes there. */
export const ACCOUNT_URL = "https://login.example.com/account";

/**
 * One stack with the demo users, where people sign in by password or at `corp`, and whose policy gives bob
 * the picker and carol the refusal (test/support/policies.ts).
 */
export async function startConsole(): Promise<ConsoleUnderTest> {
  const context = {
    singleUserSession: "./test/support/policies.ts#someChoose",
    identity: JSON.stringify(["passwords", CORP]),
    console: JSON.stringify({ accountUrl: ACCOUNT_URL }),
  };
  const [stack, executablePath] = await Promise.all([startTestStack({ context }), chromePath()]);
  await addDemoUsers(stack);
  const browser: Browser = await playwright.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu"],
    // Chromium names its language by it where a context names none.
    env: { ...process.env, LC_ALL: "C" },
  });
  const violations: string[] = [];
  /** The pages of devices that are all alike, those that are in use and those that were wiped. */
  const alike: Page[] = [];
  const wiped: Page[] = [];
  const newPage = async (locale: string | null, options: BrowserContextOptions): Promise<Page> => {
    const browserContext = await browser.newContext({
      ...(locale !== null && { locale }),
      ...MEDIA,
      viewport: VIEWPORT,
      ...options,
    });
    return browserContext.newPage();
  };
  return {
    url: stack.url,
    stack,
    async open({ locale = LOCALE, path, as, isNew = false, ...pageOptions } = {}) {
      const isAlike = !isNew && locale === LOCALE && Object.keys(pageOptions).length === 0;
      const page = (isAlike ? wiped.pop() : undefined) ?? (await newPage(locale, pageOptions));
      if (isAlike) alike.push(page);
      if (as !== undefined) await page.context().addCookies(await signedInCookies(stack.url, as));
      page.setDefaultTimeout(ACTION_TIMEOUT_MS);
      watchPage(page, stack.url, (violation) => violations.push(violation));
      await page.goto(path === undefined ? stack.url : `${stack.url}/#${path}`);
      if (as !== undefined) await page.getByRole("button", { name: `Signed in as ${as}` }).waitFor();
      return page;
    },
    violations: () => violations.splice(0),
    closePages: async () => {
      const kept = alike.splice(0).filter((page) => !page.isClosed());
      const contexts = [...wiped, ...kept].map((page) => page.context());
      await Promise.all(
        browser
          .contexts()
          .filter((browserContext) => !contexts.includes(browserContext))
          .map((browserContext) => browserContext.close()),
      );
      for (const page of kept) {
        await wipe(page, stack.url);
        wiped.push(page);
      }
    },
    async stop() {
      await browser.close();
      await stack.stop();
    },
  };
}

/**
 * Makes a device as good as new: nothing that a test did to it, its network or its page is left, but what the
 * browser has in its caches.
 */
async function wipe(page: Page, url: string): Promise<void> {
  const browserContext = page.context();
  const others = browserContext.pages().filter((other) => other !== page);
  await Promise.all(others.map((other) => other.close()));
  for (const event of HEARD) page.removeAllListeners(event);
  await page.unrouteAll({ behavior: "ignoreErrors" });
  await browserContext.setOffline(false);
  await browserContext.clearCookies();
  // A document of the same origin without a program: nothing is kept any more from then on, and the process
  // stays.
  await page.goto(`${url}/config.json`);
  await page.evaluate("localStorage.clear(); sessionStorage.clear()");
  await browserContext.clearCookies();
  await page.emulateMedia({ colorScheme: "light", ...MEDIA });
  await page.setViewportSize(VIEWPORT);
}

/** What the sign-in of a browser like the one of the tests leaves in it. */
async function signedInCookies(url: string, userName: string): Promise<Cookies> {
  const client = new HttpClient(url, CHROME_ON_LINUX);
  const { status } = await client.login(userName);
  if (status !== 201) throw new Error(`${userName} cannot sign in: ${status}`);
  const { host } = new URL(url);
  return [SESSION_COOKIE, DEVICE_COOKIE].map((name) => ({
    ...{ name, value: client.cookie(name) ?? "", url: `https://${host}/` },
    ...{ httpOnly: true, secure: true, sameSite: "Lax" as const },
  }));
}

/** Adds a user with the demo password to the stack's directory. */
export async function addUser(
  stack: TestStack,
  userName: string,
  more: { readonly isAdmin?: boolean; readonly permissions?: readonly string[] } = {},
): Promise<void> {
  const { management, close } = manage(stack);
  const { isAdmin = false, permissions = [] } = more;
  await management.addUser({ userName, password: DEMO_PASSWORD, isAdmin, permissions });
  close();
}

/** Changes a user's password, which ends the user's sessions by a rule. */
export async function changePassword(stack: TestStack, userName: string): Promise<void> {
  const { management, close } = manage(stack);
  await management.setPassword(userName, DEMO_PASSWORD);
  close();
}

function manage({ databaseEndpoint, region, tables }: TestStack): ReturnType<typeof connect> {
  const { UsersTableName: usersTable = "", SessionsTableName: sessionsTable = "" } = tables;
  const dynamoDb = localClient(databaseEndpoint, region);
  return connect({ dynamoDb, usersTable, sessionsTable, signInTable: "", era: "1" });
}

/** The mark of the session that the page has, among one's own: recent activity has one as well. */
export const thisDevice = (page: Pick<Page, "getByRole">): Locator =>
  page.getByRole("list", { name: "My devices" }).getByText("This device");

/** Signs in by the form, and waits until one's own devices are there. */
export async function signIn(page: Page, username: string, password = DEMO_PASSWORD): Promise<void> {
  await fillSignIn(page, username, password);
  await thisDevice(page).waitFor();
}

export async function fillSignIn(page: Page, username: string, password = DEMO_PASSWORD): Promise<void> {
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Filters the list of users by how their ids begin. */
export async function findUsers(page: Page, text: string): Promise<void> {
  await page.getByRole("combobox", { name: "Find users" }).fill(text);
  await page.keyboard.press("Enter");
}

/**
 * `CHROME_PATH`, else the one that npm brought; unpacked by one process while the others wait, for it is run
 * where it lies.
 */
export async function chromePath(): Promise<string> {
  const given = process.env["CHROME_PATH"];
  if (given !== undefined && given !== "") return given;
  await makeOnce(join(inject("synthesisFolder"), "chromium"), () => chromium.executablePath());
  return chromium.executablePath();
}

/**
 * What the browser itself logs of an answer that the page expects: nobody is signed in, a refusal that it
 * explains.
 */
const EXPECTED_REFUSAL = /^Failed to load resource: the server responded with a status of 4\d\d /;
const API = /^\/(?:login|logout|session|sessions|admin\/\w+)(?:\/|$)/;

function watchPage(page: Page, url: string, report: (violation: string) => void): void {
  const { origin } = new URL(url);
  page.on("pageerror", (error) => report(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" && message.type() !== "warning") return;
    const from = URL.parse(message.location().url);
    const isExpected = EXPECTED_REFUSAL.test(message.text()) && from !== null && API.test(from.pathname);
    if (!isExpected) report(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  page.on("request", (request) => {
    const target = new URL(request.url());
    if (target.protocol !== "data:" && target.protocol !== "blob:" && target.origin !== origin) {
      report(`request to ${target.origin}`);
    }
  });
}
