import { Metric, Stats, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { METRICS, type MetricName } from "../../src/runtime/function-settings.ts";
import { deploymentOf } from "../functions.ts";
import { SettingError } from "../settings/setting-error.ts";

/**
 * A metric that the functions of one construct publish.
 * @throws SettingError for a name that no metric has: its alarm would never go off.
 */
export function sessionMetric(sessions: Construct, metricName: MetricName, options: MetricOptions): Metric {
  if (!METRICS.names.includes(metricName))
    throw new SettingError(`${metricName} is not a metric of these sessions`, METRICS.names.join(", "));
  return new Metric({
    namespace: METRICS.namespace,
    metricName,
    dimensionsMap: { service: METRICS.service, deployment: deploymentOf(sessions) },
    statistic: Stats.SUM,
    ...options,
  });
}
