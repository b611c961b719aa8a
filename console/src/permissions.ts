import type { PERMISSIONS } from "../../src/identity/permissions.ts";
import type { UserView } from "../../src/api/parts/views.ts";

const LOG_OUT: (typeof PERMISSIONS)["logOut"] = "single_session.logout";
const LOG_OUT_ALL: (typeof PERMISSIONS)["logOutAll"] = "single_session.logout_all";

/**
 * Whether to offer the administrators' pages. The API decides at every call; this only spares people a
 * refusal.
 */
export const mayAdminister = (user: UserView): boolean =>
  mayLogOutAdministrators(user) || user.permissions.includes(LOG_OUT);

/** Whether administrators can be chosen too. */
export const mayLogOutAdministrators = (user: UserView): boolean =>
  user.isAdmin || user.permissions.includes(LOG_OUT_ALL);
