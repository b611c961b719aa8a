import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { PRICES } from "../../docs/.vitepress/cost/prices.ts";
import { ALARM_NAMES, ALARMS, OBJECTIVE_ALARMS, runbookOf } from "../../infra/monitor/alarms.ts";
import { QUERIES } from "../../infra/monitor/queries.ts";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";
import { appStack, resourcesOf } from "../infra/support.ts";
import { readPages } from "./pages.ts";

const FOLDER = "docs/operate/alarms";
const SECTIONS = ["What it means", "What to look at", "What to do", "When it is over"];

const pages = (await readPages()).filter(({ path }) => path.startsWith(`${FOLDER}/`));
const runbook = pages.filter(({ path }) => basename(path) !== "index.md");
const index = pages.find(({ path }) => basename(path) === "index.md")!;

/** The first three cells of each row of the list of alarms. */
const rows = [
  ...index.text.matchAll(/^\| \[`([\w-]+)`\]\(\.\/([\w-]+)\.md\) *\| *([\w ]*?) *\| *([\w× ]*?) *\|/gm),
];

test("each alarm has a page, and each page an alarm", () => {
  const names = readdirSync(join(PROJECT_FOLDER, FOLDER)).map((file) => basename(file, ".md"));
  expect(names.filter((name) => name !== "index").sort()).toEqual([...ALARM_NAMES].sort());
  expect(runbookOf("faults")).toMatch(/\/operate\/alarms\/faults$/);
});

test("the list has each alarm once, with the threshold and the period that it has", () => {
  expect(rows.map(([, name, page]) => [name, page])).toEqual(ALARM_NAMES.map((name) => [name, name]));
  const written = Object.fromEntries(rows.map(([, name = "", , at, minutes]) => [name, `${at}|${minutes}`]));
  const defined = Object.entries(ALARMS).map(([name, { threshold, minutes, evaluationPeriods }]) => [
    name,
    `${threshold}|${evaluationPeriods > 1 ? `${evaluationPeriods} × ` : ""}${minutes} min`,
  ]);
  const objectives = Object.keys(OBJECTIVE_ALARMS).map((name) => [name, "|"]);
  expect(written).toEqual(Object.fromEntries([...defined, ...objectives]));
});

test.each(runbook)(
  "$path says what it means, what to look at, what to do, and when it is over",
  ({ path, text }) => {
    expect(text).toMatch(new RegExp(`^# The alarm \`${basename(path, ".md")}\`\n`));
    const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(SECTIONS);
  },
);

test("the queries on the pages are those that are saved, and each is on a page", () => {
  const shown = runbook.flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === "text")
      .map(({ attributes, text }) => ({ path, name: attributes["query"] ?? "", text: text.trim() })),
  );
  const saved: Readonly<Record<string, string>> = QUERIES;
  expect(shown.filter(({ name, text }) => saved[name]?.trim() !== text)).toEqual([]);
  expect([...new Set(shown.map(({ name }) => name))].sort()).toEqual(Object.keys(QUERIES).sort());
});

test("what the monitor costs is on its page as the template and the prices give it", () => {
  const stack = appStack({ monitor: true });
  const alarms = Object.values(resourcesOf(stack, "AWS::CloudWatch::Alarm"));
  const composites = Object.keys(resourcesOf(stack, "AWS::CloudWatch::CompositeAlarm")).length;
  const looked = alarms.flatMap(({ Properties }) => Properties["Metrics"] as { MetricStat?: unknown }[]);
  const metrics = looked.filter(({ MetricStat }) => MetricStat !== undefined).length;
  const dollars = (key: keyof typeof PRICES, count: number): number => PRICES[key].usd["us-east-1"] * count;
  const paid = dollars("alarmMetrics", metrics) + dollars("compositeAlarms", composites);
  const page = readFileSync(join(PROJECT_FOLDER, "docs/operate/monitor.md"), "utf8").replaceAll(/\s+/g, " ");
  expect(page).toContain(
    `The app as it comes has ${alarms.length} alarms and ${composites} composite ones, which look at ${metrics} metrics: ` +
      `${paid.toFixed(2)} US dollars a month, or ${(paid + dollars("dashboards", 1)).toFixed(2)} with the dashboard.`,
  );
});
