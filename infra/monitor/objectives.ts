import { Duration } from "aws-cdk-lib";
import {
  AlarmRule,
  AlarmState,
  CompositeAlarm,
  MathExpression,
  TreatMissingData,
  type IMetric,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { IAlarmActionStrategy } from "cdk-monitoring-constructs";
import type { Construct } from "constructs";
import { OBJECTIVE_ALARMS, runbookOf, type ObjectiveAlarm } from "./alarms.ts";
import type { Monitored } from "./monitored.ts";

/**
 * Where an allowance is used up so many times faster than it lasts for 30 days: 2 % of it in an hour, or 5 %
 * in six; and still so in the short window, so that the alarm ends soon after the trouble does ("The Site
 * Reliability Workbook", chapter 5).
 */
const BURNS = [
  { name: "fast", rate: 14.4, long: Duration.hours(1), short: Duration.minutes(5) },
  { name: "slow", rate: 6, long: Duration.hours(6), short: Duration.minutes(30) },
] as const;

/** What an objective is measured by. */
interface Indicator {
  /** The percentage that failed, where anything did. */
  readonly expression: string;
  readonly metrics: Readonly<Record<string, IMetric>>;
}

/** So few failures are no trend, however few calls there were. */
const FEWEST_FAILED_VALIDATIONS = 5;

/**
 * The indicator of each objective; `docs/operate/slo.md` says what it cannot see. `SUM` of a list passes over
 * what has no value, as arithmetic does not.
 */
export function indicatorOf(name: ObjectiveAlarm, { validating, metric }: Monitored): Indicator {
  if (name === "slo-revocations") {
    return {
      expression: "100 * unfinished / SUM([revoked, unfinished])",
      metrics: { unfinished: metric("RevocationsUnfinished"), revoked: metric("Revoked") },
    };
  }
  const named = (kind: string, metricOf: (lambda: LambdaFunction) => IMetric) =>
    Object.fromEntries(validating.map((lambda, index) => [`${kind}${index + 1}`, metricOf(lambda)]));
  const calls = named("calls", (lambda) => lambda.metricInvocations());
  const errors = named("errors", (lambda) => lambda.metricErrors());
  const throttles = named("throttles", (lambda) => lambda.metricThrottles());
  const sum = (...parts: object[]): string => `SUM([${parts.flatMap(Object.keys).join(", ")}])`;
  const answered = { failed: metric("ValidationsFailed") };
  const failed = sum(errors, throttles, answered);
  return {
    expression: `IF(${failed} >= ${FEWEST_FAILED_VALIDATIONS}, 100 * ${failed} / ${sum(calls, throttles)}, 0)`,
    metrics: { ...calls, ...errors, ...throttles, ...answered },
  };
}

/** The percentage that failed, over a time. */
export const failedShare = (
  name: ObjectiveAlarm,
  monitored: Monitored,
  period: Duration,
  label: string,
): MathExpression => {
  const { expression, metrics } = indicatorOf(name, monitored);
  return new MathExpression({ expression, usingMetrics: { ...metrics }, period, label });
};

/**
 * An alarm that goes off when an objective is missed so fast that somebody should look now.
 * @param percentage what is promised.
 */
export function createObjectiveAlarm(
  scope: Construct,
  name: ObjectiveAlarm,
  percentage: number,
  monitored: Monitored,
  action: IAlarmActionStrategy,
): CompositeAlarm {
  const alarmName = `${monitored.prefix}-${name}`;
  const windows = BURNS.map(({ name: burn, rate, long, short }) =>
    AlarmRule.allOf(
      ...[long, short].map((period) => {
        const suffix = `${burn}-${period.toMinutes()}m`;
        const part = failedShare(name, monitored, period, "failed, in percent").createAlarm(
          scope,
          `${name}-${suffix}`,
          {
            alarmName: `${alarmName}-${suffix}`,
            alarmDescription: `A part of the alarm ${alarmName}, which tells what to do.`,
            // Rounded, for 100 - 99.9 is not 0.1 in binary.
            threshold: Number((rate * (100 - percentage)).toFixed(6)),
            evaluationPeriods: 1,
            treatMissingData: TreatMissingData.NOT_BREACHING,
            actionsEnabled: false,
          },
        );
        return AlarmRule.fromAlarm(part, AlarmState.ALARM);
      }),
    ),
  );
  const alarm = new CompositeAlarm(scope, name, {
    compositeAlarmName: alarmName,
    alarmDescription: `${OBJECTIVE_ALARMS[name]} Promised: ${percentage} % over 30 days. \r\nRunbook: ${runbookOf(name)}`,
    alarmRule: AlarmRule.anyOf(...windows),
  });
  action.addAlarmActions({ alarm, action });
  return alarm;
}
