import type { EventApi } from "aws-cdk-lib/aws-appsync";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { SettingError } from "../settings/setting-error.ts";
import { apiMetricsOf, type ApiMetrics } from "./api-metrics.ts";
import { readMonitorProps, type MonitorProps } from "./monitor-props.ts";
import type { Monitored } from "./monitored.ts";
import { SessionMonitor } from "./monitor.ts";

/** What of the sessions' construct is watched. */
interface WatchedSessions extends Construct, Pick<Monitored, "revocationFailures" | "metric"> {
  readonly sessionsTable: Table;
  readonly usersTable?: Table;
  readonly signInTable?: Table;
  readonly activityTable?: Table;
  readonly validateFunction: LambdaFunction;
  readonly authorizeFunction: LambdaFunction;
  readonly outboxFunction?: LambdaFunction;
  readonly untoldEvents?: Queue;
  readonly eventApi?: EventApi;
}

/** The monitor of sessions, of which there is at most one, and the APIs that it watches. */
export class Monitoring {
  readonly #parts: Pick<Monitored, "functions" | "prefix" | "hasPolicyFunction">;
  readonly #apis: ApiMetrics[] = [];
  #monitor?: SessionMonitor;

  constructor(parts: Pick<Monitored, "functions" | "prefix" | "hasPolicyFunction">) {
    this.#parts = parts;
  }

  /** An API that has routes of the sessions, before the monitor is made or after it. */
  addApi(api: Parameters<typeof apiMetricsOf>[0]): void {
    const metrics = apiMetricsOf(api);
    if (metrics === undefined || this.#apis.some(({ construct }) => construct === metrics.construct)) return;
    this.#apis.push(metrics);
    this.#monitor?.addApi(metrics);
  }

  /** @throws SettingError for an option that cannot be right, and for a second call. */
  monitor(sessions: WatchedSessions, props: MonitorProps): SessionMonitor {
    if (this.#monitor) {
      const { path } = sessions.node;
      throw new SettingError(`monitor() of ${path} was called before`, "one call for each construct");
    }
    const settings = readMonitorProps({ name: "monitor", source: "prop", value: props });
    const monitored = { ...this.#parts, ...watchedParts(sessions) };
    const monitor = new SessionMonitor(sessions, "monitor", monitored, settings);
    for (const api of this.#apis) monitor.addApi(api);
    this.#monitor = monitor;
    return monitor;
  }
}

function watchedParts(sessions: WatchedSessions) {
  const { sessionsTable, usersTable, signInTable, outboxFunction, untoldEvents, eventApi } = sessions;
  return {
    ...(outboxFunction &&
      untoldEvents && {
        outbox: { lambda: outboxFunction, untold: untoldEvents, push: eventApi !== undefined },
      }),
    validating: [sessions.validateFunction, sessions.authorizeFunction],
    tables: {
      sessions: sessionsTable,
      ...(usersTable && { users: usersTable }),
      ...(signInTable && { "sign-in": signInTable }),
      ...(sessions.activityTable && { activity: sessions.activityTable }),
    },
    revocationFailures: sessions.revocationFailures,
    signsIn: signInTable !== undefined,
    metric: sessions.metric.bind(sessions),
  };
}
