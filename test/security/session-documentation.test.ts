import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../infra/settings/settings.ts";
import { FRESH_MS } from "../../src/identity/id-token.ts";
import { AT_LIMIT, HIGHEST_LIMIT } from "../../src/sessions/policy.ts";

/** With tables' padding taken away. */
const text = readFileSync(
  join(import.meta.dirname, "../../docs/design/session-management.md"),
  "utf8",
).replaceAll(/ +/g, " ");
const { functions: settings } = readSettings({});
const minutes = (milliseconds: unknown): string => `${Number(milliseconds) / 60_000} minutes`;

describe("ASVS 7.1.1", () => {
  test("the documented timeouts are those of a deployment that sets nothing", () => {
    const { idle, absolute } = settings.timeouts;
    expect(text).toContain(`| \`idleTimeout\` | ${minutes(idle)} |`);
    expect(text).toContain(`| \`absoluteTimeout\` | ${minutes(absolute)} |`);
    expect(text).toContain(`| \`reauthWithin\` | ${minutes(settings.reauthWithin)} |`);
  });
});

describe("ASVS 7.1.2", () => {
  test("the documented limit and behaviours are those there are", () => {
    const rows = [...text.matchAll(/^\| `(\w+)` \| (?:the new login|409)/gm)].map(([, name]) => name);
    expect(rows).toEqual([...AT_LIMIT]);
    const { policy } = settings;
    expect("limit" in policy && text).toContain(
      `at most ${"limit" in policy ? policy.limit : 0} session unless`,
    );
    expect("atLimit" in policy && policy.atLimit).toBe(/^\| `(\w+)` .*The default \|$/m.exec(text)?.[1]);
    expect(text).toContain(`\`sessionLimit\` is 1 to ${HIGHEST_LIMIT}`);
  });
});

describe("ASVS 7.1.3", () => {
  test("the documented freshness of a federated authentication is the one that is checked", () => {
    expect(text).toContain(`at most ${minutes(FRESH_MS)} old`);
  });
});
