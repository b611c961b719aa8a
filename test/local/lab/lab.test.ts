// Long: started first.
/** The lab in a real browser before a local stack. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import {
  chromium as playwright,
  type Browser,
  type FrameLocator,
  type Locator,
  type Page,
} from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../../cli/demo-users.ts";
import { startDynamoDbLocal, type DynamoDbLocal } from "../../../local/dynamodb-local.ts";
import type { LabState } from "../../../local/lab/shapes.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { chromePath, thisDevice } from "../../support/console-page.ts";
import { addDemoUsers, HttpClient } from "../../support/http-client.ts";
import { localDocuments } from "../../support/local-client.ts";
import { startTestStack, synthesizeOnce, type TestStack } from "../../support/local-stack.ts";

const ACTION_TIMEOUT_MS = 60_000;
const LONG_MS = 300_000;

let database: DynamoDbLocal;
let stack: TestStack;
let browser: Browser;
beforeAll(async () => {
  const lab = { users: ["alice", "bob"], password: DEMO_PASSWORD };
  // Of its own: what other files write would stand in the queue before the logins that race here.
  const [started, executablePath] = await Promise.all([startDynamoDbLocal(), chromePath(), synthesizeOnce()]);
  database = started;
  stack = await startTestStack({ lab, databaseEndpoint: database.endpoint });
  await addDemoUsers(stack);
  browser = await playwright.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}, LONG_MS);
afterAll(async () => {
  await browser.close();
  await stack.stop();
  await database.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

/** The lab as one gets to it from the address that the banner names. */
async function openLab(
  options: { width?: number; height?: number; colorScheme?: "light" | "dark" } = {},
): Promise<{ page: Page; faults: string[] }> {
  const { width = 1440, height = 900, colorScheme = "light" } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(ACTION_TIMEOUT_MS);
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    // What the API answers is for the promises to judge; here are the page's own faults.
    const isAnswer = message.text().startsWith("Failed to load resource: ");
    if (message.type() === "error" && !isAnswer) faults.push(message.text());
  });
  await page.goto(stack.labUrl ?? "");
  await page.waitForURL(`http://lab.localhost:${stack.port}/_local`);
  for (const number of [1, 2]) await deviceIn(page, number).getByText("Sign in as alice").waitFor();
  return { page, faults };
}

const deviceIn = (page: Page, number: number): FrameLocator =>
  page.frameLocator(`iframe[title^="Device ${number}"]`);
const consoleIn = (page: Page, number: number): FrameLocator => deviceIn(page, number).frameLocator("iframe");
const scenario = (page: Page, id: string): Locator => page.locator(`#${id}`);

async function settled(page: Page, id: string): Promise<{ is: string | null; seen: string }> {
  const item = scenario(page, id);
  await expect
    .poll(() => item.getAttribute("data-is"), { timeout: LONG_MS / 2, interval: 200 })
    .toMatch(/^(kept|broken)$/);
  return {
    is: await item.getAttribute("data-is"),
    seen: (await item.locator(".seen").textContent()) ?? "",
  };
}

test(
  "a sign-in on one device displaces the other, whose own page and strip say why",
  async () => {
    const { page, faults } = await openLab();
    await deviceIn(page, 1).getByRole("button", { name: "Sign in as alice" }).click();
    await deviceIn(page, 1).getByText("signed in as alice").waitFor();
    await thisDevice(consoleIn(page, 1)).waitFor();
    const tables = page.locator("#tables");
    await tables.locator('tr[data-live="true"]', { hasText: "Chrome on Windows" }).waitFor();

    // By the console's own form this time.
    const console = consoleIn(page, 2);
    await console.getByLabel("User name").fill("alice");
    await console.getByLabel("Password").fill(DEMO_PASSWORD);
    await console.getByRole("button", { name: "Sign in", exact: true }).click();
    await thisDevice(console).waitFor();

    await consoleIn(page, 1).getByRole("dialog").getByText("Safari on iOS").waitFor();
    await deviceIn(page, 1).getByText("displaced by Safari on iOS").waitFor();
    await deviceIn(page, 2).getByText("signed in as alice").waitFor();
    await tables.locator('tr[data-mark="gone"]', { hasText: "Chrome on Windows" }).waitFor();
    await tables.locator('tr[data-mark="new"]', { hasText: "displaced" }).waitFor();
    expect(await tables.locator('tr[data-live="true"]:not([data-mark="gone"])').count()).toBe(1);
    expect(faults).toEqual([]);
  },
  LONG_MS,
);

test(
  "a device that is there before the other does not ask it too early: what happens is shown",
  async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await page.goto(stack.labUrl ?? "");
    await page.waitForURL(`http://lab.localhost:${stack.port}/_local`);
    const second = await page.locator('iframe[title^="Device 2"]').getAttribute("src");
    const late = await context.newPage();
    late.setDefaultTimeout(ACTION_TIMEOUT_MS);
    await late.route(String(second), async (route) => {
      await deviceIn(late, 1).getByText("Sign in as alice").waitFor();
      await route.continue();
    });
    await late.goto(page.url());
    await late.locator("#tables table").first().waitFor();
    await deviceIn(late, 2).getByText("Sign in as alice").waitFor();
  },
  LONG_MS,
);

test(
  "a device's own page takes neither the focus nor the place on the lab's page",
  async () => {
    const { page } = await openLab({ width: 390, height: 844 });
    const button = scenario(page, "administrator").getByRole("button");
    const where = () =>
      button.evaluate((own) => [own === own.ownerDocument.activeElement, own.getBoundingClientRect().top]);
    await button.focus();
    const before = await where();
    for (const number of [1, 2]) await consoleIn(page, number).getByLabel("User name").waitFor();
    expect(await where()).toEqual(before);
    await button.press("Enter");
    await settled(page, "administrator");
    await consoleIn(page, 1).getByRole("dialog").waitFor();
    expect(await where()).toEqual(before);
    // Who is in the frame meets the console as it is: an empty form leads to its first field.
    const userName = consoleIn(page, 2).getByLabel("User name");
    await consoleIn(page, 2).getByRole("button", { name: "Sign in", exact: true }).click();
    await expect.poll(() => userName.evaluate((own) => own.matches(":focus"))).toBe(true);
  },
  LONG_MS,
);

test(
  "every promise is kept, and the usual way is seen to leave several",
  async () => {
    const { page, faults } = await openLab();
    await page.getByRole("button", { name: "Add a device" }).click();
    await deviceIn(page, 3).getByText("Sign in as alice").waitFor();
    await page.getByRole("button", { name: "Run all" }).press("Enter");
    const ids = await page.locator(".scenarios > li").evaluateAll((items) => items.map(({ id }) => id));
    expect(ids).toHaveLength(8);
    for (const id of ids) {
      const { is, seen } = await settled(page, id);
      expect({ id, is, seen }).toMatchObject({ id, is: "kept" });
    }
    const live = await scenario(page, "eight-at-once")
      .locator("figure")
      .evaluateAll((figures) => figures.map((figure) => Number(figure.getAttribute("data-live"))));
    expect(live[0]).toBe(1);
    expect(live[1]).toBeGreaterThan(1);
    expect(faults).toEqual([]);
  },
  LONG_MS,
);

test(
  "a promise that was not kept is red: here somebody else signs in before the table is read",
  async () => {
    const { page } = await openLab();
    // Somebody else signs in between the lab's sign-in and its look at the table.
    await page.route("**/_local/calls/disarm", async (route) => {
      await new HttpClient(stack.url).login("alice");
      await route.continue();
    });
    await scenario(page, "lost-answer").getByRole("button").click();
    const { is, seen } = await settled(page, "lost-answer");
    expect({ is, seen }).toMatchObject({ is: "broken", seen: expect.stringContaining("✗ Seen") as string });
  },
  LONG_MS,
);

test(
  "what is drawn is what was sent: the sessions of the drawing are those of the table",
  async () => {
    const { page } = await openLab();
    await deviceIn(page, 1).getByRole("button", { name: "Sign in as alice" }).click();
    await deviceIn(page, 1).getByText("signed in as alice").waitFor();
    await deviceIn(page, 2).getByRole("button", { name: "Sign in as alice" }).click();
    await deviceIn(page, 2).getByText("signed in as alice").waitFor();
    const state = (await page.evaluate(async (): Promise<unknown> =>
      (await fetch("/_local/state?user=alice")).json(),
    )) as LabState;
    const [session] = state.tables.sessions;
    const documents = localDocuments(stack.databaseEndpoint);
    const stored = await documents.send(
      new GetCommand({ TableName: stack.tables["SessionsTableName"], Key: sessionKey(session?.id as never) }),
    );
    expect(stored.Item).toMatchObject({ userId: "alice", createdAt: session?.createdAt });
    documents.destroy();

    const drawn = state.transactions.findLast(({ sender }) => sender === "login");
    const part = (kind: string, action: string) =>
      drawn?.parts.find((each) => each.kind === kind && each.action === action);
    expect(drawn?.outcome).toBe("committed");
    expect(part("session", "put")).toMatchObject({
      item: `session ${session?.id.slice(0, 8)}`,
      condition: "attribute_not_exists(pk)",
      does: "begins: Safari on iOS",
      outcome: "held",
    });
    expect(part("roster", "put")?.does).toContain("lists 1 session");
    expect(part("ending", "put")?.does).toContain("displaced");
    expect(part("session", "delete")?.does).toBe("is ended");
    // And the page draws it.
    const drawing = page.locator("#transaction .drawing");
    await drawing.getByText(`session ${session?.id.slice(0, 8)}`).waitFor();
    await drawing.getByText("All of it: committed").waitFor();
  },
  LONG_MS,
);

describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
  test(
    "no rule of accessibility is broken, and nothing is wider than a phone's screen",
    async () => {
      const { page } = await openLab({ width: 390, height: 844, colorScheme });
      await scenario(page, "administrator").getByRole("button").click();
      await settled(page, "administrator");
      await page.locator("#transaction .drawing").waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      // The console in the frames has tests of its own.
      const { violations } = await new AxeBuilder({ page }).exclude("iframe").analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    },
    LONG_MS,
  );
});

/** `PICTURES=docs/pictures npx vitest run test/local/lab -t picture` makes that of the documentation. */
const FOLDER = process.env["PICTURES"] ?? "";

test.runIf(FOLDER !== "")(
  "picture",
  async () => {
    const { page } = await openLab({ width: 1120, height: 720 });
    await scenario(page, "eight-at-once").getByRole("button").click();
    await settled(page, "eight-at-once");
    await scenario(page, "same-instant").getByRole("button").click();
    await settled(page, "same-instant");
    for (const number of [1, 2])
      await consoleIn(page, number)
        .getByText(/This device|so this device/)
        .first()
        .waitFor();
    await mkdir(FOLDER, { recursive: true });
    await page.screenshot({ path: join(FOLDER, "lab.png"), animations: "disabled", caret: "hide" });
  },
  LONG_MS,
);
