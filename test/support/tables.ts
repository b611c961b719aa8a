import { randomUUID } from "node:crypto";
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import type { TableNames } from "../../functions/wiring.ts";
import * as activity from "../../src/activity/table.ts";
import * as directory from "../../src/identity/directory-table.ts";
import * as signIn from "../../src/identity/sign-in-table.ts";
import * as jobs from "../../src/jobs/jobs-table.ts";
import * as sessions from "../../src/sessions/table.ts";
import { noteTables } from "./made-tables.ts";

/**
 * The tables for a database without CloudFormation: those of tests, proofs and benchmarks. `infra`'s tests
 * show that the deployed ones have the same shape. No TTL is set: DynamoDB Local would delete items by the
 * real time.
 */

/** The keys and indexes of a table. Partition keys are strings, and so is a table's own sort key. */
export interface TableShape {
  readonly partitionKey: string;
  readonly sortKey?: string;
  readonly indexes?: readonly {
    readonly name: string;
    readonly partitionKey: string;
    readonly sortKey: string;
    /** A number unless given. */
    readonly sortsBy?: "text";
    readonly projection: "keys-only" | "all";
  }[];
}

export const SESSIONS: TableShape = { partitionKey: sessions.PARTITION_KEY, indexes: sessions.INDEXES };
export const USERS: TableShape = { partitionKey: directory.PARTITION_KEY };
export const SIGN_IN: TableShape = { partitionKey: signIn.PARTITION_KEY };
export const ACTIVITY: TableShape = {
  partitionKey: activity.PARTITION_KEY,
  sortKey: activity.SORT_KEY,
  indexes: activity.INDEXES.map((index) => ({ ...index, sortsBy: "text", projection: "all" })),
};
export const JOBS: TableShape = { partitionKey: jobs.PARTITION_KEY, sortKey: jobs.SORT_KEY };

/** Any of the SDK's clients. */
export interface TableClient {
  send(command: CreateTableCommand): Promise<unknown>;
}

/** Creates a table; with a name of its own unless given. @returns its name. */
export async function createTable(
  client: TableClient,
  { partitionKey, sortKey, indexes = [] }: TableShape,
  name = `table-${randomUUID()}`,
): Promise<string> {
  const hash = (AttributeName: string) => ({ AttributeName, KeyType: "HASH" as const });
  const range = (AttributeName: string) => ({ AttributeName, KeyType: "RANGE" as const });
  const text = (AttributeName: string) => ({ AttributeName, AttributeType: "S" as const });
  const number = (AttributeName: string) => ({ AttributeName, AttributeType: "N" as const });
  const attributes = [
    text(partitionKey),
    ...(sortKey === undefined ? [] : [text(sortKey)]),
    ...indexes.flatMap((index) => [
      text(index.partitionKey),
      (index.sortsBy === "text" ? text : number)(index.sortKey),
    ]),
  ];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      // Indexes may share an attribute, which is named once.
      AttributeDefinitions: [
        ...new Map(attributes.map((attribute) => [attribute.AttributeName, attribute])).values(),
      ],
      KeySchema: [hash(partitionKey), ...(sortKey === undefined ? [] : [range(sortKey)])],
      // DynamoDB takes no empty list.
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map((index) => ({
          IndexName: index.name,
          KeySchema: [hash(index.partitionKey), range(index.sortKey)],
          Projection: { ProjectionType: index.projection === "all" ? "ALL" : "KEYS_ONLY" },
        })),
      }),
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  noteTables([name]);
  return name;
}

/** The tables of a deployment where people sign in with passwords or id tokens, by name. */
export type AllTables = Readonly<Record<keyof TableNames, string>>;

/** Creates the tables of a whole deployment, with names of their own. */
export async function createTables(client: TableClient): Promise<AllTables> {
  const suffix = randomUUID();
  return {
    sessions: await createTable(client, SESSIONS, `sessions-${suffix}`),
    users: await createTable(client, USERS, `users-${suffix}`),
    signIn: await createTable(client, SIGN_IN, `sign-in-${suffix}`),
    activity: await createTable(client, ACTIVITY, `activity-${suffix}`),
    jobs: await createTable(client, JOBS, `jobs-${suffix}`),
  };
}
