import type { CustomMetric, CustomMetricGroup, MetricWithAlarmSupport } from "cdk-monitoring-constructs";
import type { MetricName } from "../../src/runtime/function-settings.ts";
import type { ThresholdAlarm } from "./alarms.ts";
import type { Monitored } from "./monitored.ts";

/**
 * A metric that an alarm watches, where it is on.
 * @param suffix tells alarms of one name apart: the function, the table.
 */
export type Watch = (name: ThresholdAlarm, metric: MetricWithAlarmSupport, suffix?: string) => CustomMetric;

/** A part of the dashboard with its alarms. */
export interface Section {
  readonly title: string;
  readonly groups: CustomMetricGroup[];
}

/** Metrics of ours, under their names. */
export const counted =
  ({ metric }: Monitored) =>
  (name: MetricName): MetricWithAlarmSupport =>
    metric(name, { label: name });
