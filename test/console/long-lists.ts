import { join } from "node:path";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { HIGHEST_RATE } from "../../src/jobs/job.ts";
import { jobKey } from "../../src/jobs/jobs-table.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import { findUsers } from "../support/console-page.ts";
import { testClient } from "../support/dynamodb.ts";
import { jobsOf, jobsTableOf } from "../support/run-job.ts";
import { seedSessions } from "../support/seed-sessions.ts";
import { MINUTE } from "../support/store.ts";
import { console } from "./shared-console.ts";

/** More than are logged out batch by batch. */
const USERS = 1205;
const OTHERS = ["alice", "bob", "carol", "staff", "admin", "boss"];
const LONG = { timeout: 90_000 };
/** `SHOTS=/tmp/shots npx vitest run test/console -t "long lists"` for looking at the pages. */
const SHOTS = process.env["SHOTS"];

let page: Page;
let jobs: JobStore;
const documents = testClient();

describe("long lists", () => {
  beforeAll(async () => {
    await console.stack.invoke("admin-logout", { userIds: OTHERS, includeAdmins: true });
    await seedSessions(
      documents,
      console.stack.tables["SessionsTableName"] ?? "",
      { era: "1", timeouts: { idle: 90 * MINUTE, absolute: 90 * MINUTE }, logoutAllSessions: true },
      Array.from({ length: USERS }, (_, index) => ({ userId: `listed-${index}`, sessions: 1 })),
    );
    jobs = jobsOf(documents, console.stack);
    page = await console.open({ as: "staff" });
    page.setDefaultTimeout(LONG.timeout);
  }, 300_000);
  afterAll(async () => {
    await console.closePages();
    documents.destroy();
  });
  afterEach(() => expect(console.violations()).toEqual([]));

  async function shoot(name: string): Promise<void> {
    if (SHOTS === undefined) return;
    const size = page.viewportSize() ?? { width: 1280, height: 720 };
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      await page.screenshot({ path: join(SHOTS, `${name}-${width}.png`) });
    }
    await page.setViewportSize(size);
  }

  /** A job of three users who have no sessions, that has not run. */
  async function madeJob(): Promise<string> {
    const request = { actor: "operator:carol", includeAdmins: false, dryRun: false, rate: HIGHEST_RATE };
    const made = await jobs.create({ ...request, reason: "leaked passwords" });
    await jobs.writeStep(made, 0, ["nobody-1", "nobody-2", "nobody-3"]);
    await jobs.start(made.id, { users: 3, steps: 1 });
    return made.id;
  }

  const open = (path: string): Promise<unknown> => page.goto(`${console.url}/#${path}`);
  const fact = (label: string) =>
    page.locator("dt", { hasText: label }).locator("xpath=following-sibling::dd[1]").first();

  test("of everybody selected are logged out by a job, which is found again after the tab was closed", async () => {
    await open("/users");
    await page
      .getByRole("checkbox", { name: "Select all users of this page", disabled: false })
      .check({ force: true });
    await page.getByRole("button", { name: "Select everybody who is signed in" }).click();
    await page.getByText(`${(USERS + 1).toLocaleString("en")} users selected`, { exact: true }).waitFor(LONG);
    // The one who does it stays.
    await findUsers(page, "staff");
    await page.getByRole("checkbox", { name: "Select staff" }).uncheck({ force: true });
    await page.getByRole("button", { name: "Actions" }).click();
    await page.getByRole("menuitem", { name: "Log out 1,205 users on all sessions" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("you may close this page").waitFor();
    await dialog.getByLabel("Reason").fill("leaked passwords");
    await shoot("confirm");

    // A failure says that nothing has begun, and the dialog stays.
    const before = await jobs.list(1);
    const refusal = { status: 403, code: "permission_required", detail: "" };
    await page.route(
      "**/admin/jobs",
      (route) => route.fulfill({ status: 403, contentType: "application/problem+json", json: refusal }),
      { times: 1 },
    );
    await dialog.getByRole("button", { name: "Log out", exact: true }).click();
    await dialog.getByRole("alert").waitFor();
    expect(await jobs.list(1)).toEqual(before);

    const sent: string[] = [];
    page.on("request", (request) => sent.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await dialog.getByRole("button", { name: "Log out", exact: true }).click();
    await page.getByRole("heading", { name: "Log-out of 1,205 users" }).waitFor(LONG);
    const [id] = /\d{8}T\d{6}-[0-9a-f]{12}$/.exec(page.url()) ?? [];
    expect(sent.filter((call) => call.startsWith("POST"))).toEqual(["POST /admin/jobs"]);
    await page.getByRole("progressbar").waitFor();
    await shoot("running");

    const context = page.context();
    await page.close();
    page = await context.newPage();
    page.setDefaultTimeout(LONG.timeout);
    await open("/jobs");
    const link = page.getByRole("link", { name: /of 1,205 users$/ });
    await link.waitFor();
    await shoot("jobs");
    await link.click();
    expect(page.url()).toContain(id);
    await fact("State").getByText("Finished").waitFor(LONG);
    await page.getByText("1,205 users, 1,205 sessions").waitFor();
    await shoot("finished");
    expect(await jobs.get(id ?? "")).toMatchObject({
      ...{ state: "finished", users: USERS, usersDone: USERS, loggedOut: USERS, sessionCount: USERS },
      ...{ actor: "staff", reason: "leaked passwords", includeAdmins: false },
    });
    await open("/users");
    await expect.poll(() => page.getByRole("rowheader").allTextContents(), LONG).toEqual(["staff"]);
  }, 300_000);

  test("that stopped before their end say how many are left, and go on", async () => {
    const id = await madeJob();
    await jobs.end(id);
    await open(`/jobs/${id}`);
    await page.getByText("3 users left").waitFor();
    await shoot("unfinished");
    await page.getByRole("button", { name: "Go on" }).click();
    await fact("State").getByText("Finished").waitFor(LONG);
    expect(await jobs.get(id)).toMatchObject({ state: "finished", unknown: 3, runs: 2 });
  }, 120_000);

  test("whose run seems to be lost say so; one that runs is shown above the list of users", async () => {
    const id = await madeJob();
    await open("/users");
    await page.getByRole("link", { name: "A list is being logged out: 0 of 3 users are done" }).click();
    await page.getByText("It goes on by itself").waitFor();
    await documents.send(
      new UpdateCommand({
        ...{ TableName: jobsTableOf(console.stack), Key: jobKey(id) },
        UpdateExpression: "SET updatedAt = :then",
        ExpressionAttributeValues: { ":then": Date.now() - 16 * MINUTE },
      }),
    );
    await page.getByText("Its run seems to be lost").waitFor(LONG);
    await page.context().setOffline(true);
    await page.getByText("You are offline").waitFor();
    await shoot("lost");
    await page.context().setOffline(false);
    await page.getByRole("button", { name: "Go on" }).click();
    await fact("State").getByText("Finished").waitFor(LONG);
  }, 120_000);

  test("that are not there any more say so", async () => {
    await open("/jobs/20261101T071500-3f9a2c1b77d0");
    await page.getByText("There is no such list.").waitFor();
  });

  test("are listed in Dutch too", async () => {
    await page.getByRole("button", { name: "Language" }).click();
    await page.getByRole("menuitemcheckbox", { name: "Nederlands" }).click();
    await open("/jobs");
    await page.getByRole("heading", { name: "Lange lijsten" }).waitFor();
    await page.getByText("1.205 gebruikers, 1.205 sessies").waitFor();
    await shoot("nederlands");
  });
});
