// Long: started first.
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addDemoUsers, CHROME_ON_WINDOWS, FIREFOX_ON_MACOS, HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/** From what devices do to whom an administrator sees, through everything that is deployed, in real time. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TOLD = { timeout: 15 * SECOND, interval: 200 };
/** Of another network than the stack's own address; on Linux all of 127.0.0.0/8 is this machine. */
const ELSEWHERE = "127.0.9.9";

let stack: TestStack;
let admin: HttpClient;
beforeAll(async () => {
  stack = await startTestStack({ context: { console: "false" } });
  await addDemoUsers(stack);
  admin = new HttpClient(stack.url);
  await admin.login("admin");
});
afterAll(() => stack.stop());

interface Listed {
  readonly userId: string;
  readonly suspicions: readonly string[];
  readonly lastAt: string;
  readonly devices: readonly { readonly label: string }[];
}

async function suspectNamed(userId: string): Promise<Listed | undefined> {
  const answer = await admin.call("GET", "/admin/suspects");
  const { suspects } = answer.body as { suspects: Listed[] };
  return suspects.find((suspect) => suspect.userId === userId);
}

/** Logs in on a phone and a laptop by turns. */
async function takeTurns(userName: string, logins: number): Promise<void> {
  const devices = [new HttpClient(stack.url), new HttpClient(stack.url, FIREFOX_ON_MACOS)];
  for (let turn = 0; turn < logins; turn++)
    expect((await devices[turn % 2]!.login(userName)).status).toBe(201);
}

/** Asks who is signed in, with a copied cookie, from another network. @returns the status. */
const askElsewhere = (cookie: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = { cookie: `__Host-session=${cookie}`, "user-agent": FIREFOX_ON_MACOS };
    request(`${stack.url}/session`, { headers, localAddress: ELSEWHERE }, (response) => {
      response.resume().once("end", () => resolve(response.statusCode));
    })
      .once("error", reject)
      .end();
  });

test("two people who share an account are suspects; one with a phone and a laptop by turns is none", async () => {
  await takeTurns("alice", 6);
  await takeTurns("bob", 4);
  await vi.waitFor(async () => expect(await suspectNamed("alice")).toBeDefined(), TOLD);
  const alice = await suspectNamed("alice");
  expect(alice?.suspicions).toEqual(["displacements"]);
  expect(alice?.devices.map(({ label }) => label).toSorted()).toEqual([
    "Chrome on Windows",
    "Firefox on macOS",
  ]);
  // What came after has been told as well by now.
  const told = async (): Promise<unknown> =>
    ((await admin.call("GET", "/admin/activity?userId=bob&kind=started")).body as { activity: unknown[] })
      .activity;
  await vi.waitFor(async () => expect(await told()).toHaveLength(4), TOLD);
  expect(await suspectNamed("bob")).toBeUndefined();
});

test.runIf(process.platform === "linux")(
  "a copied cookie that two clients use each ten seconds is among the suspects within a minute",
  { timeout: 3 * MINUTE },
  async () => {
    const owner = new HttpClient(stack.url, CHROME_ON_WINDOWS);
    await owner.login("staff");
    const cookie = owner.cookie() ?? "";
    let copiedAt: number | undefined;
    let found: Listed | undefined;
    // Longer than a minute: a busy machine asks more rarely.
    const until = performance.now() + 2 * MINUTE;
    while (found === undefined && performance.now() < until) {
      expect((await owner.session()).status).toBe(200);
      await sleep(5 * SECOND);
      copiedAt ??= Date.now();
      expect(await askElsewhere(cookie)).toBe(200);
      await sleep(5 * SECOND);
      found = await suspectNamed("staff");
    }
    expect(found).toMatchObject({ suspicions: ["places"] });
    expect(Date.parse(found?.lastAt ?? "") - (copiedAt ?? 0)).toBeLessThanOrEqual(MINUTE);
    expect(found?.devices.map(({ label }) => label).toSorted()).toEqual([
      "Chrome on Windows",
      "Firefox on macOS",
    ]);
  },
);
