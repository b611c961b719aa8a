import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import bcd from "@mdn/browser-compat-data" with { type: "json" };
import { build } from "esbuild";
import { Linter } from "eslint";
import { chromium, type Browser } from "playwright-core";
import ts from "typescript";
import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chromePath } from "../support/console-page.ts";
import { builtClient, CLIENT_FOLDER, configOf } from "./built-client.ts";

/** What the docstring of `watchSession` promises. */
const OLDEST = { safari: "15.4", safari_ios: "15.4", chrome: "100", firefox: "100" } as const;

/** Of each kind some that are newer than the oldest browsers, or that React Native lacks. */
const NEWER = [
  "AbortSignal.any",
  "AbortSignal.timeout",
  "AbortSignal.prototype.throwIfAborted",
  "Array.prototype.findLast",
  "Array.prototype.toSorted",
  "Map.groupBy",
  "Object.groupBy",
  "Object.hasOwn",
  "Promise.try",
  "Promise.withResolvers",
  "Set.prototype.union",
  "String.prototype.isWellFormed",
  "String.prototype.toWellFormed",
  "URL.canParse",
  "URL.parse",
  "reportError",
  "structuredClone",
];

/** In a page or a context: takes each of them away. */
function takeAway(names: readonly string[]): void {
  for (const name of names) {
    const path = name.split(".");
    const last = path.pop() ?? "";
    const holder = path.reduce<unknown>(
      (at, key) => (at as Record<string, unknown> | undefined)?.[key],
      globalThis,
    );
    if (holder !== undefined) Reflect.deleteProperty(holder as object, last);
  }
}

test("the built client has no syntax that is newer than the oldest browsers", () => {
  for (const [name, code] of builtClient()) {
    const problems = new Linter().verify(code, {
      languageOptions: { ecmaVersion: 2021, sourceType: "module" },
      linterOptions: { reportUnusedDisableDirectives: "off" },
    });
    expect([name, problems]).toEqual([name, []]);
  }
});

describe("what is used of a browser", () => {
  test.each([
    ["the client", "tsconfig.client.json", "client/", ["AbortController.abort", "PromiseConstructor.race"]],
    ["the console", "console/tsconfig.json", "console/src/", ["AbortController.abort", "Array.at"]],
  ])("is in MDN's tables for the oldest browsers: %s", (_, config, folder, some) => {
    const used = platformApisIn(configOf(config), folder);
    expect(used).toEqual(expect.arrayContaining(some));
    expect(used.filter((api) => tooNew(api).length > 0)).toEqual([]);
  });

  test("would be found there if it were newer", () => {
    expect(tooNew("AbortSignal.any")).toEqual(["safari", "safari_ios", "chrome", "firefox"]);
    expect(tooNew("AbortSignal.timeout")).toEqual(["safari", "safari_ios", "chrome"]);
    expect(tooNew("ReadonlyArray.toSorted")).toEqual(["safari", "safari_ios", "chrome", "firefox"]);
    expect(tooNew("MapConstructor.groupBy")).toEqual(["safari", "safari_ios", "chrome", "firefox"]);
  });
});

describe("without what is newer than the oldest platforms", () => {
  let server: Server;
  let browser: Browser;
  let url: string;
  let asked = 0;
  beforeAll(async () => {
    const modules = builtClient();
    server = createServer((request, response) => {
      const path = (request.url ?? "").slice(1);
      const code = modules.get(path);
      if (code !== undefined) return response.setHeader("content-type", "text/javascript").end(code);
      if (path === "") return response.setHeader("content-type", "text/html").end("<title>page</title>");
      asked++;
      response.writeHead(asked < 3 ? 200 : 401, { "content-type": "application/json" });
      return response.end(asked < 3 ? "{}" : '{"code":"session_displaced","by":{"device":"Firefox"}}');
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await chromium.launch({
      executablePath: await chromePath(),
      args: ["--no-sandbox", "--disable-gpu"],
    });
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });

  test("a browser's page asks, and is told that the session was displaced", async () => {
    asked = 0;
    const page = await browser.newPage();
    await page.addInitScript(takeAway, NEWER);
    await page.goto(url);
    expect(await page.evaluate(() => "any" in AbortSignal || "hasOwn" in Object)).toBe(false);
    const ended = await page.evaluate<unknown>(`
      import("/index.js").then(({ watchSession }) =>
        new Promise((onEnded) => watchSession({ onEnded, intervalMs: 20, signal: new AbortController().signal })))`);
    expect(ended).toEqual({ code: "session_displaced", by: { device: "Firefox" } });
    expect(asked).toBe(3);
  });

  test("an app of React Native, which has no document, location or URL, is told too", async () => {
    asked = 0;
    const ended = await inReactNative(`watchSession({
      onEnded, intervalMs: 20, url: ${JSON.stringify(`${url}/session`)}, page: appStatePage(AppState),
      fetch: (to, init) => fetch(to, { ...init, headers: { authorization: "Bearer token" } }),
    })`);
    expect(ended).toEqual({ code: "session_displaced", by: { device: "Firefox" } });
  });

  test("an app of React Native is told that its URL must be absolute", async () => {
    await expect(inReactNative("watchSession({ onEnded })")).rejects.toThrow(
      'url is "/session?watch=1"; accepted is a URL with http or https',
    );
  });
});

/**
 * Runs code with the built client in a context that has what React Native has, as far as a watch may need it.
 */
async function inReactNative(code: string): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [`${CLIENT_FOLDER}/index.ts`],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "client",
  });
  return new Promise((onEnded, reject) => {
    const context = createContext({
      setTimeout,
      clearTimeout,
      console,
      AbortController: OldAbortController,
      AppState: { currentState: "active", addEventListener: () => ({ remove: () => undefined }) },
      fetch: (to: string, { headers }: RequestInit) => fetch(to, headers === undefined ? {} : { headers }),
      onEnded: (ended: unknown) => onEnded({ ...(ended as object) }),
      NEWER,
    });
    try {
      runInContext(`(${takeAway.toString()})(NEWER); ${outputFiles[0]?.text ?? ""}`, context);
      runInContext(`{ const { watchSession, appStatePage } = client; ${code} }`, context);
    } catch (error) {
      reject(new Error(String(error)));
    }
  });
}

/** As React Native has it: no `reason`, no `throwIfAborted`, nothing static. */
class OldAbortController {
  readonly signal = {
    aborted: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  };
  abort(): void {
    this.signal.aborted = true;
  }
}

/**
 * The members of TypeScript's own libraries that the code of a folder names: `AbortController.abort`,
 * `fetch`.
 */
function platformApisIn({ fileNames, options }: ts.ParsedCommandLine, folder: string): string[] {
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const found = new Set<string>();
  function visit(node: ts.Node): void {
    if (ts.isIdentifier(node)) {
      for (const declaration of checker.getSymbolAtLocation(node)?.getDeclarations() ?? []) {
        if (!program.isSourceFileDefaultLibrary(declaration.getSourceFile())) continue;
        const owner = ts.isInterfaceDeclaration(declaration.parent) ? `${declaration.parent.name.text}.` : "";
        found.add(`${owner}${node.text}`);
      }
    }
    ts.forEachChild(node, visit);
  }
  // In full: the repository itself may lie in a folder of this name.
  const within = join(CLIENT_FOLDER, "..", folder);
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(within)) visit(file);
  return [...found];
}

/**
 * The oldest browsers that do not have it, by MDN; an entry that MDN lacks is a type or an option, not an
 * API.
 */
function tooNew(api: string): string[] {
  const [holder = "", member] = api.split(".");
  const owner = holder.replace(/^Readonly(?=Array|Map|Set)|Constructor$/g, "");
  const entry = bcd.api[owner] ?? bcd.javascript["builtins"]?.[owner];
  const feature = member === undefined ? entry : (entry?.[member] ?? entry?.[`${member}_static`]);
  const support = feature?.__compat?.support;
  if (support === undefined) return [];
  return Object.entries(OLDEST).flatMap(([name, oldest]) => {
    const statements = [support[name as keyof typeof OLDEST] ?? []].flat();
    return statements.some(({ version_added: since }) => isAtMost(since, oldest)) ? [] : [name];
  });
}

function isAtMost(since: string | false | undefined, oldest: string): boolean {
  if (typeof since !== "string") return false;
  const [major = 0, minor = 0] = since.replace("≤", "").split(".").map(Number);
  const [oldMajor = 0, oldMinor = 0] = oldest.split(".").map(Number);
  return major < oldMajor || (major === oldMajor && minor <= oldMinor);
}
