// The pages of the client have a document; Node.js has none.
/// <reference lib="dom" />
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { chromePath } from "../support/console-page.ts";

/** A page as people write it, with the components as they are. */
const PAGE = `
import { useState } from "react";
import { createRoot } from "react-dom/client";
import { createSessionClient } from "../../client/index.ts";
import { DevicePicker, SessionProvider, SignedOutNotice, useSession } from "../../client/react/index.ts";

function Page() {
  const { state, logIn, logOut } = useSession();
  const [limit, setLimit] = useState();
  const [chosen, setChosen] = useState("");
  if (limit) {
    return <DevicePicker sessions={limit.sessions} onCancel={() => setLimit(undefined)} className="picker"
      texts={{ end: "Sign these out" }}
      onChoose={async (choice) => {
        setChosen(JSON.stringify(choice));
        await limit.choose(choice);
        setLimit(undefined);
      }} />;
  }
  return <main>
    <SignedOutNotice className="notice" />
    <p id="status">{state.status} {chosen}</p>
    <button onClick={async () => {
      const answer = await logIn({ username: "alice", password: "x" });
      if (answer.outcome === "session-limit") setLimit(answer);
    }}>Log in</button>
    <button onClick={() => void logOut()}>Log out</button>
  </main>;
}
function Own() {
  return <SignedOutNotice>{({ ended, text, leave }) => <b onClick={leave}>{ended.code}: {text}</b>}</SignedOutNotice>;
}
const client = createSessionClient({ fetch: (url, init) => window.answer(url, init) });
createRoot(document.querySelector("#root")).render(
  <SessionProvider client={client} intervalMs={20}><Page /><Own /></SessionProvider>);
`;

const SESSION = (id: string, label: string) => ({
  ...{ id, createdAt: "2026-11-01T09:00:00Z", lastSeenAt: "2026-11-01T10:00:00Z" },
  ...{ idleExpiresAt: "2026-11-02T09:00:00Z", expiresAt: "2026-11-02T09:00:00Z" },
  device: { label, class: "desktop" },
});
const SIGNED_IN = {
  ...{ user: { id: "alice", isAdmin: false, permissions: [] }, session: SESSION("S", "Chrome") },
  displaced: [],
};

/** What the page's API answers, by route; as text, since it goes into the page. */
type Answers = Record<string, { readonly status: number; readonly body: unknown }>;

let browser: Browser;
let script: string;
let page: Page;
const violations: string[] = [];
beforeAll(async () => {
  const { outputFiles } = await build({
    stdin: { contents: PAGE, resolveDir: import.meta.dirname, loader: "tsx" },
    bundle: true,
    write: false,
    format: "iife",
    jsx: "automatic",
    absWorkingDir: join(import.meta.dirname, "../.."),
    define: { "process.env.NODE_ENV": '"development"' },
  });
  script = outputFiles[0]!.text;
  browser = await chromium.launch({
    executablePath: await chromePath(),
    args: ["--no-sandbox", "--disable-gpu"],
  });
});
afterAll(() => browser.close());
beforeEach(async () => {
  page = await browser.newPage();
  violations.splice(0);
  page.on("pageerror", (error) => void violations.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") violations.push(message.text());
  });
});

async function open(answers: Answers): Promise<void> {
  await page.setContent('<div id="root"></div>');
  await answer(answers);
  await page.addScriptTag({ content: script });
}

/** What the API answers from now on. */
const answer = (answers: Answers): Promise<void> =>
  page.evaluate((told) => {
    const target = globalThis as unknown as { answer: unknown };
    target.answer = (url: string, { method }: { method?: string }) => {
      const { status, body } = told[`${method ?? "GET"} ${url.replace(/\?.*/, "")}`]!;
      const headers = { "content-type": status < 400 ? "application/json" : "application/problem+json" };
      return Promise.resolve(new Response(status === 204 ? null : JSON.stringify(body), { status, headers }));
    };
  }, answers);

const status = () => page.locator("#status").textContent();

test("a page is told that it was signed out and why, and leads to the sign-in", async () => {
  await open({ "GET /session": { status: 200, body: SIGNED_IN } });
  await page.getByText("signed-in").waitFor();
  expect(await page.locator(".notice").count()).toBe(0);
  const body = {
    code: "session_displaced",
    endedAt: "2026-11-01T10:00:00Z",
    by: { device: "Safari on iOS" },
  };
  await answer({ "GET /session": { status: 401, body } });
  const notice = page.locator(".notice");
  await notice.waitFor();
  expect(await notice.textContent()).toMatch(
    /^You signed in on Safari on iOS at .+, so this page was signed out/,
  );
  expect(await notice.evaluate((element) => element === document.activeElement)).toBe(true);
  expect(await page.locator("b").textContent()).toMatch(/^session_displaced: You signed in on Safari/);
  await page.getByRole("button", { name: "Sign in again" }).click();
  expect(await status()).toBe("signed-out ");
  expect(await notice.count()).toBe(0);
  expect(violations).toEqual([]);
});

test("at the limit the chosen devices are signed out; none chosen is said", async () => {
  const sessions = [SESSION("one", "Chrome on Windows"), SESSION("two", "Safari on iOS")];
  await open({
    "GET /session": { status: 401, body: { code: "no_session" } },
    "POST /login": { status: 409, body: { code: "session_limit", atLimit: "ask", sessions } },
  });
  await page.getByRole("button", { name: "Log in" }).click();
  const end = page.getByRole("button", { name: "Sign these out" });
  await end.click();
  expect(await page.getByRole("alert").textContent()).toBe("Choose at least one device.");
  await page.getByLabel("Safari on iOS").check();
  expect(await page.getByRole("alert").count()).toBe(0);
  await answer({
    "GET /session": { status: 200, body: SIGNED_IN },
    "POST /login": { status: 201, body: SIGNED_IN },
    "POST /logout": { status: 204, body: null },
  });
  await end.click();
  await page.getByText("signed-in").waitFor();
  expect(await status()).toBe('signed-in {"end":["two"]}');
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByText("signed-out").waitFor();
  expect(violations).toEqual([]);
});
