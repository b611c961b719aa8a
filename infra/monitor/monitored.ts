import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { MetricName } from "../../src/runtime/function-settings.ts";
import type { Functions } from "../functions.ts";

/** The parts of the sessions that are watched. */
export interface Monitored {
  readonly functions: Functions;
  /** By what their ids begin with: `sessions`, `users`, `sign-in`. */
  readonly tables: Readonly<Record<string, Table>>;
  readonly revocationFailures: Queue;
  /** What the names of its alarms and of the dashboard begin with. */
  readonly prefix: string;
  /** Whether a function says what policy a user has. */
  readonly hasPolicyFunction: boolean;
  /** Whether people sign in through the API. */
  readonly signsIn: boolean;
  /** A metric of the functions' own; the sum unless said otherwise. */
  readonly metric: (name: MetricName, options?: MetricOptions) => Metric;
}
