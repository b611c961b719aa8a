import { PERMISSIONS } from "../identity/permissions.ts";
import { problem, type Problem } from "./problem.ts";

/** 403 for an administrators' call by somebody who has neither permission. */
export function administratorProblem(): Problem {
  return problem("permission_required", {
    detail: `This call needs the permission ${PERMISSIONS.logOut} or ${PERMISSIONS.logOutAll}.`,
    permissions: [PERMISSIONS.logOut, PERMISSIONS.logOutAll],
  });
}

/** 403 for somebody who may log users out, but not administrators. */
export function includeAdminsProblem(): Problem {
  return problem("permission_required", {
    detail: `includeAdmins needs the permission ${PERMISSIONS.logOutAll}. Nobody was logged out.`,
    permissions: [PERMISSIONS.logOutAll],
  });
}

/** 403 for somebody who may end sessions, but not an administrator's. */
export function administratorsSessionProblem(): Problem {
  return problem("permission_required", {
    detail:
      `Ending an administrator's session needs the permission ${PERMISSIONS.logOutAll}. It was not ` +
      "ended.",
    permissions: [PERMISSIONS.logOutAll],
  });
}
