import { setTimeout as sleep } from "node:timers/promises";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import type { SessionStore } from "../sessions/store.ts";
import type { UserDirectory } from "./directory.ts";
import { createPasswordHasher, passwordProblem, type PasswordHasher } from "./password-hash.ts";
import { permissionsProblem } from "./permissions-problem.ts";
import { canonicalUserName, userNameProblem } from "./user-name.ts";

/** The rules that revoke sessions, as endings and logs name them. */
export const REVOKING_RULES = {
  disabled: "rule:user-disabled",
  passwordChanged: "rule:password-changed",
  permissionsChanged: "rule:permissions-changed",
  removed: "rule:user-removed",
} as const;

export interface NewUser {
  readonly userName: string;
  readonly password: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
}

/** A value that cannot be right; `problem` is a sentence for people, without any password in it. */
export interface InvalidUser {
  readonly outcome: "invalid";
  readonly field: "userName" | "password" | "permissions";
  readonly problem: string;
}

export type AddOutcome = { readonly outcome: "added" } | { readonly outcome: "exists" } | InvalidUser;

/** `sessionCount`: how many live sessions of the user were ended. */
export type ChangeOutcome =
  { readonly outcome: "changed"; readonly sessionCount: number } | { readonly outcome: "not-found" };

/**
 * The directory was changed, but not all of the user's sessions could be ended: some may be live. Doing the
 * same again is safe, and ends them.
 */
export class SessionsMayLiveError extends Error {
  override readonly name = "SessionsMayLiveError";
}

/**
 * Changes users together with the sessions they have (ASVS 7.4.2): the directory first, so that no login
 * slips in behind, then all of the user's sessions, so that no session validates after the method's response
 * (invariant I5). Names are taken as people type them (`canonicalUserName`). Every method throws {@link
 * StoreUnavailableError} where the directory was out of reach, and those that end sessions {@link
 * SessionsMayLiveError}.
 */
export interface UserManagement {
  addUser(user: NewUser): Promise<AddOutcome>;
  /** A user who is disabled already has its sessions ended again. */
  disableUser(userName: string): Promise<ChangeOutcome>;
  enableUser(userName: string): Promise<"changed" | "not-found">;
  setPassword(userName: string, password: string): Promise<ChangeOutcome | InvalidUser>;
  /**
   * Ends the user's sessions too: each carries the permissions of its login to whatever the authorizer
   * protects.
   */
  setPermissions(userName: string, granted: Granted): Promise<ChangeOutcome | InvalidUser>;
  removeUser(userName: string): Promise<ChangeOutcome>;
}

/** What a user may do, all of it: what is not named is taken away. */
export type Granted = Pick<NewUser, "isAdmin" | "permissions">;

export interface UserManagementDependencies {
  readonly directory: UserDirectory;
  readonly sessions: Pick<SessionStore, "revoke">;
  readonly hasher?: PasswordHasher;
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
}

/** A revocation waits out throttling by itself; these attempts are for what it could not finish. */
const REVOKE_ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 500;

export function createUserManagement(dependencies: UserManagementDependencies): UserManagement {
  const { directory, sessions, hasher = createPasswordHasher(), sleep: pause = sleep } = dependencies;

  const revokeAll = (userName: string, revokedBy: string, done: string): Promise<number> =>
    endAllSessions({ sessions, pause }, { userName, revokedBy, done });

  return {
    async addUser({ userName: typed, password, isAdmin, permissions }) {
      const userName = canonicalUserName(typed);
      const invalid = invalidName(userName) ?? invalidPermissions(permissions) ?? invalidPassword(password);
      if (invalid !== undefined) return invalid;
      const passwordHash = await hasher.hash(password);
      return { outcome: await directory.add({ userName, passwordHash, isAdmin, permissions }) };
    },

    async disableUser(typed) {
      const userName = canonicalUserName(typed);
      if ((await directory.setDisabled(userName, true)) === "not-found") return { outcome: "not-found" };
      const sessionCount = await revokeAll(userName, REVOKING_RULES.disabled, "disabled");
      return { outcome: "changed", sessionCount };
    },

    enableUser: (typed) => directory.setDisabled(canonicalUserName(typed), false),

    async setPassword(typed, password) {
      const userName = canonicalUserName(typed);
      const invalid = invalidPassword(password);
      if (invalid !== undefined) return invalid;
      const passwordHash = await hasher.hash(password);
      const written = await directory.setPassword(userName, passwordHash);
      if (written === "not-found") return { outcome: "not-found" };
      const sessionCount = await revokeAll(
        userName,
        REVOKING_RULES.passwordChanged,
        "given the new password",
      );
      return { outcome: "changed", sessionCount };
    },

    async setPermissions(typed, granted) {
      const userName = canonicalUserName(typed);
      const invalid = invalidPermissions(granted.permissions);
      if (invalid !== undefined) return invalid;
      const written = await directory.setPermissions(userName, granted);
      if (written === "not-found") return { outcome: "not-found" };
      const sessionCount = await revokeAll(
        userName,
        REVOKING_RULES.permissionsChanged,
        "given the new permissions",
      );
      return { outcome: "changed", sessionCount };
    },

    async removeUser(typed) {
      const userName = canonicalUserName(typed);
      // The item goes last: while it is there, a removal that broke off can be run again, and disabled it
      // lets nobody in.
      if ((await directory.setDisabled(userName, true)) === "not-found") return { outcome: "not-found" };
      const sessionCount = await revokeAll(userName, REVOKING_RULES.removed, "disabled and not yet removed");
      await directory.remove(userName);
      return { outcome: "changed", sessionCount };
    },
  };
}

/** Ends all sessions of a user; `done` is what the directory already says, for the error where that fails. */
async function endAllSessions(
  {
    sessions,
    pause,
  }: Pick<UserManagementDependencies, "sessions"> & {
    readonly pause: (milliseconds: number) => Promise<unknown>;
  },
  {
    userName,
    revokedBy,
    done,
  }: { readonly userName: string; readonly revokedBy: string; readonly done: string },
): Promise<number> {
  const mayLive = (cause: unknown): SessionsMayLiveError =>
    new SessionsMayLiveError(
      `User "${userName}" was ${done}, but not all of the user's sessions could be ended and some may ` +
        "be live. Do the same again to end them.",
      { cause },
    );
  let sessionCount = 0;
  let cause: unknown;
  for (let attempt = 0; attempt < REVOKE_ATTEMPTS; attempt++) {
    if (attempt > 0) await pause(BETWEEN_ATTEMPTS_MS * attempt);
    try {
      const { loggedOut, unfinished } = await sessions.revoke({
        userIds: [userName],
        revokedBy,
        waitForLogins: true,
      });
      for (const user of loggedOut) sessionCount += user.sessionCount;
      if (unfinished.length === 0) return sessionCount;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw mayLive(error);
      cause = error;
    }
  }
  throw mayLive(cause);
}

function invalidName(userName: string): InvalidUser | undefined {
  const problem = userNameProblem(userName);
  if (problem === undefined) return undefined;
  const shown = JSON.stringify(userName.slice(0, LONGEST_SHOWN));
  return { outcome: "invalid", field: "userName", problem: `A user name ${problem}, unlike ${shown}.` };
}

function invalidPermissions(permissions: readonly string[]): InvalidUser | undefined {
  const problem = permissionsProblem(permissions);
  if (problem === undefined) return undefined;
  return { outcome: "invalid", field: "permissions", problem: `A user's permissions ${problem}.` };
}

function invalidPassword(password: string): InvalidUser | undefined {
  const problem = passwordProblem(password);
  return problem === undefined ? undefined : { outcome: "invalid", field: "password", problem };
}

const LONGEST_SHOWN = 80;
