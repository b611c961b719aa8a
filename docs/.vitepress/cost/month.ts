import { sum } from "d3-array";
import { SAMPLED_ONE_IN, type ValidationLog } from "../../../src/runtime/function-settings.ts";
import {
  DAYS_IN_A_MONTH,
  FUNCTIONS,
  METRICS,
  METRICS_OF_EVENTS,
  MIX,
  NOT_THROUGH_THE_API,
  PLATFORM_LOG_BYTES,
  PUSH_OPERATIONS,
  ROSTER_DAYS,
  STORED_DAYS,
  STORED_OVERHEAD_BYTES,
} from "./assumptions.ts";
import { FUNCTION_OF, type Call, type Counts } from "../../../bench/cost/counts.ts";
import { HTTP_API_FIRST_TIER, PRICES, type Region } from "./prices.ts";

/** The settings that change what a month costs. */
export interface CostSettings {
  /** Seconds; a tenth of the idle timeout. */
  readonly touchInterval: number;
  /** Seconds that API Gateway keeps the authorizer's answers; 0: it asks each time. */
  readonly authorizerCache: number;
  readonly logValidations: ValidationLog;
  /** Whether Lambda writes lines of its own, which the construct switches off. */
  readonly platformLines: boolean;
  /** The setting `events`: off, on without push, or on with it. */
  readonly events: "off" | "on" | "push";
}

/** What ships: an idle timeout of 30 minutes, no cache, events and push. */
export const DEFAULTS: CostSettings = {
  touchInterval: 180,
  authorizerCache: 0,
  logValidations: "none",
  platformLines: false,
  events: "push",
};

/** How often each call is made. */
export type Calls = Readonly<Partial<Record<Call, number>>>;

const GB = 2 ** 30;
export const MILLION = 1e6;

/**
 * Events so many seconds apart, and something that is done at the first one later than `interval` after it
 * was done last: its share.
 */
const shareOfEvents = (interval: number, gap: number): number => 1 / (Math.floor(interval / gap) + 1);

/**
 * The share of the authorizer's validations that its cache leaves: each token is asked for once in a while.
 */
export const askedShare = ({ authorizerCache }: Pick<CostSettings, "authorizerCache">): number =>
  authorizerCache === 0 ? 1 : shareOfEvents(authorizerCache, MIX.secondsBetweenValidations);

/**
 * The calls of a month with so many validations, those answered by the cache included. Each session starts
 * and ends once, each time alone in its batch, which costs most; and its page connects once.
 */
export function callsOf(validations: number, settings: CostSettings): Calls {
  const authorized = validations * MIX.byAuthorizer * askedShare(settings);
  const asked = validations * (1 - MIX.byAuthorizer);
  const gap = (MIX.secondsBetweenValidations * validations) / (authorized + asked);
  const touching = shareOfEvents(settings.touchInterval, gap);
  const logins = validations / MIX.validationsOfASession;
  return {
    authorize: authorized * (1 - touching),
    "authorize, touching": authorized * touching,
    validate: asked * (1 - touching),
    "validate, touching": asked * touching,
    "validate, displaced": logins * MIX.displacing * MIX.asksAfterDisplacement,
    "login, first": logins * (1 - MIX.displacing - MIX.afterExpiry),
    "login, after an expired session": logins * MIX.afterExpiry,
    "login, displacing": logins * MIX.displacing,
    logout: logins * MIX.logoutsOfALogin,
    "list of one's own": logins * MIX.ownListsOfALogin,
    "list of everybody's, 50": logins * MIX.administratorsPagesOfALogin,
    "administrators' logout of 10": logins * MIX.administratorsLogoutsOfALogin,
    ...(settings.events !== "off" && { "outbox, a start": logins, "outbox, an ending": logins }),
    ...(settings.events === "push" && { "push, connecting": logins, "push, subscribing": logins }),
  };
}

/** What is used, in the units that are paid for. */
export interface Usage {
  readonly functionCalls: number;
  readonly gbSeconds: number;
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly logGb: number;
  readonly apiRequests: number;
  readonly busEvents: number;
  readonly pushOperations: number;
  /** Of pages that are connected. */
  readonly connectionMinutes?: number;
  /** For a month. */
  readonly storedGb?: number;
  /** They cost the same however many calls there are. */
  readonly metrics?: number;
}

type LogSettings = Pick<CostSettings, "logValidations" | "platformLines">;

/** Bytes that a call writes into the log, on average. */
function logBytesOf(call: Call, counts: Counts, { logValidations, platformLines }: LogSettings): number {
  const { none, all } = counts.calls[call].logBytes;
  const share = { none: 0, sampled: 1 / SAMPLED_ONE_IN, all: 1 }[logValidations];
  return none + (all - none) * share + (platformLines ? PLATFORM_LOG_BYTES : 0);
}

/** What calls use. */
export function usageOf(calls: Calls, counts: Counts, settings: LogSettings): Usage {
  const total = (amount: (call: Call) => number): number =>
    sum(Object.entries(calls), ([call, times]) => times * amount(call as Call));
  const { "push, subscribing": connections = 0, "outbox, an ending": endings = 0 } = calls;
  // A hint goes to each page that was connected.
  const hints = Math.min(connections, endings);
  return {
    functionCalls: total(() => 1),
    gbSeconds: total((call) => {
      const { memoryMb, billedMs } = FUNCTIONS[FUNCTION_OF[call]];
      return (memoryMb / 1024) * (billedMs / 1000);
    }),
    readUnits: total((call) => counts.calls[call].units.reads),
    writeUnits: total((call) => counts.calls[call].units.writes),
    logGb: total((call) => logBytesOf(call, counts, settings)) / GB,
    apiRequests: total((call) => (NOT_THROUGH_THE_API.includes(FUNCTION_OF[call]) ? 0 : 1)),
    busEvents: total((call) => (FUNCTION_OF[call] === "outbox" ? 1 : 0)),
    pushOperations: connections * PUSH_OPERATIONS.ofAConnection + hints * PUSH_OPERATIONS.ofAHint,
  };
}

/** US dollars, by what they are paid for. */
export type Cost = Readonly<Record<keyof ReturnType<typeof costOfUsage>, number>>;

export function costOfUsage(usage: Usage, region: Region) {
  const { connectionMinutes = 0, storedGb = 0, metrics = 0, apiRequests } = usage;
  const usd = (price: keyof typeof PRICES): number => PRICES[price].usd[region];
  const millions = (count: number, price: keyof typeof PRICES): number => (count / MILLION) * usd(price);
  const firstRequests = Math.min(apiRequests, HTTP_API_FIRST_TIER);
  return {
    lambdaRequests: millions(usage.functionCalls, "lambdaRequests"),
    lambdaGbSeconds: millions(usage.gbSeconds, "lambdaGbSeconds"),
    reads: millions(usage.readUnits, "readUnits"),
    writes: millions(usage.writeUnits, "writeUnits"),
    stored: storedGb * (usd("storage") + usd("pointInTimeRecovery")),
    logs: usage.logGb * usd("logs"),
    api: millions(firstRequests, "httpApi") + millions(apiRequests - firstRequests, "httpApiBeyond"),
    metrics: metrics * usd("metrics"),
    bus: millions(usage.busEvents, "busEvents"),
    push: millions(usage.pushOperations, "pushOperations") + millions(connectionMinutes, "connectionMinutes"),
  };
}

/** A whole month. Pages are connected while they are used. */
export function costOfMonth(
  validations: number,
  settings: CostSettings,
  counts: Counts,
  region: Region,
): Cost {
  const { session, roster, indexEntry } = counts.stored;
  const ofSession = session + indexEntry + 2 * STORED_OVERHEAD_BYTES;
  const byteDays = STORED_DAYS * ofSession + ROSTER_DAYS * (roster + STORED_OVERHEAD_BYTES);
  const loginsADay = validations / MIX.validationsOfASession / DAYS_IN_A_MONTH;
  const usage = {
    ...usageOf(callsOf(validations, settings), counts, settings),
    storedGb: (loginsADay * byteDays) / GB,
    metrics: METRICS + (settings.events === "off" ? 0 : METRICS_OF_EVENTS),
    connectionMinutes: settings.events === "push" ? (validations * MIX.secondsBetweenValidations) / 60 : 0,
  };
  return costOfUsage(usage, region);
}

export const totalOf = (cost: Partial<Cost>): number => sum(Object.values(cost));
