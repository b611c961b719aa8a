import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { BY_LIST_INDEX, BY_USER_INDEX, hourKey, recordKey, suspectKey } from "../src/activity/table.ts";
import { allow, allowOnIndex } from "./statements.ts";

const RECORDS = recordKey("*").pk;
const HOURS = hourKey(0).pk;
const SUSPECTS = suspectKey("*").pk;

/** What keeps administrators' acts may do: put records, which are not counted. */
export const keepActs = (activity: Table): PolicyStatement => allow(["PutItem"], activity, [RECORDS]);

/** What every other writer of activity may do: put records, and add to an hour. It reads nothing. */
export const writeActivity = (activity: Table): readonly PolicyStatement[] => [
  allow(["PutItem"], activity, [RECORDS]),
  allow(["UpdateItem"], activity, [HOURS]),
];

/** What the outbox does more: it keeps what is known of suspects. */
export const suspectStatements = (activity: Table): readonly PolicyStatement[] => [
  allow(["GetItem", "PutItem"], activity, [SUSPECTS]),
];

/** What the lists and the overview may do: read, and no record by a key that was guessed. */
export const readActivity = (activity: Table): readonly PolicyStatement[] => [
  allow(["Query"], activity, [HOURS]),
  allowOnIndex(["Query"], activity, BY_LIST_INDEX.name),
  allowOnIndex(["Query"], activity, BY_USER_INDEX.name),
];

/**
 * What corrects the counters: it counts records, and writes counters alone. Of the sessions it may learn how
 * many there are, and nothing else.
 */
export const recountStatements = (sessions: Table, activity: Table): readonly PolicyStatement[] => [
  allow(["UpdateItem", "Query"], activity, [HOURS]),
  allowOnIndex(["Query"], activity, BY_LIST_INDEX.name),
  new PolicyStatement({
    actions: ["dynamodb:Scan"],
    resources: [sessions.tableArn],
    conditions: { StringEquals: { "dynamodb:Select": "COUNT" } },
  }),
];
