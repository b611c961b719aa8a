import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteCommand, GetCommand, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Backoff, type BackoffDependencies } from "../dynamodb/backoff.ts";
import { batchGet } from "../dynamodb/batch.ts";
import { conditionalWrite, type ConditionalWrite } from "../dynamodb/conditional-write.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { faultKind, reading } from "../dynamodb/faults.ts";
import { directoryKey } from "./directory-table.ts";
import { permissionsProblem } from "./permissions-problem.ts";
import { userNameProblem } from "./user-name.ts";

import {
  USER_UNCHANGED,
  type DirectoryUser,
  type UserDirectory,
  type UserDirectoryDependencies,
} from "./directory.ts";

const VERSION_BYTES = 16;
/**
 * A login's transaction holds the user's item for milliseconds only; a write that meets one just waits for
 * it.
 */
const WRITE_BACKOFF = { firstMs: 25, longestMs: 500, patienceMs: 5000 };

const USER_EXISTS = "attribute_exists(userName)";
const USER_IS_NEW = "attribute_not_exists(userName)";
const USER_UNCHANGED_CONDITION = "disabled = :disabled AND credentialsVersion = :credentialsVersion";
/**
 * `permissions` is a reserved word of DynamoDB; the hash stays out of every read that does not check a
 * password.
 */
const ALL_BUT_HASH = {
  ProjectionExpression: "userName, isAdmin, #permissions, disabled, credentialsVersion, createdAt, updatedAt",
  ExpressionAttributeNames: { "#permissions": "permissions" },
};

/** The directory in the table whose shape `directory-table.ts` names. */
export function createUserDirectory(dependencies: UserDirectoryDependencies): UserDirectory {
  const { documents, tableName, clock, random = randomBytes } = dependencies;
  const connection: Connection = {
    documents,
    tableName,
    clock,
    sleep: dependencies.sleep ?? ((milliseconds) => sleep(milliseconds)),
    jitter: dependencies.jitter ?? Math.random,
    stopwatch: dependencies.stopwatch ?? (() => performance.now()),
    freshVersion: () => Buffer.from(random(VERSION_BYTES)).toString("base64url"),
  };
  return { ...reads(connection), ...changes(connection), unchangedCheck: unchangedCheck(tableName) };
}

interface Connection
  extends BackoffDependencies, Pick<UserDirectoryDependencies, "documents" | "tableName" | "clock"> {
  readonly freshVersion: () => string;
}

function reads(
  connection: Connection,
): Pick<UserDirectory, "get" | "getWithPasswordHash" | "getMany" | "list"> {
  const { documents, tableName } = connection;
  return {
    async get(userName) {
      if (userNameProblem(userName) !== undefined) return undefined;
      const input = { TableName: tableName, Key: directoryKey(userName), ConsistentRead: true };
      const { Item } = await reading(() => documents.send(new GetCommand({ ...input, ...ALL_BUT_HASH })));
      return Item === undefined ? undefined : toUser(Item);
    },

    async getWithPasswordHash(userName) {
      if (userNameProblem(userName) !== undefined) return undefined;
      const input = { TableName: tableName, Key: directoryKey(userName), ConsistentRead: true };
      const { Item } = await reading(() => documents.send(new GetCommand(input)));
      return Item && { user: toUser(Item), passwordHash: (Item as StoredUser).passwordHash };
    },

    async getMany(userNames) {
      const possible = [...new Set(userNames)].filter((name) => userNameProblem(name) === undefined);
      const items = await batchGet(connection, possible.map(directoryKey));
      return new Map(items.map(toUser).map((user) => [user.userName, user]));
    },

    async list() {
      const users: DirectoryUser[] = [];
      const input = { TableName: tableName, ConsistentRead: true, ...ALL_BUT_HASH };
      let from: Record<string, unknown> | undefined;
      do {
        const command = new ScanCommand({ ...input, ...(from !== undefined && { ExclusiveStartKey: from }) });
        const page = await reading(() => documents.send(command));
        users.push(...(page.Items ?? []).map(toUser));
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
      return users.sort((one, other) => (one.userName < other.userName ? -1 : 1));
    },
  };
}

function changes(
  connection: Connection,
): Pick<UserDirectory, "add" | "setDisabled" | "setPassword" | "setPermissions" | "remove"> {
  const { documents, tableName, clock, freshVersion } = connection;

  /** Changes attributes of a user that exists: an update without the condition would create half a user. */
  async function change(userName: string, changed: Readonly<Record<string, unknown>>) {
    if (userNameProblem(userName) !== undefined) return "not-found";
    const update = settingAll({ ...changed, updatedAt: clock() });
    const target = { TableName: tableName, Key: directoryKey(userName), ConditionExpression: USER_EXISTS };
    const written = await writing(connection, () =>
      documents.send(new UpdateCommand({ ...target, ...update })),
    );
    return written.result === "written" ? "changed" : "not-found";
  }

  return {
    async add({ userName, passwordHash, isAdmin, permissions }) {
      const problem = userNameProblem(userName) ?? permissionsProblem(permissions);
      if (problem !== undefined) throw new RangeError(`a directory user's name or permissions: ${problem}`);
      const now = clock();
      const credentialsVersion = freshVersion();
      const user: DirectoryUser = {
        userName,
        isAdmin,
        permissions,
        disabled: false,
        credentialsVersion,
        createdAt: now,
        updatedAt: now,
      };
      const written = await writing(connection, () =>
        documents.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...user, passwordHash },
            ConditionExpression: USER_IS_NEW,
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        ),
      );
      if (written.result === "written") return "added";
      // The client sends again when an answer was lost: then it is our own user that is in the way.
      return written.item?.["credentialsVersion"] === credentialsVersion ? "added" : "exists";
    },

    setDisabled: (userName, disabled) =>
      change(userName, disabled ? { disabled, credentialsVersion: freshVersion() } : { disabled }),

    setPassword: (userName, passwordHash) =>
      change(userName, { passwordHash, credentialsVersion: freshVersion() }),

    setPermissions(userName, { isAdmin, permissions }) {
      const problem = permissionsProblem(permissions);
      if (problem !== undefined) throw new RangeError(`a directory user's permissions: ${problem}`);
      return change(userName, { isAdmin, permissions, credentialsVersion: freshVersion() });
    },

    async remove(userName) {
      if (userNameProblem(userName) !== undefined) return "not-found";
      const key = { TableName: tableName, Key: directoryKey(userName) };
      const written = await writing(connection, () =>
        documents.send(new DeleteCommand({ ...key, ConditionExpression: USER_EXISTS })),
      );
      return written.result === "written" ? "changed" : "not-found";
    },
  };
}

const unchangedCheck =
  (tableName: string): UserDirectory["unchangedCheck"] =>
  ({ userName, credentialsVersion }) => ({
    name: USER_UNCHANGED,
    action: {
      ConditionCheck: {
        TableName: tableName,
        Key: directoryKey(userName),
        ConditionExpression: USER_UNCHANGED_CONDITION,
        ExpressionAttributeValues: { ":disabled": false, ":credentialsVersion": credentialsVersion },
        // Returned old values would carry the password's hash into an error, and from there into a log.
        ReturnValuesOnConditionCheckFailure: "NONE",
      },
    },
  });

/** An update that sets attributes, whatever their names. */
function settingAll(attributes: Readonly<Record<string, unknown>>) {
  const all = Object.entries(attributes);
  return {
    UpdateExpression: `SET ${all.map(([name]) => `#${name} = :${name}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(all.map(([name, value]) => [`:${name}`, value])),
  };
}

type StoredUser = DirectoryUser & { readonly passwordHash: string };

function toUser(item: Record<string, unknown>): DirectoryUser {
  const { userName, isAdmin, permissions, disabled, credentialsVersion, createdAt, updatedAt } =
    item as unknown as DirectoryUser;
  return { userName, isAdmin, permissions, disabled, credentialsVersion, createdAt, updatedAt };
}

/**
 * Sends a conditional write, again where it met a running transaction or throttling. A failed condition is an
 * answer.
 * @throws StoreUnavailableError with effect `none` where it was refused to the end, `unknown` where no answer
 * came.
 */
async function writing<T>(
  dependencies: BackoffDependencies,
  write: () => Promise<T>,
): Promise<ConditionalWrite<T>> {
  const backoff = new Backoff(dependencies, WRITE_BACKOFF);
  for (;;) {
    try {
      return await conditionalWrite(write);
    } catch (cause) {
      const kind = faultKind(cause);
      if (kind === "fault") throw cause;
      if (kind === "refused" && (await backoff.wait()) === "waited") continue;
      const effect = kind === "refused" ? "none" : "unknown";
      throw new StoreUnavailableError("DynamoDB did not carry out a change of a user", { effect, cause });
    }
  }
}
