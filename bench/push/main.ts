/**
 * `npm run bench:push`: how long it takes from the answer of a login elsewhere until the page of the first
 * device knows: by its question being answered with 401, and in a real browser by the notice being shown.
 * Many pages are connected meanwhile. All is on this machine; what AWS adds is not in it.
 */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Page as BrowserPage } from "playwright-core";
import { createDemoUsers, DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { startLocalStack, type LocalStack } from "../../local/stack.ts";
import { LOGIN } from "../../src/api/login.ts";
import { onEngine } from "../support/engine.ts";
import { ask } from "../support/http.ts";
import { benchOptions, conclude, option, wholeNumber } from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { expect } from "../support/rounds.ts";
import { quantile } from "../support/statistics.ts";
import { tableOf, type Column } from "../support/tables.ts";
import { openPage, signIn, type Page } from "./pages.ts";

const options = benchOptions("bench:push", "Measures how soon a page knows that its session has ended.", {
  pages: option("<n>", "pages that are connected", wholeNumber(1, 5000), 200),
  logins: option("<n>", "logins elsewhere, one after the other", wholeNumber(1, 100_000), 300),
  notices: option("<n>", "of them in a real browser; 0 for none", wholeNumber(0, 1000), 20),
});

/**
 * A page asks once in 2 s at most: at first, then for its subscription, then for a hint. A login elsewhere
 * within its first seconds waits for that; the page that is measured is at rest.
 */
const AT_REST_AFTER_MS = 4500;
/** Unless a page is told within it, something is wrong. */
const PATIENCE_MS = 30_000;
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

await onEngine(async (endpoint, signal) => {
  const stack = await startLocalStack({ databaseEndpoint: endpoint, signal });
  const pages: Page[] = [];
  try {
    await times("pages connect", options.pages, signal, async (index) => {
      pages.push(await openPage(stack, `user-${index}`));
      return 0;
    });
    const told = await times("logins elsewhere", options.logins, signal, (index) =>
      untilTold(stack, pages, index % pages.length),
    );
    const shown = options.notices > 0 ? await measureShown(stack, signal) : [];
    const rows = [
      { what: "the question is answered", milliseconds: told },
      ...(options.notices > 0 ? [{ what: "the notice is shown", milliseconds: shown }] : []),
    ];
    const column = (head: string, share: number): Column<(typeof rows)[number]> => [
      head,
      ({ milliseconds }) => quantile(milliseconds, share).toFixed(0),
    ];
    const table = tableOf(rows, [
      ["", ({ what }) => what],
      ["times", ({ milliseconds }) => String(milliseconds.length)],
      ...[column("p50", 0.5), column("p90", 0.9), column("p99", 0.99), column("most", 1)],
    ]);
    const head = `${options.pages} pages connected, one login elsewhere at a time; milliseconds from its answer until`;
    await conclude(options, `${head}\n\n${table}`, { pages: options.pages, told, shown });
  } finally {
    pages.forEach((page) => page.close());
    await stack.stop();
  }
});

/** Does something again and again. @returns what each time measured. */
async function times(
  what: string,
  count: number,
  signal: AbortSignal,
  once: (index: number) => Promise<number>,
): Promise<number[]> {
  const progress = startProgress(what, count);
  const measured: number[] = [];
  while (measured.length < count && !signal.aborted) progress.at(measured.push(await once(measured.length)));
  progress.end();
  return measured;
}

/** A login elsewhere of a page's user, and another page for the one that was told. */
async function untilTold(stack: LocalStack, pages: Page[], index: number): Promise<number> {
  const page = pages[index];
  if (page === undefined) throw new Error("no page is connected");
  await signIn(stack, page.userId);
  const answeredAt = performance.now();
  const took = Math.max(0, (await withPatience(page.toldAt)) - answeredAt);
  page.close();
  pages[index] = await openPage(stack, page.userId);
  return took;
}

/** The console's page, which is signed out by a phone again and again. */
async function measureShown(stack: LocalStack, signal: AbortSignal): Promise<number[]> {
  const { UsersTableName: usersTable = "", SessionsTableName: sessionsTable = "" } = stack.outputs;
  const { databaseEndpoint: dynamoDbEndpoint, region } = stack;
  await createDemoUsers({ dynamoDbEndpoint, region, usersTable, sessionsTable });
  const given = process.env["CHROME_PATH"] ?? "";
  const browser = await playwright.launch({
    executablePath: given !== "" && existsSync(given) ? given : await chromium.executablePath(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
    return await times("notices", options.notices, signal, async () => {
      const subscribed = untilSubscribed(page);
      await signInByForm(page, stack.url);
      await subscribed;
      await sleep(AT_REST_AFTER_MS);
      const notice = page.getByRole("dialog").getByText("You signed in on Safari on iOS").waitFor();
      await logInByPhone(stack.url);
      const answeredAt = performance.now();
      await withPatience(notice);
      return performance.now() - answeredAt;
    });
  } finally {
    await browser.close();
  }
}

async function signInByForm(page: BrowserPage, url: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(url);
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Password").fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("list", { name: "My devices" }).getByText("This device").waitFor();
}

async function untilSubscribed(page: BrowserPage): Promise<void> {
  const socket = await page.waitForEvent("websocket");
  await socket.waitForEvent("framereceived", ({ payload }) => String(payload).includes("subscribe_success"));
}

async function logInByPhone(url: string): Promise<void> {
  const headers = { "content-type": "application/json", "user-agent": PHONE };
  const body = JSON.stringify({ username: "alice", password: DEMO_PASSWORD });
  expect((await ask(url + LOGIN.path, { method: "POST", headers }, body)).status, 201);
}

function withPatience<Value>(value: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing was told within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([value, tooLate]).finally(() => clearTimeout(timer));
}
