import { VALIDATION_LOGS } from "../../src/runtime/function-settings.ts";
import { grouped, tableOf, type Column } from "../support/tables.ts";
import { CONNECTED_ASKS_EVERY_MINUTES, MIX } from "./assumptions.ts";
import type { Counts } from "./counts.ts";
import {
  askedShare,
  callsOf,
  costOfMonth,
  costOfUsage,
  DEFAULTS,
  MILLION,
  totalOf,
  usageOf,
  type Calls,
  type Cost,
  type CostSettings,
} from "./month.ts";
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

/** One column a region. */
const inRegions = <Row>(head: string, cell: (row: Row, region: Region) => string): Column<Row>[] =>
  REGIONS.map((region) => [`${head}, ${region}`, (row) => cell(row, region)]);

/** What some settings make of the month, in dollars. */
const paid =
  (counts: Counts, part: (cost: Cost) => number) =>
  (changes: Partial<CostSettings>, region: Region): string =>
    dollars(part(costOfMonth(VOLUME, { ...DEFAULTS, ...changes }, counts, region)));

export function touchTable(counts: Counts): string {
  const rows = [
    { name: "5m", touchInterval: 30 },
    { name: "30m (default)", touchInterval: 180 },
    { name: "12h", touchInterval: 4320 },
    { name: "none", touchInterval: 3600 },
  ];
  const touchesOf = (calls: Calls): number =>
    (calls["authorize, touching"] ?? 0) + (calls["validate, touching"] ?? 0);
  return tableOf(rows, [
    ["`idleTimeout`", ({ name }) => name],
    ["touch interval", ({ touchInterval: s }) => (s < 60 ? `${s} s` : `${s / 60} min`)],
    [
      "touches",
      ({ touchInterval }) =>
        million(toTenThousands(touchesOf(callsOf(VOLUME, { ...DEFAULTS, touchInterval })))),
    ],
    ...inRegions(
      "writes",
      paid(counts, ({ writes }) => writes),
    ),
    ...inRegions("total", paid(counts, totalOf)),
  ]);
}

export function cacheTable(counts: Counts): string {
  const rows = [0, 60, 300].map((authorizerCache) => ({ authorizerCache }));
  return tableOf(rows, [
    ["`authorizerCache`", ({ authorizerCache: s }) => (s === 0 ? "none (default)" : `${s} s`)],
    [
      "the authorizer is asked",
      (row) => million(toTenThousands(VOLUME * MIX.byAuthorizer * askedShare(row))),
    ],
    [
      "an ended session still gets through for",
      ({ authorizerCache: s }) => (s === 0 ? "no time at all" : `up to ${s} s`),
    ],
    ...inRegions("total", paid(counts, totalOf)),
  ]);
}

export function logTable(counts: Counts): string {
  const rows = [
    ...VALIDATION_LOGS.map((logValidations) => ({
      logValidations,
      platformLines: false,
      name: logValidations === "none" ? "`none` (default)" : `\`${logValidations}\``,
    })),
    { logValidations: "all" as const, platformLines: true, name: "`all`, and Lambda's own lines" },
  ];
  return tableOf(rows, [
    ["`logValidations`", ({ name }) => name],
    ["GB of logs", (row) => usageOf(callsOf(VOLUME, DEFAULTS), counts, row).logGb.toFixed(1)],
    ...inRegions(
      "logs",
      paid(counts, ({ logs }) => logs),
    ),
    ...inRegions("total", paid(counts, totalOf)),
  ]);
}

export function eventsTable(counts: Counts): string {
  const rows = [
    { name: "`true` (default)", events: "push" },
    { name: "`{ push: false }`", events: "on" },
    { name: "`false`", events: "off" },
  ] as const;
  return tableOf(rows, [
    ["`events`", ({ name }) => name],
    [
      "events told",
      ({ events }) => million(usageOf(callsOf(VOLUME, { ...DEFAULTS, events }), counts, DEFAULTS).busEvents),
    ],
    ...inRegions(
      "EventBridge",
      paid(counts, ({ bus }) => bus),
    ),
    ...inRegions(
      "AppSync Events",
      paid(counts, ({ push }) => push),
    ),
    ...inRegions("total", paid(counts, totalOf)),
  ]);
}

const PAGES = 1000;
const HOURS = 8;

/** A page that is visible for a working day. */
export function watchingTable(counts: Counts): string {
  const minutes = HOURS * 60;
  const asking = (seconds: number, name: string) => ({
    name,
    calls: { watch: (PAGES * minutes * 60) / seconds } satisfies Calls,
    connectionMinutes: 0,
  });
  const rows = [
    {
      name: "connected (default)",
      calls: {
        watch: (PAGES * minutes) / CONNECTED_ASKS_EVERY_MINUTES,
        "push, connecting": PAGES,
        "push, subscribing": PAGES,
      } satisfies Calls,
      connectionMinutes: PAGES * minutes,
    },
    asking(60, "cannot connect: every 60 s"),
    asking(30, "`intervalMs` of 30 s, without push"),
    asking(10, "`intervalMs` of 10 s, without push"),
    asking(3, "without push: every 3 s"),
  ];
  return tableOf(rows, [
    ["a page", ({ name }) => name],
    ["`GET /session?watch=1`", ({ calls }) => grouped(Math.round(calls.watch))],
    ["minutes connected", ({ connectionMinutes }) => grouped(connectionMinutes)],
    ...inRegions<(typeof rows)[number]>("US dollars", ({ calls, connectionMinutes }, region) =>
      dollars(totalOf(costOfUsage(usageOf(calls, counts, DEFAULTS), region, connectionMinutes))),
    ),
  ]);
}

/** Units of the database for validations alone; the rest of a request costs the same each way. */
export function alternativesTable(counts: Counts): string {
  const validations: Calls = Object.fromEntries(
    Object.entries(callsOf(VOLUME, DEFAULTS)).filter(([call]) =>
      /^(validate|authorize)(, touching)?$/.test(call),
    ),
  );
  const { readUnits, writeUnits } = usageOf(validations, counts, DEFAULTS);
  const rows = [
    { name: "this project, touch interval of 3 minutes", reads: readUnits, writes: writeUnits },
    {
      name: "consistent read and a write on every request (`connect-dynamodb` with `express-session`)",
      reads: VOLUME,
      writes: VOLUME,
    },
    { name: "eventual read and a write on every request", reads: VOLUME / 2, writes: VOLUME },
    { name: "a signed token that nobody looks up: cannot be ended before its time", reads: 0, writes: 0 },
  ];
  return tableOf(rows, [
    ["way", ({ name }) => name],
    ["read units", ({ reads }) => million(reads)],
    ["write units", ({ writes }) => million(toTenThousands(writes))],
    ...inRegions<(typeof rows)[number]>("US dollars", ({ reads, writes }, region) =>
      dollars((reads * PRICES.readUnits.usd[region] + writes * PRICES.writeUnits.usd[region]) / MILLION),
    ),
  ]);
}
