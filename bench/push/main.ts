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
import {
  benchCommand,
  wholeNumber,
  withResultFiles,
  writeResults,
  type ResultFiles,
} from "../support/options.ts";
import { startProgress } from "../support/progress.ts";
import { quantile } from "../support/statistics.ts";
import { openPage, signIn, type Page } from "./pages.ts";

interface Options extends ResultFiles {
  readonly pages: number;
  readonly logins: number;
  readonly notices: number;
}

const options = withResultFiles(
  benchCommand("bench:push", "Measures how soon a page knows that its session has ended."),
)
  .option("--pages <n>", "pages that are connected", wholeNumber(1, 5000), 200)
  .option("--logins <n>", "logins elsewhere, one after the other", wholeNumber(1, 100_000), 300)
  .option("--notices <n>", "of them in a real browser; 0 for none", wholeNumber(0, 1000), 20)
  .parse()
  .opts<Options>();

/**
 * A page asks once in 2 s at most: at first, then for its subscription, then for a hint. A login elsewhere
 * within its first seconds waits for that; the page that is measured is at rest.
 */
const AT_REST_AFTER_MS = 4500;
/** Unless a page is told within it, something is wrong. */
const PATIENCE_MS = 30_000;
const PHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

await onEngine(async ({ endpoint }, signal) => {
  const stack = await startLocalStack({ databaseEndpoint: endpoint, signal });
  try {
    const pages = await openPages(stack);
    const told = await measureTold(stack, pages, signal);
    const shown = options.notices > 0 ? await measureShown(stack, signal) : [];
    const rows = [row("the question is answered", told)];
    if (options.notices > 0) rows.push(row("the notice is shown", shown));
    const tables = [
      `${options.pages} pages connected, one login elsewhere at a time; milliseconds from its answer until`,
      "",
      "|  | times | p50 | p90 | p99 | most |",
      "| --- | --- | --- | --- | --- | --- |",
      ...rows,
      "",
    ].join("\n");
    console.log(tables);
    await writeResults(options, { pages: options.pages, told, shown }, tables);
    pages.forEach((page) => page.close());
  } finally {
    await stack.stop();
  }
});

function row(what: string, times: readonly number[]): string {
  const quantiles = [0.5, 0.9, 0.99, 1].map((share) => quantile(times, share).toFixed(0));
  return `| ${[what, times.length, ...quantiles].join(" | ")} |`;
}

async function openPages(stack: LocalStack): Promise<Page[]> {
  const progress = startProgress("pages connect", options.pages);
  const pages: Page[] = [];
  for (let index = 0; index < options.pages; index += 1) {
    progress.at(pages.push(await openPage(stack, `user-${index}`)));
  }
  progress.end();
  return pages;
}

async function measureTold(stack: LocalStack, pages: Page[], signal: AbortSignal): Promise<number[]> {
  const progress = startProgress("logins elsewhere", options.logins);
  const times: number[] = [];
  while (times.length < options.logins && !signal.aborted) {
    const index = times.length % pages.length;
    const page = pages[index];
    if (page === undefined) break;
    await signIn(stack, page.userId);
    const answeredAt = performance.now();
    times.push(Math.max(0, (await withPatience(page.toldAt)) - answeredAt));
    page.close();
    pages[index] = await openPage(stack, page.userId);
    progress.at(times.length);
  }
  progress.end();
  return times;
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
  const progress = startProgress("notices", options.notices);
  try {
    const times: number[] = [];
    const page = await (await browser.newContext({ locale: "en-GB" })).newPage();
    while (times.length < options.notices && !signal.aborted) {
      const subscribed = untilSubscribed(page);
      await signInByForm(page, stack.url);
      await subscribed;
      await sleep(AT_REST_AFTER_MS);
      const notice = page.getByRole("dialog").getByText("You signed in on Safari on iOS").waitFor();
      await logInByPhone(stack.url);
      const answeredAt = performance.now();
      await withPatience(notice);
      times.push(performance.now() - answeredAt);
      progress.at(times.length);
    }
    return times;
  } finally {
    progress.end();
    await browser.close();
  }
}

async function signInByForm(page: BrowserPage, url: string): Promise<void> {
  await page.context().clearCookies();
  await page.goto(url);
  await page.getByLabel("User name").fill("alice");
  await page.getByLabel("Password").fill(DEMO_PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByText("This device").waitFor();
}

function untilSubscribed(page: BrowserPage): Promise<void> {
  return new Promise((resolve) => {
    page.once("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        if (String(payload).includes("subscribe_success")) resolve();
      });
    });
  });
}

async function logInByPhone(url: string): Promise<void> {
  const headers = { "content-type": "application/json", "user-agent": PHONE };
  const body = JSON.stringify({ username: "alice", password: DEMO_PASSWORD });
  const { status } = await ask(url + LOGIN.path, { method: "POST", headers }, body);
  if (status !== 201) throw new Error(`the login is answered by ${String(status)}`);
}

function withPatience<Value>(value: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing was told within ${PATIENCE_MS} ms`)), PATIENCE_MS);
  });
  return Promise.race([value, tooLate]).finally(() => clearTimeout(timer));
}
