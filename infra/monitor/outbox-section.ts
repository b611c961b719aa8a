import { Fn } from "aws-cdk-lib";
import { MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Monitored, MonitoredOutbox } from "./monitored.ts";
import { counted, type Section, type Watch } from "./section.ts";

/** What is told of sessions, and what is not. */
export function outboxSection(
  monitored: Monitored,
  { lambda, untold, push }: MonitoredOutbox,
  watch: Watch,
): Section {
  const of = counted(monitored);
  const age = new MathExpression({
    expression: "age / 1000",
    usingMetrics: { age: lambda.metric("IteratorAge", { statistic: "Maximum" }) },
    label: "seconds behind",
  });
  const waiting = untold.metricApproximateNumberOfMessagesVisible({
    statistic: "Maximum",
    label: "events in the queue",
  });
  return {
    title: "Events",
    groups: [
      { title: "Events told", metrics: [of("EventsTold")] },
      { title: "Age of what is told", metrics: [watch("outbox-behind", age)] },
      {
        title: "Written, and not read",
        metrics: [watch("outbox-silent", unread(monitored.tables.sessions))],
      },
      {
        title: "Not told",
        metrics: [
          of("EventsUntold"),
          watch("events-untold", waiting),
          watch("events-dropped", of("EventsDropped")),
          watch("events-lost", of("EventsLost")),
        ],
      },
      ...("activity" in monitored.tables
        ? [{ title: "Activity not kept", metrics: [of("ActivityLost")] }]
        : []),
      ...(push ? [{ title: "Hints to pages", metrics: [watch("hints-failed", of("HintsFailed"))] }] : []),
    ],
  };
}

/**
 * 1 where the table was written to and nobody read a record of its stream. Both are DynamoDB's own metrics,
 * and cost nothing; those of the mapping would be paid for. `SUM` of a list passes over what has no value.
 */
function unread(table: Table): MathExpression {
  const written = table.metricConsumedWriteCapacityUnits({ statistic: "Sum" });
  const read = new Metric({
    namespace: "AWS/DynamoDB",
    metricName: "ReturnedRecordsCount",
    dimensionsMap: {
      TableName: table.tableName,
      // `arn:aws:dynamodb:…:table/NAME/stream/LABEL`
      StreamLabel: Fn.select(3, Fn.split("/", table.tableStreamArn ?? "")),
      Operation: "GetRecords",
    },
    statistic: "Sum",
  });
  const none = new MathExpression({ expression: "0 * written", usingMetrics: { written } });
  return new MathExpression({
    expression: "IF(written > 0 AND SUM([read, none]) < 1, 1, 0)",
    usingMetrics: { written, read, none },
    label: "written, and not read",
  });
}
