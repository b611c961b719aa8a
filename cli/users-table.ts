import type { DirectoryUser } from "../src/identity/directory.ts";
import { inColumns } from "./columns.ts";

/** What the listing shows of users: never a hash, nor the version that stands for one. */
export function usersAsJson(users: readonly DirectoryUser[]): string {
  const shown = users.map(({ userName, isAdmin, permissions, disabled, createdAt, updatedAt }) => ({
    userName,
    isAdmin,
    permissions,
    disabled,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }));
  return JSON.stringify(shown, undefined, 2);
}

const HEADINGS = ["USER", "ADMIN", "DISABLED", "CREATED", "PERMISSIONS"];
/** The date of an ISO 8601 time. */
const DATE_LENGTH = "2026-01-31".length;

/**
 * The users as lines of aligned columns, or a line that says there are none. Permissions come last: they may
 * be long.
 */
export function usersAsTable(users: readonly DirectoryUser[]): string {
  if (users.length === 0) return "no users yet";
  const rows = users.map((user) => [
    user.userName,
    user.isAdmin ? "yes" : "no",
    user.disabled ? "yes" : "no",
    new Date(user.createdAt).toISOString().slice(0, DATE_LENGTH),
    user.permissions.join(", "),
  ]);
  return inColumns(HEADINGS, rows);
}
