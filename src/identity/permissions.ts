import type { User } from "../sessions/session.ts";
import type { DirectoryUser, UserDirectory } from "./directory.ts";

/** The permissions of this project, named as in the package it descends from. */
export const PERMISSIONS = {
  /** Log out users who are not administrators. */
  logOut: "single_session.logout",
  /** Log out everybody. */
  logOutAll: "single_session.logout_all",
} as const;

/** What a caller may do is decided by these two alone; administrators have every permission. */
export type Caller = Pick<User, "isAdmin" | "permissions">;

/** Whether the caller may list other users' sessions and endings: either permission allows it. */
export function mayList(caller: Caller): boolean {
  return mayLogOut(caller);
}

/** Whether the caller may log out users who are not administrators. */
export function mayLogOut(caller: Caller): boolean {
  return mayLogOutAdministrators(caller) || caller.permissions.includes(PERMISSIONS.logOut);
}

/** Whether the caller may log out administrators too. */
export function mayLogOutAdministrators(caller: Caller): boolean {
  return caller.isAdmin || caller.permissions.includes(PERMISSIONS.logOutAll);
}

/**
 * The user of a session with the permissions it has now: read from the directory where there is one and the
 * id can be of it, so that a user who was disabled, removed or lost a permission a moment ago has none; else
 * as the session says.
 * @throws StoreUnavailableError where the directory could not be asked.
 */
export async function livePermissions(
  directory: Pick<UserDirectory, "get"> | undefined,
  user: User,
): Promise<User> {
  if (directory === undefined || !mayBeInDirectory(user.id)) return user;
  const current = await directory.get(user.id);
  if (current === undefined || current.disabled) return { id: user.id, isAdmin: false, permissions: [] };
  return { id: user.id, isAdmin: current.isAdmin, permissions: current.permissions };
}

/** `not-in-directory`: the directory says nothing of this user; the user's sessions may. */
export type AdministratorStatus = boolean | "not-in-directory";

/**
 * Which of many users are administrators now. A disabled user is none, as for {@link livePermissions}. Asks
 * in `ceil(n/100)` requests plus retries; every id asked for is in the answer.
 * @throws StoreUnavailableError where the directory could not be asked.
 */
export async function administratorsAmong(
  directory: Pick<UserDirectory, "getMany"> | undefined,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, AdministratorStatus>> {
  const users = await directory?.getMany(userIds.filter(mayBeInDirectory));
  return new Map(
    userIds.map((id): [string, AdministratorStatus] => {
      const user = users?.get(id);
      return [id, user === undefined ? "not-in-directory" : isActiveAdministrator(user)];
    }),
  );
}

/**
 * Whether the user of a session is an administrator now: as {@link administratorsAmong} has it, and by the
 * session where the directory says nothing of the user.
 * @throws StoreUnavailableError where the directory could not be asked.
 */
export async function isAdministratorNow(
  directory: Pick<UserDirectory, "get"> | undefined,
  { id, isAdmin }: Pick<User, "id" | "isAdmin">,
): Promise<boolean> {
  const user = mayBeInDirectory(id) ? await directory?.get(id) : undefined;
  return user === undefined ? isAdmin : isActiveAdministrator(user);
}

const isActiveAdministrator = ({ isAdmin, disabled }: DirectoryUser): boolean => isAdmin && !disabled;

/**
 * Design section 2: an id with a colon is some other identity source's, and inherits nothing of the
 * directory.
 */
function mayBeInDirectory(userId: string): boolean {
  return !userId.includes(":");
}
