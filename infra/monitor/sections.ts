import { Duration } from "aws-cdk-lib";
import { MathExpression, TextWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { DOCUMENTATION_URL } from "../../src/api/parts/problem-type.ts";
import type { ApiMetrics } from "./api-metrics.ts";
import type { Monitored } from "./monitored.ts";
import { failedShare } from "./objectives.ts";
import { outboxSection } from "./outbox-section.ts";
import { counted, type Section, type Watch } from "./section.ts";

/** The graphs of the dashboard, from top to bottom. */
export function sectionsOf(monitored: Monitored, watch: Watch): Section[] {
  return [
    sessionsSection(monitored, watch),
    failuresSection(monitored, watch),
    revocationsSection(monitored, watch),
    functionsSection(monitored, watch),
    ...(monitored.outbox ? [outboxSection(monitored, monitored.outbox, watch)] : []),
  ];
}

function sessionsSection(monitored: Monitored, watch: Watch): Section {
  const of = counted(monitored);
  const guessing = new MathExpression({
    expression: "SUM([failed, throttled])",
    usingMetrics: { failed: of("FailedLogins"), throttled: of("Throttled") },
    label: "failed and throttled logins",
  });
  return {
    title: "Sessions",
    groups: [
      { title: "Logins", metrics: [of("Logins"), of("Denied")] },
      // How many expire is counted nowhere: nothing runs when they do.
      { title: "Endings by reason", metrics: [of("Displaced"), of("Logouts"), of("Revoked")] },
      {
        title: "Guessing",
        metrics: [
          of("FailedLogins"),
          of("Throttled"),
          ...(monitored.signsIn ? [watch("guessing", guessing)] : []),
        ],
      },
      { title: "Shared accounts", metrics: [watch("contention", of("SessionContention"))] },
    ],
  };
}

function failuresSection(monitored: Monitored, watch: Watch): Section {
  const of = counted(monitored);
  const hour = Duration.hours(1);
  return {
    title: "Failures",
    groups: [
      {
        title: "503 and 500",
        metrics: [watch("unavailable", of("Unavailable")), watch("faults", of("Faults"))],
      },
      {
        title: "What failed",
        metrics: [
          of("ValidationsFailed"),
          watch("touches-failed", of("TouchesFailed")),
          ...(monitored.hasPolicyFunction ? [watch("policy-faults", of("PolicyFaults"))] : []),
        ],
      },
      {
        title: "Percent of an hour that missed its objective",
        metrics: [
          failedShare("slo-validations", monitored, hour, "validations"),
          failedShare("slo-revocations", monitored, hour, "revocations"),
        ],
      },
    ],
  };
}

function revocationsSection(monitored: Monitored, watch: Watch): Section {
  const of = counted(monitored);
  const lost = monitored.revocationFailures.metricApproximateNumberOfMessagesVisible({
    statistic: "Maximum",
    label: "events not carried out",
  });
  return {
    title: "Revocations",
    groups: [
      { title: "Sessions revoked", metrics: [of("Revoked"), of("RevocationsSkipped")] },
      {
        title: "Not carried out",
        metrics: [
          watch("revocations-unfinished", of("RevocationsUnfinished")),
          of("RevocationsRefused"),
          watch("revocations-lost", lost),
        ],
      },
    ],
  };
}

function functionsSection({ functions }: Monitored, watch: Watch): Section {
  const each = Object.entries(functions);
  return {
    title: "Functions",
    groups: [
      { title: "Invocations", metrics: each.map(([label, lambda]) => lambda.metricInvocations({ label })) },
      {
        title: "Duration, p50",
        metrics: each.map(([label, lambda]) => lambda.metricDuration({ label, statistic: "p50" })),
      },
      {
        title: "Duration, p99",
        metrics: each.map(([label, lambda]) => lambda.metricDuration({ label, statistic: "p99" })),
      },
      {
        title: "Errors: not loaded, out of time, thrown",
        metrics: each.map(([label, lambda]) =>
          watch("function-errors", lambda.metricErrors({ label, statistic: "Sum" }), label),
        ),
      },
      {
        title: "Throttles",
        metrics: each.map(([label, lambda]) =>
          watch("function-throttles", lambda.metricThrottles({ label, statistic: "Sum" }), label),
        ),
      },
    ],
  };
}

/** One API that has our routes, and whatever else is on it. */
export const apiSection = (
  { requests, clientErrors, serverErrors, p50, p99, construct }: ApiMetrics,
  watch: Watch,
  suffix: string,
): Section => ({
  title: `API ${construct.node.path}`,
  groups: [
    { title: "Requests", metrics: [requests, clientErrors] },
    { title: "5xx", metrics: [watch("api-errors", serverErrors, suffix)] },
    { title: "Latency", metrics: [p50, p99] },
  ],
});

/** What the bill grows with. Prices are not metrics; the page of the costs has them. */
export function costSection({ functions, tables }: Monitored): Section {
  /** The ids are unlike those of other sums in the same graph. */
  const sumOf = (label: string, metrics: readonly IMetric[]): MathExpression => {
    const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`${label}${index}`, metric]));
    return new MathExpression({
      expression: `SUM([${Object.keys(usingMetrics).join(", ")}])`,
      usingMetrics,
      label,
    });
  };
  const lambdas = Object.values(functions);
  const each = Object.values(tables);
  return {
    title: "What the bill grows with",
    groups: [
      {
        title: "Function calls",
        metrics: [
          sumOf(
            "calls",
            lambdas.map((lambda) => lambda.metricInvocations()),
          ),
        ],
      },
      {
        title: "DynamoDB request units",
        metrics: [
          sumOf(
            "read",
            each.map((table) => table.metricConsumedReadCapacityUnits()),
          ),
          sumOf(
            "write",
            each.map((table) => table.metricConsumedWriteCapacityUnits()),
          ),
        ],
      },
      {
        title: "Bytes of log lines",
        metrics: [
          sumOf(
            "bytes",
            lambdas.map(({ logGroup }) => logGroup.metricIncomingBytes({ statistic: "Sum" })),
          ),
        ],
      },
    ],
  };
}

/** What stands at the top. */
export const introduction = (): TextWidget =>
  new TextWidget({
    width: 24,
    height: 2,
    markdown:
      `[What the metrics mean](${DOCUMENTATION_URL}operate/monitor) · [the ` +
      `alarms](${DOCUMENTATION_URL}operate/alarms/) · [the objectives](${DOCUMENTATION_URL}operate/slo) ` +
      `· [costs](${DOCUMENTATION_URL}design/cost)\n\nHow many sessions are live is not shown: no metric ` +
      "counts those that expire.",
  });
