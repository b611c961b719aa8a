import type { IRestApi, RestApi } from "aws-cdk-lib/aws-apigateway";
import type { HttpApi, IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";

/** An API that has routes of the sessions, and what it publishes. */
export interface ApiMetrics {
  readonly construct: Construct;
  readonly stack: Stack;
  readonly requests: Metric;
  readonly clientErrors: Metric;
  readonly serverErrors: Metric;
  readonly p50: Metric;
  readonly p99: Metric;
}

/** `undefined` for an imported REST API: its metrics are known by a name that the import does not have. */
export function apiMetricsOf(api: HttpApi | IHttpApi | RestApi | IRestApi): ApiMetrics | undefined {
  if (!Construct.isConstruct(api) || !("metricServerError" in api)) return undefined;
  const sum = { statistic: "Sum" };
  return {
    construct: api as unknown as Construct,
    stack: Stack.of(api),
    requests: api.metricCount({ ...sum, label: "requests" }),
    clientErrors: api.metricClientError({ ...sum, label: "4xx" }),
    serverErrors: api.metricServerError({ ...sum, label: "5xx" }),
    p50: api.metricLatency({ statistic: "p50", label: "p50" }),
    p99: api.metricLatency({ statistic: "p99", label: "p99" }),
  };
}
