import {
  CreateTableCommand,
  DescribeTableCommand,
  type CreateTableCommandInput,
} from "@aws-sdk/client-dynamodb";
import { RemovalPolicy } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import * as directory from "../../src/identity/directory-table.ts";
import * as signInTable from "../../src/identity/sign-in-table.ts";
import * as jobsTable from "../../src/jobs/jobs-table.ts";
import { TTL_ATTRIBUTE } from "../../src/sessions/table.ts";
import {
  createActivityTable,
  createDirectoryTable,
  createJobsTable,
  createSessionsTable,
  createSignInTable,
  sdkClient,
} from "../support/dynamodb.ts";
import { constructIn, resourceOf, resourcesOf } from "./support.ts";

const TABLE = "AWS::DynamoDB::Table";
const { stack } = constructIn();
const sessions = resourceOf(stack, TABLE, "Sessionssessionstable");
const users = resourceOf(stack, TABLE, "Sessionsuserstable");
const signIn = resourceOf(stack, TABLE, "Sessionssignintable");
const activity = resourceOf(stack, TABLE, "Sessionsactivitytable");
const jobs = resourceOf(stack, TABLE, "Sessionsjobstable");

/** What DynamoDB says of a table's keys and indexes, in one order. */
async function shapeOf(tableName: string): Promise<unknown> {
  const { Table: table } = await sdkClient().send(new DescribeTableCommand({ TableName: tableName }));
  const byName = <T>(items: T[] | undefined, name: (item: T) => string | undefined) =>
    items?.toSorted((a, b) => String(name(a)).localeCompare(String(name(b))));
  return {
    attributes: byName(table?.AttributeDefinitions, (attribute) => attribute.AttributeName),
    keys: table?.KeySchema,
    indexes: byName(table?.GlobalSecondaryIndexes, (index) => index.IndexName)?.map((index) => ({
      name: index.IndexName,
      keys: index.KeySchema,
      projection: index.Projection,
    })),
    billing: table?.BillingModeSummary?.BillingMode,
  };
}

/** Creates a table from the template's own words. */
async function createFromTemplate(properties: Record<string, unknown>): Promise<string> {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, BillingMode } =
    properties as unknown as CreateTableCommandInput;
  const TableName = `template-${Math.random().toString(36).slice(2)}`;
  await sdkClient().send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      BillingMode,
    }),
  );
  return TableName;
}

describe("the sessions table", () => {
  it("has the same keys and indexes as the one that the other tests run on", async () => {
    expect(await shapeOf(await createFromTemplate(sessions.Properties))).toEqual(
      await shapeOf(await createSessionsTable()),
    );
  });

  it("expires items by the TTL attribute and streams new and old images", () => {
    expect(sessions.Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
    });
  });
});

describe("the password directory's table", () => {
  it("has the same key as the one that the other tests run on", async () => {
    expect(await shapeOf(await createFromTemplate(users.Properties))).toEqual(
      await shapeOf(await createDirectoryTable()),
    );
    expect(users.Properties["KeySchema"]).toEqual([
      { AttributeName: directory.PARTITION_KEY, KeyType: "HASH" },
    ]);
  });

  it("is not made where the identity source is off", () => {
    const { stack: bare, sessions: construct } = constructIn({ identity: [], jobs: false });
    expect(Object.keys(resourcesOf(bare, TABLE))).toHaveLength(2);
    expect(construct.usersTable).toBeUndefined();
    expect(JSON.stringify(resourcesOf(bare, "AWS::Lambda::Function"))).not.toContain("USERS_TABLE");
  });
});

describe("the sign-in table", () => {
  it("has the same key as the one that the other tests run on, and expires items by its TTL attribute", async () => {
    expect(await shapeOf(await createFromTemplate(signIn.Properties))).toEqual(
      await shapeOf(await createSignInTable()),
    );
    expect(signIn.Properties["TimeToLiveSpecification"]).toEqual({
      AttributeName: signInTable.TTL_ATTRIBUTE,
      Enabled: true,
    });
  });

  it("is not made where nobody signs in by these functions but a trusted backend's users", () => {
    expect(constructIn({ identity: [] }).sessions.signInTable).toBeUndefined();
  });
});

describe("the activity table", () => {
  it("has the same keys and indexes as the one that the other tests run on, and expires items", async () => {
    expect(await shapeOf(await createFromTemplate(activity.Properties))).toEqual(
      await shapeOf(await createActivityTable()),
    );
    expect(activity.Properties["TimeToLiveSpecification"]).toEqual({ AttributeName: "ttl", Enabled: true });
  });

  it.each([false, { activity: false }])("is not made with events: %j, nor what keeps it right", (events) => {
    const { stack: without, sessions: construct } = constructIn({ events });
    expect(construct.activityTable).toBeUndefined();
    const functions = resourcesOf(without, "AWS::Lambda::Function");
    expect(JSON.stringify(functions)).not.toMatch(/recount|ACTIVITY_TABLE|activity/);
    expect(resourcesOf(without, "AWS::Events::Rule")).toEqual({});
  });
});

describe("the jobs table", () => {
  it("has the same keys as the one that the other tests run on, and expires items by its TTL attribute", async () => {
    expect(await shapeOf(await createFromTemplate(jobs.Properties))).toEqual(
      await shapeOf(await createJobsTable()),
    );
    expect(jobs.Properties["TimeToLiveSpecification"]).toEqual({
      AttributeName: jobsTable.TTL_ATTRIBUTE,
      Enabled: true,
    });
    // Lists have no part in what the outbox reads.
    expect(jobs.Properties).not.toHaveProperty("StreamSpecification");
  });

  it("its functions and its routes are not made where jobs are off", () => {
    const { stack: without, sessions: construct } = constructIn({ jobs: false });
    expect(Object.keys(resourcesOf(without, TABLE)).join()).not.toMatch(/jobs/);
    expect(Object.keys(resourcesOf(without, "AWS::Lambda::Function")).join()).not.toMatch(/jobs?[0-9A-F]{8}/);
    const parts = [construct.jobsTable, construct.runJobFunction, construct.jobsFunction];
    expect(parts).toEqual([undefined, undefined, undefined]);
    expect(construct.paths.filter((path) => path.includes("jobs"))).toEqual([]);
  });
});

describe.each([
  ["jobs", jobs],
  ["sessions", sessions],
  ["users", users],
  ["sign-in", signIn],
  ["activity", activity],
])("the %s table", (_, table) => {
  it("is on-demand, recoverable to a point in time, and kept", () => {
    expect(table.Properties).toMatchObject({
      BillingMode: "PAY_PER_REQUEST",
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      DeletionProtectionEnabled: true,
    });
    expect(table.DeletionPolicy).toBe("Retain");
  });
});

describe("a throwaway construct", () => {
  it("lets its tables and logs go", () => {
    const { stack: throwaway } = constructIn({
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const table of Object.values(resourcesOf(throwaway, TABLE))) {
      expect(table.Properties["DeletionProtectionEnabled"]).toBe(false);
      expect(table.DeletionPolicy).toBe("Delete");
    }
    for (const log of Object.values(resourcesOf(throwaway, "AWS::Logs::LogGroup"))) {
      expect(log.DeletionPolicy).toBe("Delete");
    }
  });
});
