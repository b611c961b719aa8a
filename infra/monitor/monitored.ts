import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { MetricName } from "../../src/runtime/function-settings.ts";

/** The parts of the sessions that are watched. */
export interface Monitored {
  /** By their ids. */
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** What the objective for validations is about. */
  readonly validating: readonly LambdaFunction[];
  /** What tells of changes, where events are on. */
  readonly outbox?: MonitoredOutbox | undefined;
  /** By what their ids begin with: `sessions`, `users`, `sign-in`, `activity`. */
  readonly tables: Readonly<Record<string, Table>> & { readonly sessions: Table };
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

/** The outbox: the function, and the queue of what it could not tell. */
export interface MonitoredOutbox {
  readonly lambda: LambdaFunction;
  readonly untold: Queue;
  /** Whether it sends hints to pages. */
  readonly push: boolean;
}
