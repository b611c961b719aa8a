import type * as wiring from "../../functions/wiring.ts";
import type * as telemetry from "../../src/runtime/telemetry.ts";
import type * as manageUsers from "../../src/identity/manage-users.ts";
import type * as passwords from "../../src/identity/passwords.ts";
import type * as table from "../../src/sessions/table.ts";

/** Everything of the product that the world runs, from whichever checkout it was loaded. */
export type Product = Pick<typeof wiring, "wireFunctions" | "wireStore" | "wireDirectory"> &
  Pick<typeof telemetry, "createTelemetry"> &
  Pick<typeof manageUsers, "createUserManagement"> &
  Pick<typeof passwords, "createPasswordSource"> &
  Pick<typeof table, "rosterKey" | "sessionKey">;

/** Where each function of the product is, in a checkout. */
const PLACES = {
  wireFunctions: "functions/wiring.ts",
  wireStore: "functions/wiring.ts",
  wireDirectory: "functions/wiring.ts",
  createTelemetry: "src/runtime/telemetry.ts",
  createUserManagement: "src/identity/manage-users.ts",
  createPasswordSource: "src/identity/passwords.ts",
  rosterKey: "src/sessions/table.ts",
  sessionKey: "src/sessions/table.ts",
} as const satisfies Record<keyof Product, string>;

/** The root of this checkout. */
export const THIS_CHECKOUT = new URL("../../", import.meta.url);

/**
 * Loads the product from a checkout's root, whose URL ends with a slash: this one, or a copy with something
 * changed in it.
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
