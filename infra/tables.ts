import type { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import * as activity from "../src/activity/table.ts";
import type { BaselineProps } from "./baseline.ts";
import * as directory from "../src/identity/directory-table.ts";
import * as signIn from "../src/identity/sign-in-table.ts";
import * as jobsTable from "../src/jobs/jobs-table.ts";
import { INDEXES, PARTITION_KEY, TTL_ATTRIBUTE } from "../src/sessions/table.ts";
import type { Settings } from "./settings/settings.ts";
import { noteUsersTable } from "./synth-notes.ts";

/** What becomes of a table when its stack goes. */
export interface TableProtection {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
}

/** What becomes of a table, and what an organization's baseline says of it. */
export interface TableOptions extends TableProtection, Pick<BaselineProps, "encryptionKey" | "namePrefix"> {}

const PROJECTIONS = { "keys-only": ProjectionType.KEYS_ONLY, all: ProjectionType.ALL } as const;

/** The tables of one construct. */
export interface CreatedTables {
  readonly sessions: Table;
  /** The password directory's, also where it is only kept. */
  readonly usersTable?: Table;
  /** The same, where people sign in by it. */
  readonly users?: Table;
  readonly signIn?: Table;
  /** Where activity is on. */
  readonly activity?: Table;
  readonly jobs?: Table;
}

/** Makes the tables that the settings need. */
export function createTables(
  scope: Construct,
  {
    identity,
    keepUsersTable,
    events,
    jobs,
  }: Pick<Settings, "identity" | "keepUsersTable" | "events" | "jobs">,
  options: TableOptions,
): CreatedTables {
  const sessions = createSessionsTable(scope, options);
  const isKept = identity.passwords || keepUsersTable === true;
  const usersTable = isKept ? createUsersTable(scope, options) : undefined;
  if (!isKept && keepUsersTable === undefined) noteUsersTable(scope, options.removalPolicy);
  const signsIn = identity.passwords || identity.oidc.length > 0;
  return {
    sessions,
    ...(usersTable && { usersTable }),
    ...(usersTable && identity.passwords && { users: usersTable }),
    ...(signsIn && { signIn: createSignInTable(scope, options) }),
    ...(events?.activity === true && { activity: createActivityTable(scope, options) }),
    ...(jobs && { jobs: createJobsTable(scope, options) }),
  };
}

/** The sessions table (design section 3). */
function createSessionsTable(scope: Construct, options: TableOptions): Table {
  const table = new Table(scope, "sessions-table", {
    ...shared(options, "sessions"),
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: TTL_ATTRIBUTE,
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
  for (const { name, partitionKey, sortKey, projection } of INDEXES) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.NUMBER },
      projectionType: PROJECTIONS[projection],
    });
  }
  return table;
}

/** The password directory's table. */
function createUsersTable(scope: Construct, options: TableOptions): Table {
  return new Table(scope, "users-table", {
    ...shared(options, "users"),
    partitionKey: { name: directory.PARTITION_KEY, type: AttributeType.STRING },
  });
}

/** The sign-in table: used id tokens, failed attempts, devices. Its items come and go by TTL. */
function createSignInTable(scope: Construct, options: TableOptions): Table {
  return new Table(scope, "sign-in-table", {
    ...shared(options, "sign-in"),
    partitionKey: { name: signIn.PARTITION_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: signIn.TTL_ATTRIBUTE,
  });
}

/** What happened, its counters by the hour, and who may share an account. Its items go by TTL. */
function createActivityTable(scope: Construct, options: TableOptions): Table {
  const table = new Table(scope, "activity-table", {
    ...shared(options, "activity"),
    partitionKey: { name: activity.PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: activity.SORT_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: activity.TTL_ATTRIBUTE,
  });
  for (const { name, partitionKey, sortKey } of activity.INDEXES) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      projectionType: ProjectionType.ALL,
    });
  }
  return table;
}

/**
 * The jobs table: lists of users to log out. Not a part of the sessions table, whose stream would carry each
 * list, and whose capacity a list that is being written would take from logins.
 */
function createJobsTable(scope: Construct, options: TableOptions): Table {
  return new Table(scope, "jobs-table", {
    ...shared(options, "jobs"),
    partitionKey: { name: jobsTable.PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: jobsTable.SORT_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: jobsTable.TTL_ATTRIBUTE,
  });
}

const shared = (
  { encryptionKey, namePrefix, removalPolicy, deletionProtection }: TableOptions,
  name: string,
) => ({
  removalPolicy,
  deletionProtection,
  ...(namePrefix !== undefined && { tableName: `${namePrefix}-${name}` }),
  ...(encryptionKey && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  billingMode: BillingMode.PAY_PER_REQUEST,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
});
