import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as LambdaTarget } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { RECOUNT } from "../function-ids.ts";
import { createFunction, type FunctionContext } from "../functions.ts";

/**
 * The function that keeps the counters of activity right, and when it does what: it measures how many
 * sessions are live each quarter of an hour, and recounts each night. `undefined` where activity is off.
 */
export function createRecount(scope: Construct, context: FunctionContext): LambdaFunction | undefined {
  if (context.tables.activity === undefined) return undefined;
  const lambda = createFunction(scope, RECOUNT, context);
  const onSchedule = (id: string, schedule: Schedule, task: string, description: string): void => {
    new Rule(scope, id, {
      schedule,
      description,
      targets: [
        new LambdaTarget(lambda, {
          event: RuleTargetInput.fromObject({ task }),
          // The next one does it again.
          retryAttempts: 1,
          maxEventAge: Duration.minutes(10),
        }),
      ],
    });
  };
  onSchedule(
    "measure-rule",
    Schedule.rate(Duration.minutes(15)),
    "measure",
    "Single session: how many sessions are live",
  );
  onSchedule(
    "recount-rule",
    Schedule.cron({ hour: "3", minute: "20" }),
    "recount",
    "Single session: corrects the counters of the last two days",
  );
  return lambda;
}
