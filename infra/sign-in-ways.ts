import { BEGIN_OIDC_LOGIN } from "../src/api/begin-oidc-login.ts";
import type { Settings } from "./settings/settings.ts";

/** How people sign in; the console's page shows it so. */
export interface SignInWays {
  /** Whether with a user name and a password. */
  readonly passwords: boolean;
  /**
   * The OIDC sources that have the code flow on, the text on the button of each, and the path at which it
   * begins.
   */
  readonly oidc: readonly { readonly name: string; readonly label: string; readonly startPath: string }[];
}

/** The ways in which people sign in through the API. */
export const signInWays = ({ identity, sourceLabels }: Settings): SignInWays => ({
  passwords: identity.passwords,
  oidc: identity.oidc
    .filter(({ flow }) => flow)
    .map(({ name }) => ({
      name,
      label: sourceLabels?.get(name) ?? name,
      startPath: `${BEGIN_OIDC_LOGIN.path}?source=${name}`,
    })),
});
