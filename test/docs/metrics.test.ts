import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { METRICS } from "../../src/runtime/function-settings.ts";

/** The names in the first column of the table whose header begins so. */
function firstColumn(path: string, header: string): string[] {
  const page = readFileSync(join(PROJECT_FOLDER, path), "utf8");
  const [, table = ""] = page.split(new RegExp(`^\\| ${header} .*\\n`, "m"));
  const rows = table.split("\n\n")[0] ?? "";
  return [...rows.matchAll(/^\| ([^|]+)/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name),
  );
}

test.each([
  ["docs/reference/telemetry.md", "metric"],
  ["docs/operate/monitor.md", "metric"],
])("%s has every metric, and no other", (path, header) => {
  expect(firstColumn(path, header).sort()).toEqual([...METRICS.names].sort());
});
