import { DEFAULT_RATE } from "../../../src/jobs/job.ts";
import { requestsText, tableOf, type Column } from "../../../bench/support/tables.ts";
import { FUNCTIONS, MIX, PLATFORM_LOG_BYTES } from "./assumptions.ts";
import { CALLS, COUNTED_LOGS, JOB_KINDS, type CallCounts, type Counts } from "../../../bench/cost/counts.ts";
import { costOfMonth, DEFAULTS, MILLION, totalOf, type Cost } from "./month.ts";
import { PRICES, REGIONS, type Price, type Region } from "./prices.ts";
import { alternativesTable, cacheTable, dollars, eventsTable, inRegions } from "./settings-tables.ts";
import { logTable, million, touchTable, watchingTable } from "./settings-tables.ts";

/** The tables, by the names of their places in the {@link DOCUMENTS}. */
export const TABLES = {
  months: monthsTable,
  calls: callsTable,
  assumptions: assumptionsTable,
  "touch-interval": touchTable,
  "authorizer-cache": cacheTable,
  "log-level": logTable,
  events: eventsTable,
  watching: watchingTable,
  alternatives: alternativesTable,
  jobs: jobsTable,
  prices: pricesTable,
} as const satisfies Readonly<Record<string, (counts: Counts) => string>>;

/** The documents that the tables are in. */
export const DOCUMENTS = {
  "docs/design/cost.md": [
    ...(["months", "calls", "touch-interval", "authorizer-cache", "log-level", "events"] as const),
    ...(["watching", "alternatives"] as const),
  ],
  "docs/design/cost-assumptions.md": ["assumptions", "prices"],
  "docs/operate/lists.md": ["jobs"],
} as const satisfies Readonly<Record<string, readonly (keyof typeof TABLES)[]>>;
export type CostDocument = keyof typeof DOCUMENTS;

/**
 * A document with its tables as the counts give them, each between a comment that names it and one that ends
 * it.
 * @throws Error naming a table that the document has no place for.
 */
export function withTables(path: CostDocument, document: string, counts: Counts): string {
  return DOCUMENTS[path].reduce<string>((text, name) => {
    const opening = `<!-- cost: ${name} -->`;
    const start = text.indexOf(opening);
    const end = text.indexOf("<!-- end of cost -->", start);
    if (start < 0 || end < 0) throw new Error(`${path} has no place for the table ${name}`);
    return `${text.slice(0, start)}${opening}\n\n${TABLES[name](counts)}\n\n${text.slice(end)}`;
  }, document);
}

const VOLUMES = [1e6, 100e6, 10e9];

/** A row of a month: what is paid for, and what it costs. */
type Paid = readonly [what: string, dollarsOf: (cost: Cost, validations: number) => string];

const PAID: readonly Paid[] = [
  ["Lambda requests", (cost) => dollars(cost.lambdaRequests)],
  ["Lambda GB-seconds (assumed durations)", (cost) => dollars(cost.lambdaGbSeconds)],
  ["DynamoDB reads", (cost) => dollars(cost.reads)],
  ["DynamoDB writes, indexes included", (cost) => dollars(cost.writes)],
  ["DynamoDB storage and point-in-time recovery", (cost) => dollars(cost.stored)],
  ["CloudWatch Logs ingestion", (cost) => dollars(cost.logs)],
  ["HTTP API requests", (cost) => dollars(cost.api)],
  ["CloudWatch metrics", (cost) => dollars(cost.metrics)],
  ["EventBridge", (cost) => dollars(cost.bus)],
  ["AppSync Events", (cost) => dollars(cost.push)],
  ["**total**", (cost) => `**${dollars(totalOf(cost))}**`],
  ["a million validations", (cost, validations) => dollars((totalOf(cost) / validations) * MILLION)],
];

function monthsTable(counts: Counts): string {
  const column = (validations: number, region: Region): Column<Paid> => {
    const cost = costOfMonth(validations, DEFAULTS, counts, region);
    return [`${million(validations)}, ${region}`, ([, dollarsOf]) => dollarsOf(cost, validations)];
  };
  const columns = VOLUMES.flatMap((volume) => REGIONS.map((region) => column(volume, region)));
  return tableOf(PAID, [["US dollars a month", ([what]) => what], ...columns]);
}

type Counted = Pick<CallCounts, "requests" | "units">;
const UNITS: readonly Column<Counted>[] = [
  ["requests to DynamoDB", ({ requests }) => requestsText(requests)],
  ["read units", ({ units }) => units.reads],
  ["write units", ({ units }) => units.writes],
  ["of them in indexes", ({ units }) => units.indexWrites],
];

function callsTable({ calls }: Counts): string {
  const rows = CALLS.map((call) => {
    const byName = Object.entries(calls[call].requests).sort(([a], [b]) => (a < b ? -1 : 1));
    return { ...calls[call], call, requests: Object.fromEntries(byName) };
  });
  return tableOf(rows, [
    ["call of a function", ({ call }) => call],
    ...UNITS,
    ...COUNTED_LOGS.map((log): Column<CallCounts> => [
      `log bytes, \`${log}\``,
      ({ logBytes }) => logBytes[log],
    ]),
    ["body bytes", ({ bodyBytes }) => bodyBytes],
  ]);
}

const USERS = 1000;

/** At a job's usual rate: a function that waits for its turn is paid as well. */
const JOB_GB_SECONDS = MILLION / DEFAULT_RATE;

function jobsTable({ jobs }: Counts): string {
  const rows = JOB_KINDS.map((kind) => ({ kind, ...jobs[kind] }));
  return tableOf(rows, [
    ["1,000 users", ({ kind }) => kind],
    ...UNITS,
    ...inRegions<Counted>("US dollars a million users", ({ units: { reads, writes } }, region) => {
      const { readUnits, writeUnits, lambdaGbSeconds } = PRICES;
      const units = reads * readUnits.usd[region] + writes * writeUnits.usd[region];
      return units / USERS + (JOB_GB_SECONDS * lambdaGbSeconds.usd[region]) / MILLION;
    }),
  ]);
}

function assumptionsTable(): string {
  const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;
  const rows: readonly (readonly [string, string])[] = [
    ["validations of one session", `${MIX.validationsOfASession}, ${MIX.secondsBetweenValidations} s apart`],
    ["of them by the authorizer; the rest by `GET /session`", percent(MIX.byAuthorizer)],
    ["logins (by password) that displace a session", percent(MIX.displacing)],
    ["logins that find an expired session", percent(MIX.afterExpiry)],
    ["questions of a displaced device before it stops", String(MIX.asksAfterDisplacement)],
    ["logouts, of logins", percent(MIX.logoutsOfALogin)],
    ["lists of one's own sessions, of logins", percent(MIX.ownListsOfALogin)],
    ["pages of everybody's sessions, of logins", percent(MIX.administratorsPagesOfALogin)],
    ["administrators' logouts of 10 users, of logins", percent(MIX.administratorsLogoutsOfALogin)],
    ...Object.entries(FUNCTIONS).map(([name, { memoryMb, billedMs }]): readonly [string, string] => [
      `billed for a call of \`${name}\``,
      `${billedMs} ms of ${memoryMb} MB`,
    ]),
    ["what Lambda would write into the log for each call", `${PLATFORM_LOG_BYTES} bytes`],
  ];
  return tableOf(rows, [
    ["assumed", ([what]) => what],
    ["value", ([, value]) => value],
  ]);
}

function pricesTable(): string {
  const listed = (source: string): string => /aws\/(\w+)\/current/.exec(source)?.[1] ?? "pricing page";
  return tableOf(Object.values<Price>(PRICES), [
    ["price of", ({ what }) => what],
    ["per", ({ per }) => per],
    ...REGIONS.map((region): Column<Price> => [region, ({ usd }) => usd[region]]),
    ["as read on", ({ read }) => read],
    ["stands at", ({ source }) => `[${listed(source)}](${source})`],
  ]);
}
