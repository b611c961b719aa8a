import type * as OidcProvider from "oidc-provider";
import type * as Selfsigned from "selfsigned";

/** What of somebody's app is missing for a local provider, as they say it to npm. */
export const TO_INSTALL = "npm install --save-dev oidc-provider";

/** The library, an optional peer of the package; `undefined` where it is not installed. */
export const loadOidcProvider = (): Promise<typeof OidcProvider | undefined> =>
  loaded(() => import("oidc-provider"), "oidc-provider");

/** Makes certificates for TLS, where it is installed: Amplify takes no plain address for the hosted pages. */
export const loadSelfsigned = (): Promise<typeof Selfsigned | undefined> =>
  loaded(() => import("selfsigned"), "selfsigned");

/** A package that is there but cannot be loaded is another matter, and an error. */
async function loaded<Module>(load: () => Promise<Module>, name: string): Promise<Module | undefined> {
  try {
    return await load();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${name}'`)) return undefined;
    throw error;
  }
}
