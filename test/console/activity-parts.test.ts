import { describe, expect, test } from "vitest";
import type { ActivityHourView, ActivityView } from "../../src/api/parts/shapes.ts";
import { ACTIVITY_HEADER, activityCells } from "../../console/src/activity/activity-csv.ts";
import { loadAll } from "../../console/src/activity/export-activity.ts";
import { fromQuery, toQuery } from "../../console/src/activity/filter-tokens.ts";
import {
  activityHref,
  filterOf,
  matches,
  NO_FILTER,
  requestOf,
  type ActivityFilter,
} from "../../console/src/activity/filter.ts";
import { momentsOf } from "../../console/src/activity/period.ts";
import type { ApiAnswer } from "../../console/src/api/call.ts";
import type { Page } from "../../console/src/api/calls.ts";
import { toCsv } from "../../console/src/csv.ts";
import { bucketsOf, together, totalsOf } from "../../console/src/overview/buckets.ts";
import { listHref } from "../../console/src/overview/lists.ts";

const NOW = Date.parse("2026-11-30T09:30:00.000Z");
const filterIn = (href: string): ActivityFilter => filterOf(href.split("?")[1] ?? "");

describe("the filter of activity", () => {
  const whole: ActivityFilter = {
    userId: "corp:eve/50% off?#x&y=+",
    kinds: ["ended", "denied"],
    reasons: ["displaced", "revoked"],
    sessionId: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
    period: { from: "2026-11-29T00:00:00.000Z", to: "2026-11-30T00:00:00.000Z" },
  };

  test.each([
    ["with everything", whole],
    ["of a period that ends now", { ...NO_FILTER, period: { amount: 90, unit: "minute" } }],
    ["of nothing", { ...NO_FILTER, userId: undefined, sessionId: undefined }],
  ] satisfies [string, ActivityFilter][])("%s comes back whole from its address", (_, filter) => {
    expect(filterIn(activityHref(filter))).toEqual(filter);
  });

  test.each([
    "kind=nothing&reason=,&last=0h",
    "last=99999d&user=%20",
    "from=2026-11-30&to=2026-11-29",
    "from=x",
  ])("an address that somebody wrote by hand (%s) looks for everything of the last week", (search) => {
    expect(filterOf(search)).toEqual({ ...NO_FILTER, userId: undefined, sessionId: undefined });
  });

  test("comes back whole from its tokens, and text without a property is a user", () => {
    expect({ ...fromQuery(toQuery(whole)), period: whole.period }).toEqual(whole);
    expect(fromQuery({ operation: "and", tokens: [{ operator: "=", value: " alice " }] }).userId).toBe(
      "alice",
    );
  });

  test("asks the API for what it can tell apart, and looks through the rest here", () => {
    expect(requestOf({ ...NO_FILTER, kinds: ["denied"], reasons: ["displaced"] }, NOW)).toEqual({
      from: "2026-11-23T09:30:00.000Z",
      to: "2026-11-30T09:30:00.000Z",
      kind: "ended",
    });
    const record = (reason: "displaced" | "expired"): ActivityView => ({
      id: reason,
      time: "2026-11-30T09:00:00.000Z",
      kind: "ended",
      sessionId: "a",
      reason,
    });
    const filter: ActivityFilter = { ...NO_FILTER, reasons: ["displaced"] };
    expect([matches(filter, record("displaced")), matches(filter, record("expired"))]).toEqual([true, false]);
    expect(matches({ ...NO_FILTER, sessionId: "b" }, record("expired"))).toBe(false);
  });

  test("a period that begins before what is kept is cut off there, and never ends before it begins", () => {
    const longest = { amount: 35, unit: "day" } as const;
    expect(momentsOf({ amount: 90, unit: "day" }, longest, NOW).from).toBe("2026-10-26T09:30:00.000Z");
    const past = momentsOf({ from: "2025-01-01T00:00:00Z", to: "2025-01-02T00:00:00Z" }, longest, NOW);
    expect(Date.parse(past.from)).toBeLessThan(Date.parse(past.to));
  });
});

describe("the overview", () => {
  const hour = (time: string, live?: number): ActivityHourView => ({
    hour: time,
    started: 3,
    ended: { displaced: 1, logged_out: 2, revoked: 3, expired: 4, unknown: 5 },
    denied: 6,
    throttled: 7,
    suspected: 8,
    ...(live !== undefined && { live }),
  });
  const TOTALS = { started: 3, displaced: 1, otherEnds: 14, denied: 6, throttled: 7, suspected: 8 };

  test("hours are put together by the days of the browser's time zone, live sessions by the highest", () => {
    const midnight = new Date(2026, 10, 29).getTime();
    const at = (hours: number): string => new Date(midnight + hours * 3_600_000).toISOString();
    const days = bucketsOf([hour(at(22), 5), hour(at(23), 9), hour(at(24))], "day");
    expect(days.map(({ start, live, counts }) => [start, live, counts.started])).toEqual([
      [midnight, 9, 6],
      [new Date(2026, 10, 30).getTime(), undefined, 3],
    ]);
    expect(days.map(({ end }) => end)).toEqual([
      new Date(2026, 10, 30).getTime(),
      new Date(2026, 11, 1).getTime(),
    ]);
  });

  test("where there is little room, several are one, the newest of them whole, and nothing is lost", () => {
    const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();
    const hours = bucketsOf([hour(at(0), 5), hour(at(1), 9), hour(at(2)), hour(at(3), 2)], "hour");
    const [first, second, ...rest] = together(hours, 3);
    expect([first, rest]).toEqual([hours[0], []]);
    expect(second).toMatchObject({ start: hours[1]?.start, end: hours[3]?.end, live: 9 });
    expect(totalsOf(together(hours, 3))).toEqual(totalsOf(hours));
    expect(together(hours, 1)).toEqual(hours);
  });

  test("all endings are counted, as displaced or otherwise", () => {
    expect(totalsOf(bucketsOf([hour("2026-11-30T08:00:00.000Z")], "hour"))).toEqual(TOTALS);
  });

  test("what is counted leads to the list that has it", () => {
    const period = { amount: 7, unit: "day" } as const;
    expect(filterIn(listHref(["displaced"], period))).toMatchObject({
      kinds: ["ended"],
      reasons: ["displaced"],
      period,
    });
    expect(filterIn(listHref(["displaced", "otherEnds"], period))).toMatchObject({
      kinds: ["ended"],
      reasons: [],
    });
    expect(filterIn(listHref(["denied", "throttled"], period)).kinds).toEqual(["denied", "throttled"]);
  });
});

describe("the export", () => {
  const record = (id: number): ActivityView => ({
    id: String(id),
    time: "2026-11-30T09:00:00.000Z",
    kind: "started",
  });
  /** Three pages, the second of them empty. */
  const PAGES: readonly Page<ActivityView>[] = [
    { items: [record(1), record(2)], cursor: "1" },
    { items: [], cursor: "2" },
    { items: [record(3)] },
  ];
  const page = (cursor: string | undefined): Promise<ApiAnswer<Page<ActivityView>>> =>
    Promise.resolve({ outcome: "ok", value: PAGES[Number(cursor ?? 0)] ?? { items: [] } });
  const means = { load: page, matches: () => true, onProgress: () => undefined };
  const idsOf = (records: readonly ActivityView[]): string[] => records.map(({ id }) => id);

  test("goes through empty pages to the end, and keeps what is looked for only", async () => {
    const { signal } = new AbortController();
    const all = await loadAll({ ...means, signal, matches: ({ id }) => id !== "2" });
    expect([idsOf(all.records), all.end]).toEqual([["1", "3"], { kind: "all" }]);
  });

  test("that was stopped goes on where it was, with nothing lost and nothing twice", async () => {
    const stopping = new AbortController();
    const first = await loadAll({ ...means, signal: stopping.signal, onProgress: () => stopping.abort() });
    expect([idsOf(first.records), first.end]).toEqual([["1", "2"], { kind: "stopped" }]);
    const rest = await loadAll({ ...means, signal: new AbortController().signal }, first);
    expect([idsOf(rest.records), rest.end]).toEqual([["1", "2", "3"], { kind: "all" }]);
  });

  test("that fails keeps what it has, and goes on when the service is there again", async () => {
    const { signal } = new AbortController();
    const load = (cursor: string | undefined): ReturnType<typeof page> =>
      cursor === "2" ? Promise.resolve({ outcome: "unreachable" }) : page(cursor);
    const first = await loadAll({ ...means, load, signal });
    expect([idsOf(first.records), first.end]).toEqual([
      ["1", "2"],
      { kind: "failed", failure: { outcome: "unreachable" } },
    ]);
    expect(idsOf((await loadAll({ ...means, signal }, first)).records)).toEqual(["1", "2", "3"]);
  });

  test("what people wrote is text in a spreadsheet, whichever column it is in", () => {
    const evil = "=HYPERLINK(1)";
    const cells = activityCells({
      ...record(1),
      userId: evil,
      device: { label: evil, class: "mobile" },
      by: { id: evil, device: evil },
      act: {
        action: "end_session",
        actor: evil,
        outcome: "done",
        targets: [evil, "bob"],
        targetCount: 2,
        reason: evil,
        requestId: "r",
      },
    });
    expect(cells).toHaveLength(ACTIVITY_HEADER.length);
    expect(cells.filter((cell) => cell.startsWith("="))).toHaveLength(7);
    expect(toCsv([cells])).not.toMatch(/(?:^|,)"=/);
  });
});
