import type { createSessionStore, createSignInStore } from "../../src/sessions/create-session-store.ts";
import type { boundSessionId } from "../../src/sessions/sign-in.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import type { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import type { createUserManagement } from "../../src/identity/manage-users.ts";
import type { createPasswordSource } from "../../src/identity/passwords.ts";
import type { tokenUnusedCheck } from "../../src/identity/used-tokens.ts";

/** What the model runs of the product, from one checkout. */
export interface ModelledProduct {
  readonly createSessionStore: typeof createSessionStore;
  readonly createSignInStore: typeof createSignInStore;
  readonly boundSessionId: typeof boundSessionId;
  readonly SessionToken: typeof SessionToken;
  readonly createUserDirectory: typeof createUserDirectory;
  readonly createPasswordSource: typeof createPasswordSource;
  readonly createUserManagement: typeof createUserManagement;
  readonly tokenUnusedCheck: typeof tokenUnusedCheck;
}

/** This checkout. */
export const HERE = new URL("../../", import.meta.url);

/** Loads the product from the root of a checkout: this one, or a copy with a change to be tried. */
export async function loadProduct(root: URL = HERE): Promise<ModelledProduct> {
  const load = async (path: string): Promise<unknown> => import(/* @vite-ignore */ new URL(path, root).href);
  const modules = await Promise.all(
    [
      "src/sessions/create-session-store.ts",
      "src/sessions/token.ts",
      "src/sessions/sign-in.ts",
      "src/identity/create-user-directory.ts",
      "src/identity/passwords.ts",
      "src/identity/manage-users.ts",
      "src/identity/used-tokens.ts",
    ].map(load),
  );
  return Object.assign({}, ...modules) as ModelledProduct;
}
