import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { DeleteCommand, GetCommand, PutCommand, ScanCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Backoff, type BackoffDependencies } from "../dynamodb/backoff.ts";
import { batchGet } from "../dynamodb/batch.ts";
import { conditionalWrite, type ConditionalWrite } from "../dynamodb/conditional-write.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { faultKind, reading } from "../dynamodb/faults.ts";
import type { CommitCheck } from "../sessions/commit.ts";
import type { RandomBytes } from "../sessions/token.ts";
import { directoryKey } from "./directory-table.ts";
import { permissionsProblem } from "./permissions-problem.ts";
import { userNameProblem } from "./user-name.ts";

/** A user of the password directory, without the password's hash. */
export interface DirectoryUser {
  /** The user id as it is. */
  readonly userName: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
  readonly disabled: boolean;
  /** Random; a fresh one with every change of the password or the permissions, and every disabling. */
  readonly credentialsVersion: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Epoch milliseconds. */
  readonly updatedAt: number;
}

export interface NewDirectoryUser {
  readonly userName: string;
  readonly passwordHash: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
}

/**
 * The built-in password directory. Reads are consistent. Every method throws {@link StoreUnavailableError} when DynamoDB
 * could not be asked or did not answer. A name that cannot be in the directory is not found.
 */
export interface UserDirectory {
  /** @throws RangeError for a name or permissions that cannot be; ask `userNameProblem` and `permissionsProblem` first. */
  add(user: NewDirectoryUser): Promise<"added" | "exists">;
  get(userName: string): Promise<DirectoryUser | undefined>;
  /** For checking a password, and for nothing else. */
  getWithPasswordHash(
    userName: string,
  ): Promise<{ readonly user: DirectoryUser; readonly passwordHash: string } | undefined>;
  /** Those of the named users that exist, by name; `ceil(n/100)` requests plus retries. */
  getMany(userNames: readonly string[]): Promise<ReadonlyMap<string, DirectoryUser>>;
  /** All users, sorted by name. */
  list(): Promise<DirectoryUser[]>;
  /** Disabling also makes the credentials version a fresh one: enabling again revives no login that was under way. */
  setDisabled(userName: string, disabled: boolean): Promise<"changed" | "not-found">;
  setPassword(userName: string, passwordHash: string): Promise<"changed" | "not-found">;
  /** @throws RangeError for permissions that cannot be. No login that was under way gets in with the old ones. */
  setPermissions(
    userName: string,
    granted: Pick<DirectoryUser, "isAdmin" | "permissions">,
  ): Promise<"changed" | "not-found">;
  remove(userName: string): Promise<"changed" | "not-found">;
  /** Holds as long as the user exists, is not disabled, and has the credentials it had when it was read (invariant I5). */
  unchangedCheck(user: Pick<DirectoryUser, "userName" | "credentialsVersion">): CommitCheck;
}

/** The check's name in a refused commit. */
export const USER_UNCHANGED = "user-unchanged";

export interface UserDirectoryDependencies extends Partial<BackoffDependencies> {
  readonly documents: DocumentClient;
  readonly tableName: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly random?: RandomBytes;
}

const VERSION_BYTES = 16;
/** A login's transaction holds the user's item for milliseconds only; a write that meets one just waits for it. */
const WRITE_BACKOFF = { firstMs: 25, longestMs: 500, patienceMs: 5000 };

const USER_EXISTS = "attribute_exists(userName)";
const USER_IS_NEW = "attribute_not_exists(userName)";
const USER_UNCHANGED_CONDITION = "disabled = :disabled AND credentialsVersion = :credentialsVersion";
/** `permissions` is a reserved word of DynamoDB; the hash stays out of every read that does not check a password. */
const ALL_BUT_HASH = {
  ProjectionExpression: "userName, isAdmin, #permissions, disabled, credentialsVersion, createdAt, updatedAt",
  ExpressionAttributeNames: { "#permissions": "permissions" },
};

/** The directory in the table whose shape `directory-table.ts` names. */
export function createUserDirectory(dependencies: UserDirectoryDependencies): UserDirectory {
  const { documents, tableName, clock, random = randomBytes } = dependencies;
  const backoff: BackoffDependencies = {
    sleep: dependencies.sleep ?? ((milliseconds) => sleep(milliseconds)),
    jitter: dependencies.jitter ?? Math.random,
    stopwatch: dependencies.stopwatch ?? (() => performance.now()),
  };
  const freshVersion = (): string => Buffer.from(random(VERSION_BYTES)).toString("base64url");

  /** Changes attributes of a user that exists: an update without the condition would create half a user. */
  async function change(userName: string, changes: Readonly<Record<string, unknown>>) {
    if (userNameProblem(userName) !== undefined) return "not-found";
    const all = Object.entries({ ...changes, updatedAt: clock() });
    const written = await writing(backoff, () =>
      documents.send(
        new UpdateCommand({
          TableName: tableName,
          Key: directoryKey(userName),
          ConditionExpression: USER_EXISTS,
          UpdateExpression: `SET ${all.map(([name]) => `#${name} = :${name}`).join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
          ExpressionAttributeValues: Object.fromEntries(all.map(([name, value]) => [`:${name}`, value])),
        }),
      ),
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
      const written = await writing(backoff, () =>
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
      const items = await batchGet({ documents, tableName, ...backoff }, possible.map(directoryKey));
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
      const written = await writing(backoff, () =>
        documents.send(new DeleteCommand({ ...key, ConditionExpression: USER_EXISTS })),
      );
      return written.result === "written" ? "changed" : "not-found";
    },

    unchangedCheck: ({ userName, credentialsVersion }) => ({
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
    }),
  };
}

type StoredUser = DirectoryUser & { readonly passwordHash: string };

function toUser(item: Record<string, unknown>): DirectoryUser {
  const { userName, isAdmin, permissions, disabled, credentialsVersion, createdAt, updatedAt } =
    item as unknown as DirectoryUser;
  return { userName, isAdmin, permissions, disabled, credentialsVersion, createdAt, updatedAt };
}

/**
 * Sends a conditional write, again where it met a running transaction or throttling. A failed condition is an answer.
 * @throws StoreUnavailableError with effect `none` where it was refused to the end, `unknown` where no answer came.
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
