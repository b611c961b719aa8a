import type * as adminLogout from "../../functions/admin-logout-handler.ts";
import type * as endSession from "../../functions/end-session-handler.ts";
import type * as listSessions from "../../functions/list-sessions-handler.ts";
import type * as login from "../../functions/login-handler.ts";
import type * as logout from "../../functions/logout-handler.ts";
import type * as validate from "../../functions/validate-handler.ts";
import type * as telemetry from "../../src/runtime/telemetry.ts";
import type * as directory from "../../src/identity/directory.ts";
import type * as loginThrottle from "../../src/identity/login-throttle.ts";
import type * as manageUsers from "../../src/identity/manage-users.ts";
import type * as oidcSources from "../../src/identity/oidc-sources.ts";
import type * as passwords from "../../src/identity/passwords.ts";
import type * as throttledPasswords from "../../src/identity/throttled-passwords.ts";
import type * as store from "../../src/sessions/create-session-store.ts";
import type * as table from "../../src/sessions/table.ts";

/** Everything of the product that the world runs, from whichever checkout it was loaded. */
export type Product = Pick<typeof adminLogout, "createAdminLogoutHandler"> &
  Pick<typeof endSession, "createEndSessionHandler"> &
  Pick<typeof listSessions, "createListSessionsHandler"> &
  Pick<typeof login, "createLoginHandler"> &
  Pick<typeof logout, "createLogoutHandler"> &
  Pick<typeof validate, "createValidateHandler"> &
  Pick<typeof telemetry, "createTelemetry"> &
  Pick<typeof directory, "createUserDirectory"> &
  Pick<typeof loginThrottle, "createLoginThrottle"> &
  Pick<typeof manageUsers, "createUserManagement"> &
  Pick<typeof oidcSources, "createOidcSources"> &
  Pick<typeof passwords, "createPasswordSource"> &
  Pick<typeof throttledPasswords, "createThrottledPasswordSource"> &
  Pick<typeof store, "createSessionStore"> &
  Pick<typeof table, "rosterKey" | "sessionKey">;

/** Where each function of the product is, in a checkout. */
const PLACES = {
  createAdminLogoutHandler: "functions/admin-logout-handler.ts",
  createEndSessionHandler: "functions/end-session-handler.ts",
  createListSessionsHandler: "functions/list-sessions-handler.ts",
  createLoginHandler: "functions/login-handler.ts",
  createLogoutHandler: "functions/logout-handler.ts",
  createValidateHandler: "functions/validate-handler.ts",
  createTelemetry: "src/runtime/telemetry.ts",
  createUserDirectory: "src/identity/directory.ts",
  createLoginThrottle: "src/identity/login-throttle.ts",
  createUserManagement: "src/identity/manage-users.ts",
  createOidcSources: "src/identity/oidc-sources.ts",
  createPasswordSource: "src/identity/passwords.ts",
  createThrottledPasswordSource: "src/identity/throttled-passwords.ts",
  createSessionStore: "src/sessions/create-session-store.ts",
  rosterKey: "src/sessions/table.ts",
  sessionKey: "src/sessions/table.ts",
} as const satisfies Record<keyof Product, string>;

/** The root of this checkout. */
export const THIS_CHECKOUT = new URL("../../", import.meta.url);

/**
 * Loads the product from a checkout's root, whose URL ends with a slash: this one, or a copy with something changed in it.
 * @throws Error where a module or an export of one is not there.
 */
export async function loadProduct(root: URL = THIS_CHECKOUT): Promise<Product> {
  const entries = await Promise.all(
    Object.entries(PLACES).map(async ([name, path]) => {
      const url = new URL(path, root).href;
      const { [name]: found } = (await import(/* @vite-ignore */ url)) as Record<string, unknown>;
      if (typeof found !== "function") throw new Error(`${url} exports no function ${name}`);
      return [name, found] as const;
    }),
  );
  return Object.fromEntries(entries) as Product;
}
