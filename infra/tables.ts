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
import type { BaselineProps } from "./baseline.ts";
import * as directory from "../src/identity/directory-table.ts";
import * as signIn from "../src/identity/sign-in-table.ts";
import { BY_USER_INDEX, ENDINGS_BY_USER_INDEX, PARTITION_KEY, TTL_ATTRIBUTE } from "../src/sessions/table.ts";

/** What becomes of a table when its stack goes. */
export interface TableProtection {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
}

/** What becomes of a table, and what an organization's baseline says of it. */
export interface TableOptions extends TableProtection, Pick<BaselineProps, "encryptionKey" | "namePrefix"> {}

/** The sessions table (design section 3). */
export function createSessionsTable(scope: Construct, options: TableOptions): Table {
  const table = new Table(scope, "sessions-table", {
    ...shared(options, "sessions"),
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: TTL_ATTRIBUTE,
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
  });
  // Keys only: a touch changes no key, so it writes no index.
  addIndex(table, BY_USER_INDEX, ProjectionType.KEYS_ONLY);
  addIndex(table, ENDINGS_BY_USER_INDEX, ProjectionType.ALL);
  return table;
}

/** The password directory's table. */
export function createUsersTable(scope: Construct, options: TableOptions): Table {
  return new Table(scope, "users-table", {
    ...shared(options, "users"),
    partitionKey: { name: directory.PARTITION_KEY, type: AttributeType.STRING },
  });
}

/** The sign-in table: used id tokens, failed attempts, devices. Its items come and go by TTL. */
export function createSignInTable(scope: Construct, options: TableOptions): Table {
  return new Table(scope, "sign-in-table", {
    ...shared(options, "sign-in"),
    partitionKey: { name: signIn.PARTITION_KEY, type: AttributeType.STRING },
    timeToLiveAttribute: signIn.TTL_ATTRIBUTE,
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

/** Both indexes sort a user's items by a time, in epoch milliseconds. */
function addIndex(
  table: Table,
  index: { readonly name: string; readonly partitionKey: string; readonly sortKey: string },
  projectionType: ProjectionType,
): void {
  table.addGlobalSecondaryIndex({
    indexName: index.name,
    partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
    sortKey: { name: index.sortKey, type: AttributeType.NUMBER },
    projectionType,
  });
}
