import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { SessionContention } from "../sessions/session.ts";
import { LOG_LEVELS, METRICS, type LogLevel, type MetricName } from "./function-settings.ts";
import { readableStack } from "./readable-stack.ts";

/**
 * What a call's log line may say. The list is closed, and holds ids and counts only: no token, password,
 * cookie, body or event ever gets into a line (ASVS 16.2.5), and no user name that a failed login claimed,
 * for people type passwords there.
 */
export interface CallFields {
  readonly route?: string;
  readonly status?: number;
  readonly code?: string;
  readonly outcome?: string;
  /** What an operator can do: a constant text that names claims and settings. */
  readonly hint?: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly sessionCount?: number;
  readonly requestId?: string;
}

/** What an administrator, operator or rule did to others. */
export interface AuditFields {
  readonly action:
    | "admin_logout"
    | "admin_logout_targets"
    | "admin_logout_skipped"
    | "admin_logout_unfinished"
    | "start_job"
    | "log_out_list"
    | "end_session"
    | "list_sessions"
    | "list_endings"
    | "get_overview"
    | "list_suspects"
    | "list_activity";
  readonly actor: string;
  /** Of what takes a while: a line when it begins and one when it ends, however it ends. */
  readonly phase?: "begun" | "ended";
  readonly outcome?: "finished" | "unfinished" | "refused" | "failed" | "dry-run";
  /** Why it was refused: the code of the problem. */
  readonly code?: string;
  /** The users a line is about, by their ids; as many lines as it takes. */
  readonly userIds?: readonly string[];
  /** Whose sessions; absent for a listing of everybody's. */
  readonly targetUserId?: string;
  /** For the ending of one session: which. */
  readonly targetSessionId?: string;
  /** The job that logs out a list. */
  readonly jobId?: string;
  readonly requested?: number;
  readonly loggedOut?: number;
  readonly sessionCount?: number;
  readonly skipped?: number;
  readonly unfinished?: number;
  readonly includeAdmins?: boolean;
  /** Why, in the words of who acted: 1 to 200 characters. */
  readonly reason?: string;
  /** Nothing was changed: it was only asked what would be. */
  readonly dryRun?: boolean;
}

/** What the outbox could not do at once; what becomes of it, docs/operate/outbox.md says. */
export interface OutboxFields {
  readonly problem: string;
  /** A service's code, or what is wrong with a record. */
  readonly code?: string;
  readonly count: number;
  /** Some of the sessions that it is about. */
  readonly sessionIds?: readonly string[];
}

/** Collects what there is to say of one call, and says it in one line when the call is over. */
export interface CallRecord {
  note(fields: CallFields): void;
  count(metric: MetricName, by?: number): void;
  /** A line of its own, written at once. */
  audit(fields: AuditFields): void;
  /**
   * A line of its own, `session_contention`: two devices keep displacing each other, the sign of a shared
   * account.
   */
  contention(fields: SessionContention & { readonly userId: string }): void;
  /** A line of its own, `outbox`: with what was thrown, where something was. */
  outbox(fields: OutboxFields, error?: unknown): void;
  /** A line of its own, `activity lost`: a record of activity that could not be kept. */
  activityLost(fields: { readonly kind: string; readonly id: string }, error: unknown): void;
  /**
   * Says that the call went as most do and concerns nobody: a live session was validated. Its line is written
   * only as {@link TelemetryOptions.logRoutine} says, unless something was counted or went wrong.
   */
  routine(): void;
  /** What went wrong; `end` logs it. */
  fault(fault: unknown): void;
  end(): void;
}

/** Where calls are recorded. */
export interface Telemetry {
  begin(): CallRecord;
  /** A touch that failed is logged and counted: the session is live all the same, and the call goes on. */
  touchFailed(error: unknown): void;
}

/** What is used of Powertools' metrics. */
type MetricsSink = Pick<Metrics, "addMetric" | "publishStoredMetrics">;

const SERVICE = METRICS.service;

/**
 * Metrics in the embedded metric format of CloudWatch, by Powertools.
 * @param deployment the dimension that tells two deployments of one account apart.
 */
export const createMetrics = (deployment?: string): MetricsSink =>
  new Metrics({
    namespace: METRICS.namespace,
    serviceName: SERVICE,
    ...(deployment !== undefined && { defaultDimensions: { deployment } }),
  });

export interface TelemetryOptions {
  readonly logger?: Pick<Logger, "info" | "warn" | "error">;
  readonly makeMetrics?: () => MetricsSink;
  /** Whether a {@link CallRecord.routine} call gets its line; asked at each. Always, unless given. */
  readonly logRoutine?: () => boolean;
  /** From which level on there are lines; `INFO` unless given. Audit lines are always written. */
  readonly leastLevel?: LogLevel;
}

/** Structured logs and metrics by Powertools; `now` is epoch milliseconds. */
export function createTelemetry(now: () => number, options: TelemetryOptions = {}): Telemetry {
  const {
    logger = new Logger({ serviceName: SERVICE }),
    makeMetrics = createMetrics,
    logRoutine = () => true,
    leastLevel = "INFO",
  } = options;
  // Made when something is first counted: most calls count nothing, and a cold start is spared it.
  let metrics: MetricsSink | undefined;
  const isWritten = (level: LogLevel): boolean => LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(leastLevel);
  const warn = (message: string, fields: Record<string, unknown>): void => {
    if (isWritten("WARN")) logger.warn(message, fields);
  };
  return {
    touchFailed(error) {
      warn("touch failed", { fault: describeFault(error) });
      publish((metrics ??= makeMetrics()), [["TouchesFailed", 1]]);
    },
    begin() {
      const startedAt = now();
      let fields: CallFields = {};
      let failure: { readonly fault: unknown } | undefined;
      let isRoutine = false;
      const counts = new Map<MetricName, number>();
      return {
        note: (more) => void (fields = { ...fields, ...more }),
        count: (metric, by = 1) => void counts.set(metric, (counts.get(metric) ?? 0) + by),
        audit: (audit) => logger.info("audit", { audit, ...requestIdOf(fields) }),
        contention: (contention) => warn("session_contention", { contention, ...requestIdOf(fields) }),
        outbox: (outbox, error) =>
          warn("outbox", {
            outbox,
            ...(error !== undefined && { fault: describeFault(error) }),
            ...requestIdOf(fields),
          }),
        activityLost: (activity, error) =>
          warn("activity lost", { activity, fault: describeFault(error), ...requestIdOf(fields) }),
        routine: () => void (isRoutine = true),
        fault: (fault) => void (failure = { fault }),
        end() {
          const some = [...counts].filter(([, count]) => count > 0);
          const line = () => ({ ...fields, durationMs: now() - startedAt });
          if (failure !== undefined) logger.error("call", { ...line(), fault: describeFault(failure.fault) });
          else if (isWritten("INFO") && (!isRoutine || some.length > 0 || logRoutine()))
            logger.info("call", line());
          if (some.length > 0) publish((metrics ??= makeMetrics()), some);
        },
      };
    },
  };
}

const requestIdOf = ({ requestId }: CallFields): CallFields => (requestId === undefined ? {} : { requestId });

/** In one go, so that calls which overlap in one process do not publish each other's counts. */
function publish(metrics: MetricsSink, counts: readonly (readonly [MetricName, number])[]): void {
  for (const [name, count] of counts) metrics.addMetric(name, "Count", count);
  metrics.publishStoredMetrics();
}

const MOST_CAUSES = 5;

interface FaultLine {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: FaultLine;
}

/** Name, message and stack only: an SDK's errors also carry requests and items. */
function describeFault(fault: unknown, causes = MOST_CAUSES): FaultLine {
  if (!(fault instanceof Error)) return { name: typeof fault, message: "the thrown value is not an Error" };
  const { name, message, stack, cause } = fault;
  return {
    name,
    message,
    ...(stack !== undefined && { stack: readableStack(stack) }),
    ...(cause !== undefined && causes > 0 && { cause: describeFault(cause, causes - 1) }),
  };
}
