import { VALIDATION_LOGS } from "../../src/runtime/function-settings.ts";
import { markdownTable } from "../support/markdown-table.ts";
import { MIX } from "./assumptions.ts";
import type { Counts } from "./counts.ts";
import { dollars, MILLION, million } from "./money.ts";
import {
  askedShare,
  callsOf,
  costOfMonth,
  costOfUsage,
  DEFAULTS,
  totalOf,
  usageOf,
  type Cost,
  type CostSettings,
} from "./month.ts";
import { PRICES, REGIONS, type Region } from "./prices.ts";

/** What the settings do to a month of so many validations. */
const VOLUME = 100e6;

const costWith = (changes: Partial<CostSettings>, counts: Counts, region: Region): Cost =>
  costOfMonth(VOLUME, { ...DEFAULTS, ...changes }, counts, region);

const totals = (changes: Partial<CostSettings>, counts: Counts): string[] =>
  REGIONS.map((region) => dollars(totalOf(costWith(changes, counts, region))));

const REGION_HEADS = REGIONS.map((region) => `total, ${region}`);

export function touchTable(counts: Counts): string {
  const rows = [
    ["5m", 30],
    ["30m (default)", 180],
    ["12h", 4320],
    ["none", 3600],
  ].map(([name, seconds]) => {
    const touchInterval = Number(seconds);
    const calls = callsOf(VOLUME, { ...DEFAULTS, touchInterval });
    const touches = (calls["authorize, touching"] ?? 0) + (calls["validate, touching"] ?? 0);
    return [
      String(name),
      touchInterval < 60 ? `${touchInterval} s` : `${touchInterval / 60} min`,
      million(Math.round(touches / 1e4) * 1e4),
      ...REGIONS.map((region) => dollars(costWith({ touchInterval }, counts, region).writes)),
      ...totals({ touchInterval }, counts),
    ];
  });
  return markdownTable(
    [
      "`idleTimeout`",
      "touch interval",
      "touches",
      ...REGIONS.map((region) => `writes, ${region}`),
      ...REGION_HEADS,
    ],
    rows,
  );
}

export function cacheTable(counts: Counts): string {
  const rows = [0, 60, 300].map((authorizerCache) => [
    authorizerCache === 0 ? "none (default)" : `${authorizerCache} s`,
    million(Math.round((VOLUME * MIX.byAuthorizer * askedShare({ authorizerCache })) / 1e4) * 1e4),
    authorizerCache === 0 ? "no time at all" : `up to ${authorizerCache} s`,
    ...totals({ authorizerCache }, counts),
  ]);
  return markdownTable(
    [
      "`authorizerCache`",
      "the authorizer is asked",
      "an ended session still gets through for",
      ...REGION_HEADS,
    ],
    rows,
  );
}

export function logTable(counts: Counts): string {
  const settings = [
    ...VALIDATION_LOGS.map((logValidations) => ({
      logValidations,
      platformLines: false,
      name: logValidations === "none" ? "`none` (default)" : `\`${logValidations}\``,
    })),
    { logValidations: "all" as const, platformLines: true, name: "`all`, and Lambda's own lines" },
  ];
  const rows = settings.map(({ name, ...setting }) => [
    name,
    usageOf(callsOf(VOLUME, DEFAULTS), counts, setting).logGb.toFixed(1),
    ...REGIONS.map((region) => dollars(costWith(setting, counts, region).logs)),
    ...totals(setting, counts),
  ]);
  return markdownTable(
    ["`logValidations`", "GB of logs", ...REGIONS.map((region) => `logs, ${region}`), ...REGION_HEADS],
    rows,
  );
}

const SECONDS_IN_AN_HOUR = 3600;

export function watchingTable(counts: Counts): string {
  const rows = [3, 10, 30].map((seconds) => {
    const calls = (1000 * SECONDS_IN_AN_HOUR) / seconds;
    const usage = usageOf({ watch: calls }, counts, DEFAULTS);
    return [
      seconds === 3 ? "3 s (default)" : `${seconds} s`,
      calls.toLocaleString("en"),
      ...REGIONS.map((region) => dollars(totalOf(costOfUsage(usage, region)))),
    ];
  });
  return markdownTable(
    ["asked every", "`GET /session?watch=1`", ...REGIONS.map((region) => `US dollars, ${region}`)],
    rows,
  );
}

/** Units of the database for validations alone; the rest of a request costs whatever it costs. */
export function alternativesTable(counts: Counts): string {
  const calls = callsOf(VOLUME, DEFAULTS);
  const validations: typeof calls = Object.fromEntries(
    Object.entries(calls).filter(([call]) => /^(validate|authorize)(, touching)?$/.test(call)),
  );
  const ours = usageOf(validations, counts, DEFAULTS);
  const ways = [
    { name: "this project, touch interval of 3 minutes", reads: ours.readUnits, writes: ours.writeUnits },
    {
      name: "consistent read and a write on every request (`connect-dynamodb` with `express-session`)",
      reads: VOLUME,
      writes: VOLUME,
    },
    {
      name: "eventual read and a write on every request",
      reads: VOLUME / 2,
      writes: VOLUME,
    },
    { name: "a signed token that nobody looks up: cannot be ended before its time", reads: 0, writes: 0 },
  ];
  const rows = ways.map(({ name, reads, writes }) => [
    name,
    million(reads),
    million(Math.round(writes / 1e4) * 1e4),
    ...REGIONS.map((region) =>
      dollars((reads * PRICES.readUnits.usd[region] + writes * PRICES.writeUnits.usd[region]) / MILLION),
    ),
  ]);
  return markdownTable(
    ["way", "read units", "write units", ...REGIONS.map((region) => `US dollars, ${region}`)],
    rows,
  );
}
