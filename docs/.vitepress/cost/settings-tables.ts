import { sum } from "d3-array";
import { VALIDATION_LOGS } from "../../../src/runtime/function-settings.ts";
import { grouped, tableOf, type Column } from "../../../bench/support/tables.ts";
import { CONNECTED_ASKS_EVERY_MINUTES, MIX } from "./assumptions.ts";
import type { Counts } from "../../../bench/cost/counts.ts";
import {
  askedShare,
  callsOf,
  costOfMonth,
  costOfUsage,
  DEFAULTS,
  MILLION,
  totalOf,
  usageOf,
} from "./month.ts";
import type { Cost, CostSettings } from "./month.ts";
import { PRICES, REGIONS, type Region } from "./prices.ts";

/** US dollars, with cents below a hundred. */
export const dollars = (amount: number): string =>
  amount < 100 ? amount.toFixed(2) : grouped(Math.round(amount));

const BILLION = 1e9;

/** `7.69 M`, `10 B` */
export const million = (count: number): string =>
  count >= BILLION ? `${grouped(count / BILLION)} B` : `${grouped(count / MILLION)} M`;

/** What the settings do to a month of so many validations. */
const VOLUME = 100e6;
const toTenThousands = (count: number): number => Math.round(count / 1e4) * 1e4;

/** One column a region, in dollars. */
export const inRegions = <Row>(head: string, usd: (row: Row, region: Region) => number): Column<Row>[] =>
  REGIONS.map((region) => [`${head}, ${region}`, (row) => dollars(usd(row, region))]);

/** A row says what is set otherwise than usual. */
interface Setting extends Partial<CostSettings> {
  readonly name: string;
}

/** What a setting makes of the month: columns of its own, parts of the cost, and the total. */
function settingTable(
  counts: Counts,
  setting: string,
  rows: readonly Setting[],
  columns: readonly Column<CostSettings>[],
  parts: Readonly<Record<string, (cost: Cost) => number>> = {},
): string {
  const settingsOf = ({ name: _name, ...changes }: Setting): CostSettings => ({ ...DEFAULTS, ...changes });
  const paid = Object.entries({ ...parts, total: totalOf }).flatMap(([head, part]) =>
    inRegions<Setting>(head, (row, region) => part(costOfMonth(VOLUME, settingsOf(row), counts, region))),
  );
  return tableOf(rows, [
    [setting, ({ name }) => name],
    ...columns.map(([head, cell]): Column<Setting> => [head, (row) => cell(settingsOf(row))]),
    ...paid,
  ]);
}

const touchesOf = (settings: CostSettings): number =>
  sum(Object.entries(callsOf(VOLUME, settings)), ([call, times]) =>
    call.endsWith(", touching") ? times : 0,
  );

export const touchTable = (counts: Counts): string =>
  settingTable(
    counts,
    "`idleTimeout`",
    [
      { name: "5m", touchInterval: 30 },
      { name: "30m (default)", touchInterval: 180 },
      { name: "12h", touchInterval: 4320 },
      { name: "none", touchInterval: 3600 },
    ],
    [
      ["touch interval", ({ touchInterval: s }) => (s < 60 ? `${s} s` : `${s / 60} min`)],
      ["touches", (settings) => million(toTenThousands(touchesOf(settings)))],
    ],
    { writes: ({ writes }) => writes },
  );

export const cacheTable = (counts: Counts): string =>
  settingTable(
    counts,
    "`authorizerCache`",
    [
      { name: "none (default)", authorizerCache: 0 },
      { name: "60 s", authorizerCache: 60 },
      { name: "300 s", authorizerCache: 300 },
    ],
    [
      [
        "the authorizer is asked",
        (settings) => million(toTenThousands(VOLUME * MIX.byAuthorizer * askedShare(settings))),
      ],
      [
        "an ended session still gets through for",
        ({ authorizerCache: s }) => (s === 0 ? "no time at all" : `up to ${s} s`),
      ],
    ],
  );

export const logTable = (counts: Counts): string =>
  settingTable(
    counts,
    "`logValidations`",
    [
      ...VALIDATION_LOGS.map((logValidations) => {
        const isDefault = logValidations === DEFAULTS.logValidations;
        return { logValidations, name: `\`${logValidations}\`${isDefault ? " (default)" : ""}` };
      }),
      { logValidations: "all", platformLines: true, name: "`all`, and Lambda's own lines" },
    ],
    [["GB of logs", (settings) => usageOf(callsOf(VOLUME, DEFAULTS), counts, settings).logGb.toFixed(1)]],
    { logs: ({ logs }) => logs },
  );

export const eventsTable = (counts: Counts): string =>
  settingTable(
    counts,
    "`events`",
    [
      { name: "`true` (default)", events: "push" },
      { name: "`{ push: false }`", events: "on" },
      { name: "`false`", events: "off" },
    ],
    [["events told", (settings) => million(usageOf(callsOf(VOLUME, settings), counts, DEFAULTS).busEvents)]],
    { EventBridge: ({ bus }) => bus, "AppSync Events": ({ push }) => push },
  );

const PAGES = 1000;
const MINUTES = 8 * 60;

/** A page that is visible for a working day. */
export function watchingTable(counts: Counts): string {
  const asking = (name: string, seconds: number) => ({
    ...{ name, connectionMinutes: 0, calls: { watch: (PAGES * MINUTES * 60) / seconds } },
  });
  const connected = {
    watch: (PAGES * MINUTES) / CONNECTED_ASKS_EVERY_MINUTES,
    ...{ "push, connecting": PAGES, "push, subscribing": PAGES },
  };
  const rows = [
    { name: "connected (default)", connectionMinutes: PAGES * MINUTES, calls: connected },
    asking("cannot connect: every 60 s", 60),
    asking("`intervalMs` of 30 s, without push", 30),
    asking("`intervalMs` of 10 s, without push", 10),
    asking("without push: every 3 s", 3),
  ];
  return tableOf(rows, [
    ["a page", ({ name }) => name],
    ["`GET /session?watch=1`", ({ calls }) => grouped(Math.round(calls.watch))],
    ["minutes connected", ({ connectionMinutes }) => grouped(connectionMinutes)],
    ...inRegions<(typeof rows)[number]>("US dollars", ({ calls, connectionMinutes }, region) =>
      totalOf(costOfUsage({ ...usageOf(calls, counts, DEFAULTS), connectionMinutes }, region)),
    ),
  ]);
}

/** Units of the database for validations alone; the rest of a request costs the same each way. */
export function alternativesTable(counts: Counts): string {
  const validations = Object.entries(callsOf(VOLUME, DEFAULTS)).filter(([call]) =>
    /^(validate|authorize)(, touching)?$/.test(call),
  );
  const { readUnits, writeUnits } = usageOf(Object.fromEntries(validations), counts, DEFAULTS);
  const rows = [
    { name: "this project, touch interval of 3 minutes", reads: readUnits, writes: writeUnits },
    {
      name: "consistent read and a write on every request (`connect-dynamodb` with `express-session`)",
      ...{ reads: VOLUME, writes: VOLUME },
    },
    { name: "eventual read and a write on every request", reads: VOLUME / 2, writes: VOLUME },
    { name: "a signed token that nobody looks up: cannot be ended before its time", reads: 0, writes: 0 },
  ];
  return tableOf(rows, [
    ["way", ({ name }) => name],
    ["read units", ({ reads }) => million(reads)],
    ["write units", ({ writes }) => million(toTenThousands(writes))],
    ...inRegions<(typeof rows)[number]>(
      "US dollars",
      ({ reads, writes }, region) =>
        (reads * PRICES.readUnits.usd[region] + writes * PRICES.writeUnits.usd[region]) / MILLION,
    ),
  ]);
}
