import { DEFAULT_RATE } from "../../src/jobs/job.ts";
import { requestsText, tableOf, type Column } from "../support/tables.ts";
import { FUNCTIONS, MIX, PLATFORM_LOG_BYTES } from "./assumptions.ts";
import { CALLS, COUNTED_LOGS, JOB_KINDS, type Counts, type JobKind } from "./counts.ts";
import { costOfMonth, DEFAULTS, MILLION, totalOf, type Cost } from "./month.ts";
import { PRICES, REGIONS, type Price, type Region } from "./prices.ts";
import {
  alternativesTable,
  cacheTable,
  dollars,
  eventsTable,
  logTable,
  million,
  touchTable,
  watchingTable,
} from "./settings-tables.ts";

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
    ...([
      "months",
      "calls",
      "touch-interval",
      "authorizer-cache",
      "log-level",
      "events",
      "watching",
    ] as const),
    "alternatives",
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

const PARTS: Readonly<Record<keyof Cost, string>> = {
  lambdaRequests: "Lambda requests",
  lambdaGbSeconds: "Lambda GB-seconds (assumed durations)",
  reads: "DynamoDB reads",
  writes: "DynamoDB writes, indexes included",
  stored: "DynamoDB storage and point-in-time recovery",
  logs: "CloudWatch Logs ingestion",
  api: "HTTP API requests",
  metrics: "CloudWatch metrics",
  bus: "EventBridge",
  push: "AppSync Events",
};

/** What a month of so many validations costs. */
type Paid = readonly [what: string, dollarsOf: (cost: Cost, validations: number) => string];

const PAID: readonly Paid[] = [
  ...(Object.entries(PARTS) as [keyof Cost, string][]).map(([part, what]): Paid => [
    what,
    (cost) => dollars(cost[part]),
  ]),
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

function callsTable({ calls }: Counts): string {
  const byName = (requests: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(requests).sort(([a], [b]) => (a < b ? -1 : 1)));
  return tableOf(CALLS, [
    ["call of a function", (call) => call],
    ["requests to DynamoDB", (call) => requestsText(byName(calls[call].requests))],
    ["read units", (call) => String(calls[call].units.reads)],
    ["write units", (call) => String(calls[call].units.writes)],
    ["of them in indexes", (call) => String(calls[call].units.indexWrites)],
    ...COUNTED_LOGS.map((log): Column<(typeof CALLS)[number]> => [
      `log bytes, \`${log}\``,
      (call) => String(calls[call].logBytes[log]),
    ]),
    ["body bytes", (call) => String(calls[call].bodyBytes)],
  ]);
}

const USERS = 1000;

/** At a job's usual rate: a function that waits for its turn is paid as well. */
const JOB_GB_SECONDS = MILLION / DEFAULT_RATE;

function jobsTable({ jobs }: Counts): string {
  const ofAMillion = (kind: JobKind, region: Region): string => {
    const { reads, writes } = jobs[kind].units;
    const { readUnits, writeUnits, lambdaGbSeconds } = PRICES;
    const [read, written] = [reads * readUnits.usd[region], writes * writeUnits.usd[region]];
    return dollars((read + written) / USERS + (JOB_GB_SECONDS * lambdaGbSeconds.usd[region]) / MILLION);
  };
  return tableOf(JOB_KINDS, [
    ["1,000 users", (kind) => kind],
    ["requests to DynamoDB", (kind) => requestsText(jobs[kind].requests)],
    ["read units", (kind) => String(jobs[kind].units.reads)],
    ["write units", (kind) => String(jobs[kind].units.writes)],
    ["of them in indexes", (kind) => String(jobs[kind].units.indexWrites)],
    ...REGIONS.map((region): Column<JobKind> => [
      `US dollars a million users, ${region}`,
      (kind) => ofAMillion(kind, region),
    ]),
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
  return tableOf(Object.values<Price>(PRICES), [
    ["price of", ({ what }) => what],
    ["per", ({ per }) => per],
    ...REGIONS.map((region): Column<Price> => [region, ({ usd }) => String(usd[region])]),
    ["as read on", ({ read }) => read],
    [
      "stands at",
      ({ source }) => `[${/aws\/(\w+)\/current/.exec(source)?.[1] ?? "pricing page"}](${source})`,
    ],
  ]);
}
