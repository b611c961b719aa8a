import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPasswordHasher } from "../../src/identity/password-hash.ts";
import { SessionToken } from "../../src/sessions/token.ts";
import { scanRecording } from "../support/log-scan/report.ts";
import { SecretScanner } from "../support/log-scan/scanner.ts";

/** Made here without the class that the run's own scan watches: the lines below are no lines of a log. */
const newToken = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url");

const TOKEN = newToken();
const PASSWORD = 'käse & "brot" 1,50 €';
const ID = SessionToken.parse(TOKEN)?.sessionId("1") ?? "";
const scanner = new SecretScanner([
  [TOKEN, "issued"],
  [PASSWORD, "password"],
  ...Array.from({ length: 1000 }, () => [newToken(), "issued"] as const),
]);

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const escaped = (text: string): string =>
  Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

describe("a line that shows a secret is found:", () => {
  test.each([
    ["a token as it is", `{"message":"call","token":"${TOKEN}"}`],
    ["a token within a word", `session-${TOKEN}-x`],
    ["the beginning of a token", `token ${TOKEN.slice(0, 20)}...`],
    ["a token in base64", `authorization: Basic ${base64(`alice:${TOKEN}`)}`],
    ["a token in base64 behind other letters", `x${base64(TOKEN)}`],
    ["a token in JSON in base64url", Buffer.from(JSON.stringify({ state: TOKEN })).toString("base64url")],
    ["a token in a URL's parameter", `GET /?next=%2Fa%3Ftoken%3D${TOKEN}%26b`],
    ["a token in JSON's escapes", `{"cause":"${escaped(TOKEN)}"}`],
    ["a token in JSON in JSON", JSON.stringify({ event: JSON.stringify({ cookies: [`a=${TOKEN}`] }) })],
    ["a password as it is", `refused ${PASSWORD} of alice`],
    ["a password in JSON", JSON.stringify({ body: JSON.stringify({ password: PASSWORD }) })],
    ["a password in a form", `body: password=${encodeURIComponent(PASSWORD)}`],
    ["a password in base64", `body: ${base64(JSON.stringify({ password: PASSWORD }))}`],
  ])("%s", (_, line) => {
    const found = scanner.find(line);
    expect(found).toBeDefined();
    expect(found?.masked).not.toContain(TOKEN.slice(0, 16));
    expect(found?.masked).not.toContain(PASSWORD);
  });

  test.each([
    ["a session cookie", `cookie: __Host-session=${newToken()}`],
    ["a device cookie", `__Host-device=${newToken()}; Path=/`],
    ["a bearer token", `authorization: Bearer ${newToken()}`],
    ["a JSON Web Token", `eyJhbGciOiJub25lIn0.${base64('{"sub":"somebody"}').replaceAll("=", "")}.AA`],
  ])("%s that no test used", (_, line) => {
    expect(scanner.find(line)?.masked).toContain("[secret]");
  });

  test("a password's hash", async () => {
    const hash = await createPasswordHasher().hash("never seen anywhere");
    expect(scanner.find(`ConditionalCheckFailed: {"passwordHash":{"S":"${hash}"}}`)?.what).toBe(
      "a password hash",
    );
  });
});

describe("a line that shows none passes:", () => {
  test.each([
    ["a session's id", `{"message":"call","userId":"alice","sessionId":"${ID}","durationMs":12.5}`],
    ["an id in base64", base64(`session#${ID}`)],
    ["a stack trace", "at Object.handler (/var/task/index.mjs:1:23456)"],
    ["part of a password", "käse"],
  ])("%s", (_, line) => {
    expect(scanner.find(line)).toBeUndefined();
  });

  test("a session's id that a client presented as a token, where logs name sessions, and nowhere else", () => {
    const presented = new SecretScanner([[ID, "presented"]]);
    expect(presented.find(`{"sessionId":"${ID}"}`)).toBeUndefined();
    expect(presented.find(`{"detail":"${ID} is no token"}`)?.what).toBe("presented secret");
  });
});

describe("the scan of a run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-scan-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const leave = (file: string, ...rows: unknown[]): void =>
    writeFileSync(
      join(folder, file),
      [["file", `test/${file}.test.ts`], ...rows].map((row) => `${JSON.stringify(row)}\n`).join(""),
    );

  test("finds in one test file's lines what another one used, and names the file with the secret masked", () => {
    leave("one", ["secret", "issued", TOKEN], ["line", "log", "nothing to see"]);
    leave("two", ["line", "log", `token ${TOKEN}`]);
    const { outcome, text } = scanRecording(folder);
    expect(outcome).toBe("leaked");
    expect(text).toContain("test/two.test.ts: issued secret: token [secret]");
    expect(text).not.toContain(TOKEN);
  });

  test("says how much was searched for how much where nothing is shown", () => {
    leave("one", ["secret", "issued", TOKEN], ["line", "log", "nothing"], ["line", "log", `id ${ID}`]);
    expect(scanRecording(folder)).toEqual({
      outcome: "clean",
      text: "Log scan: 2 log lines of 1 test files searched for 1 secrets: none is shown.",
    });
  });

  test("lets a terminal, and no log, show the demo users' password", () => {
    const demo = "local-demo-only";
    leave("one", ["secret", "password", demo], ["line", "terminal", `Demo users: alice (${demo})`]);
    expect(scanRecording(folder).outcome).toBe("clean");
    leave("two", ["line", "log", `Demo users: alice (${demo})`]);
    expect(scanRecording(folder).outcome).toBe("leaked");
  });

  test("searches 5,000 lines for 20,000 secrets within seconds", () => {
    leave("one", ...Array.from({ length: 20_000 }, () => ["secret", "issued", newToken()]));
    const line = (): string =>
      `{"message":"call","route":"POST /login","sessionId":"${newToken()}","requestId":"${newToken()}"}`;
    leave("two", ...Array.from({ length: 5_000 }, () => ["line", "log", line()]));
    const startedAt = performance.now();
    expect(scanRecording(folder).outcome).toBe("clean");
    expect(performance.now() - startedAt).toBeLessThan(30_000);
  });
});
