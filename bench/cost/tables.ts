import { markdownTable } from "../support/markdown-table.ts";
import { FUNCTIONS, MIX, PLATFORM_LOG_BYTES } from "./assumptions.ts";
import { CALLS, COUNTED_LOGS, type Counts } from "./counts.ts";
import { dollars, MILLION, million } from "./money.ts";
import { costOfMonth, DEFAULTS, totalOf, type Cost } from "./month.ts";
import { PRICES, REGIONS, type Price } from "./prices.ts";
import { alternativesTable, cacheTable, logTable, touchTable, watchingTable } from "./settings-tables.ts";

/** The tables of `docs/design/cost.md`, by the names of their places there. */
export const TABLES: Readonly<Record<string, (counts: Counts) => string>> = {
  months: monthsTable,
  calls: callsTable,
  assumptions: assumptionsTable,
  "touch-interval": touchTable,
  "authorizer-cache": cacheTable,
  "log-level": logTable,
  watching: watchingTable,
  alternatives: alternativesTable,
  prices: pricesTable,
};

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
};

function monthsTable(counts: Counts): string {
  const months = VOLUMES.flatMap((volume) =>
    REGIONS.map((region) => ({ volume, region, cost: costOfMonth(volume, DEFAULTS, counts, region) })),
  );
  const rows = (Object.keys(PARTS) as (keyof Cost)[]).map((part) => [
    PARTS[part],
    ...months.map(({ cost }) => dollars(cost[part])),
  ]);
  return markdownTable(
    ["US dollars a month", ...months.map(({ volume, region }) => `${million(volume)}, ${region}`)],
    [
      ...rows,
      ["**total**", ...months.map(({ cost }) => `**${dollars(totalOf(cost))}**`)],
      [
        "a million validations",
        ...months.map(({ volume, cost }) => dollars((totalOf(cost) / volume) * MILLION)),
      ],
    ],
  );
}

function callsTable({ calls }: Counts): string {
  const rows = CALLS.map((call) => {
    const { requests, units, logBytes, bodyBytes } = calls[call];
    const kinds = Object.entries(requests).sort(([a], [b]) => (a < b ? -1 : 1));
    return [
      call,
      kinds.map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`)).join(", "),
      String(units.reads),
      String(units.writes),
      String(units.indexWrites),
      ...COUNTED_LOGS.map((log) => String(logBytes[log])),
      String(bodyBytes),
    ];
  });
  return markdownTable(
    [
      "call of a function",
      "requests to DynamoDB",
      "read units",
      "write units",
      "of them in indexes",
      ...COUNTED_LOGS.map((log) => `log bytes, \`${log}\``),
      "body bytes",
    ],
    rows,
  );
}

function assumptionsTable(): string {
  const percent = (share: number): string => `${Number((share * 100).toFixed(2))}%`;
  return markdownTable(
    ["assumed", "value"],
    [
      [
        "validations of one session",
        `${MIX.validationsOfASession}, ${MIX.secondsBetweenValidations} s apart`,
      ],
      ["of them by the authorizer; the rest by `GET /session`", percent(MIX.byAuthorizer)],
      ["logins (by password) that displace a session", percent(MIX.displacing)],
      ["logins that find an expired session", percent(MIX.afterExpiry)],
      ["questions of a displaced device before it stops", String(MIX.asksAfterDisplacement)],
      ["logouts, of logins", percent(MIX.logoutsOfALogin)],
      ["lists of one's own sessions, of logins", percent(MIX.ownListsOfALogin)],
      ["pages of everybody's sessions, of logins", percent(MIX.administratorsPagesOfALogin)],
      ["administrators' logouts of 10 users, of logins", percent(MIX.administratorsLogoutsOfALogin)],
      ...Object.entries(FUNCTIONS).map(([name, { memoryMb, billedMs }]) => [
        `billed for a call of \`${name}\``,
        `${billedMs} ms of ${memoryMb} MB`,
      ]),
      ["what Lambda would write into the log for each call", `${PLATFORM_LOG_BYTES} bytes`],
    ],
  );
}

function pricesTable(): string {
  const rows = Object.values<Price>(PRICES).map(({ what, per, usd, read, source }) => [
    what,
    per,
    ...REGIONS.map((region) => String(usd[region])),
    read,
    `[${/aws\/(\w+)\/current/.exec(source)?.[1] ?? "pricing page"}](${source})`,
  ]);
  return markdownTable(["price of", "per", ...REGIONS, "as read on", "stands at"], rows);
}
