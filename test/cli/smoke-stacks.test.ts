import { describe, expect, test } from "vitest";
import { locate } from "../../cli/place.ts";
import { CHECKS, runSmoke } from "../../cli/smoke-run.ts";
import { startTestStack } from "../support/local-stack.ts";
import { runCommand } from "./run-users.ts";

const running = (): AbortSignal => new AbortController().signal;
const checks = CHECKS.filter(({ name }) => name.includes("too many"));
const runProcess = (args: readonly string[]) => runCommand("cli/smoke.ts", args);

describe("other stacks", () => {
  test("somebody's own app without passwords: direct logins, and a route of theirs behind the authorizer", async () => {
    const own = await startTestStack({ app: "test/support/own-app.ts" });
    try {
      const { apiUrl, ...at } = await locate({ kind: "local", port: own.port });
      expect(apiUrl).toBe(own.url);
      const options = { signal: running(), protectedRoute: "/reports" };
      await expect(runSmoke(at, options)).rejects.toThrow(
        "does not say where its API is; name it with --url",
      );
      const { rows, left } = await runSmoke(at, { ...options, url: `${own.url}/` });
      expect(rows.filter(({ outcome }) => outcome === "failed")).toEqual([]);
      expect(left).toEqual([]);
      expect(rows.find(({ check }) => check.includes("protected"))).toMatchObject({
        outcome: "passed",
        seen: "200, after the logout 403",
      });
      const skipped = rows.filter(({ outcome }) => outcome === "skipped").map(({ seen }) => seen);
      expect(skipped).toHaveLength(5);
      for (const seen of skipped) expect(seen).toMatch(/this stack/);
    } finally {
      await own.stop();
    }
  }, 240_000);

  test.each([
    [
      { sessionLimit: "3", atLimit: "displace" },
      "displace at 3: the first device reads 401 session_displaced",
    ],
    [{ sessionLimit: "2", atLimit: "deny" }, "deny at 2: 409 session_limit; the first device stays live"],
    [{ atLimit: "ask" }, "ask at 1: 409 session_limit; with takeover the first device reads 401"],
  ])(
    "a stack with the policy %j is checked by it",
    async (context, seen) => {
      const other = await startTestStack({ context });
      try {
        const at = await locate({ kind: "local", port: other.port });
        const { rows } = await runSmoke(at, { signal: running(), checks });
        expect(rows).toEqual([expect.objectContaining({ outcome: "passed" })]);
        expect(rows[0]?.seen).toContain(seen);
      } finally {
        await other.stop();
      }
    },
    240_000,
  );
});

describe("usage", () => {
  test("--help tells what it does, leaves and needs", async () => {
    const { code, stdout } = await runProcess(["--help"]);
    expect(code).toBe(0);
    for (const text of ["Usage: smoke", "--stack", "--url", "--protected", "removes them", "Exit code"])
      expect(stdout).toContain(text);
  });

  test.each([
    [["--url", "example.com"], "A URL begins with https://"],
    [["--url", "https://example.com/?a=1"], "A URL begins with https://"],
    [["--protected", "reports"], "Name a path, as in /reports, or a URL."],
    [["--region", "eu-central-1"], "name it with --stack"],
    [["--stack", "a", "--port", "3000"], "cannot be used with option '--port <port>'"],
  ])("%j is refused with a reason", async (args, message) => {
    const { code, stderr } = await runProcess(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
