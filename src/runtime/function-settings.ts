import type { OidcSourceSettings } from "../identity/oidc-settings.ts";
import type { PushSettings } from "../sessions/channel.ts";
import type { SessionPolicy } from "../sessions/policy.ts";
import type { Timeouts } from "../sessions/session.ts";

/**
 * Environment variables of the functions: the one agreement between the CDK construct, which sets them, and
 * the code.
 */
export const ENVIRONMENT = {
  sessionsTable: "SESSIONS_TABLE",
  /** Set only where the `passwords` identity source is on. */
  usersTable: "USERS_TABLE",
  /**
   * Set for the functions that sign people in, where the identity source `passwords` or an OIDC source is on.
   */
  signInTable: "SIGN_IN_TABLE",
  /** Of the function that logs out lists, and of the one for calls about them. */
  jobsTable: "JOBS_TABLE",
  /** Of the function for calls about jobs: which function logs out lists. */
  runJobFunction: "RUN_JOB_FUNCTION",
  /** From which level on there are lines; set only where it is not INFO. Audit lines are always written. */
  logLevel: "SINGLE_SESSION_LOG_LEVEL",
  /** What tells this deployment's metrics from another's in the same account: `<stack>/<construct>`. */
  deployment: "SINGLE_SESSION_DEPLOYMENT",
  /** {@link FunctionSettings} as JSON. */
  settings: "SINGLE_SESSION_SETTINGS",
  /**
   * Set only where a CDN stands before the API: what its requests carry, and nobody else's. A secret;
   * several, joined by commas, while one is being replaced.
   */
  originSecret: "ORIGIN_SECRET",
  /** Where activity is on, of the functions that write or read it. */
  activityTable: "ACTIVITY_TABLE",
  /** Of the outbox alone: the name or ARN of the bus that it tells. */
  eventBus: "EVENT_BUS",
  /** Of the outbox alone: the URL of the queue of events that it could not tell. */
  untoldEvents: "UNTOLD_EVENTS_QUEUE",
} as const;

/** The variables that the construct sets in functions of somebody else's. */
export const GUARD_ENVIRONMENT = {
  /** {@link GuardTable} as JSON. */
  table: "SINGLE_SESSION_GUARD_TABLE",
  /** {@link GuardSettings} as JSON: a variable of its own, since it may come whole from another stack. */
  settings: "SINGLE_SESSION_GUARD_SETTINGS",
} as const;

/** The namespace of the metrics, the value of their dimension `service`, and the name of each. */
export const METRICS = {
  namespace: "SingleSession",
  service: "single-session",
  names: [
    "Logins",
    "FailedLogins",
    "Throttled",
    "Denied",
    "Displaced",
    "Logouts",
    "Revoked",
    "RevocationsRefused",
    "RevocationsSkipped",
    "RevocationsUnfinished",
    "Unavailable",
    "Faults",
    "PolicyFaults",
    "ValidationsFailed",
    "TouchesFailed",
    "SessionContention",
    "EventsTold",
    "EventsUntold",
    "EventsDropped",
    "EventsLost",
    "HintsFailed",
    "ActivityLost",
  ],
} as const;
/** What is counted (docs/reference/telemetry.md). */
export type MetricName = (typeof METRICS.names)[number];

/** Headers that a CDN before the API writes, whatever the viewer sent; in lower case. See `viewer.ts`. */
export const VIEWER_HEADERS = {
  /** An IP address without a port. */
  address: "x-viewer-address",
  /** The viewer's `Host`. */
  host: "x-viewer-host",
  /** The value of {@link ENVIRONMENT}'s `originSecret`. */
  secret: "x-origin-secret",
} as const;

/**
 * What pages of the allowed origins may send and read (Fetch standard, CORS protocol). Names are in lower
 * case.
 */
export const CORS = {
  methods: ["GET", "POST", "DELETE"],
  requestHeaders: ["authorization", "content-type"],
  exposedHeaders: ["retry-after", "www-authenticate"],
  maxAgeSeconds: 3600,
} as const;

/** Whether an origin is a web page's, not one of an app's own scheme: an HTTP API's CORS takes no other. */
export const isWebOrigin = (origin: string): boolean => /^https?:\/\//.test(origin);

/** What `logLevel` accepts. Nothing is written at DEBUG that is not at INFO. */
export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What `logValidations` accepts. */
export const VALIDATION_LOGS = ["none", "sampled", "all"] as const;
export type ValidationLog = (typeof VALIDATION_LOGS)[number];
/** Of so many validations of a live session, `sampled` logs one, by chance. */
export const SAMPLED_ONE_IN = 100;

/**
 * What the functions need of the settings (design section 5), checked at synth. Durations are milliseconds.
 */
export interface FunctionSettings {
  readonly era: string;
  readonly timeouts: Timeouts;
  readonly logoutAllSessions: boolean;
  /** How old a login may be that ends another of one's own sessions; `"none"`: any age. */
  readonly reauthWithin: number | "none";
  /** A policy for everybody, or the export of `#session-policy` that gives a user's. */
  readonly policy: SessionPolicy | { readonly policyExport: string };
  /**
   * Origins of front ends elsewhere, beside the API's own: `https://app.example.com`,
   * `capacitor://localhost`.
   */
  readonly allowedOrigins: readonly string[];
  /**
   * The base URL that people see where it is not the host and path by which the API is asked: a CDN in front,
   * a custom domain's mapping key, a named stage. It may have a path.
   */
  readonly publicOrigin?: string;
  /** Whether requests that did not come through the CDN are refused. */
  readonly onlyThroughCdn?: boolean;
  /** Which validations of a live session write a log line; absent: none. See {@link VALIDATION_LOGS}. */
  readonly logValidations?: Exclude<ValidationLog, "none">;
  /** OpenID Connect providers whose users may sign in, where there are any. */
  readonly oidcSources?: readonly OidcSourceSettings[];
  /** Whether it is recorded from which places a session is used: where events are on. */
  readonly places?: true;
  /** Where pages connect to be told, where push is on. */
  readonly push?: PushSettings;
  /** Set where what happened is kept for people to read. */
  readonly activity?: true;
}

/** What of the settings the guard (`guard/`) in people's own code needs to know. */
export type GuardSettings = Pick<
  FunctionSettings,
  "era" | "timeouts" | "logoutAllSessions" | "allowedOrigins" | "publicOrigin" | "places"
> & {
  /** Where callers may send a provider's access tokens. */
  readonly accessTokens?: {
    readonly sources: readonly OidcSourceSettings[];
    /** The name of the sign-in table. */
    readonly signInTable: string;
  };
};

/** The part of the settings that the guard is told. */
export function toGuardSettings(settings: FunctionSettings, signInTable?: string): GuardSettings {
  const { era, timeouts, logoutAllSessions, allowedOrigins, publicOrigin, places } = settings;
  const { oidcSources = [] } = settings;
  const sources = oidcSources.filter(({ accessTokens }) => accessTokens !== undefined);
  return {
    era,
    timeouts,
    logoutAllSessions,
    allowedOrigins,
    ...(publicOrigin !== undefined && { publicOrigin }),
    ...(places && { places }),
    ...(signInTable !== undefined && sources.length > 0 && { accessTokens: { sources, signInTable } }),
  };
}

/** Where the sessions table is that the guard reads. */
export interface GuardTable {
  readonly name: string;
  readonly region: string;
  /** Of DynamoDB: `https://dynamodb.eu-central-1.amazonaws.com`. */
  readonly endpoint: string;
}

export const decodeSettings = (text: string): FunctionSettings =>
  withSingleOrigins(JSON.parse(text) as FunctionSettings);
export const decodeGuardSettings = (text: string): GuardSettings =>
  withSingleOrigins(JSON.parse(text) as GuardSettings);

/** Origins that were filled in at deployment may be several in one text, with commas between them. */
function withSingleOrigins<Settings extends Pick<FunctionSettings, "allowedOrigins">>(
  settings: Settings,
): Settings {
  const origins = settings.allowedOrigins.flatMap((origin) => origin.split(","));
  return { ...settings, allowedOrigins: origins.map((origin) => origin.trim()).filter(Boolean) };
}
