import type { BackoffDependencies } from "../dynamodb/backoff.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import type { CommitCheck } from "../sessions/commit.ts";
import type { RandomBytes } from "../sessions/token.ts";

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
 * The built-in password directory. Reads are consistent. Every method throws {@link StoreUnavailableError}
 * when DynamoDB could not be asked or did not answer. A name that cannot be in the directory is not found.
 */
export interface UserDirectory {
  /**
   * @throws RangeError for a name or permissions that cannot be; ask `userNameProblem` and
   * `permissionsProblem` first.
   */
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
  /**
   * Disabling also makes the credentials version a fresh one: enabling again revives no login that was under
   * way.
   */
  setDisabled(userName: string, disabled: boolean): Promise<"changed" | "not-found">;
  setPassword(userName: string, passwordHash: string): Promise<"changed" | "not-found">;
  /**
   * @throws RangeError for permissions that cannot be. No login that was under way gets in with the old ones.
   */
  setPermissions(
    userName: string,
    granted: Pick<DirectoryUser, "isAdmin" | "permissions">,
  ): Promise<"changed" | "not-found">;
  remove(userName: string): Promise<"changed" | "not-found">;
  /**
   * Holds as long as the user exists, is not disabled, and has the credentials it had when it was read
   * (invariant I5).
   */
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
