import { ENVIRONMENT } from "../src/runtime/function-settings.ts";
import { createOidcSources, type OidcSources } from "../src/identity/oidc-sources.ts";
import { required, type Wiring } from "./wiring.ts";

/**
 * The identity sources that vouch by id tokens, or `undefined` where there are none.
 * @throws Error where there is one and the sign-in table is not named.
 */
export function wireOidc({ settings, documents, clock }: Wiring): OidcSources | undefined {
  const { oidcSources: sources = [] } = settings;
  if (sources.length === 0) return undefined;
  return createOidcSources({ sources, documents, signInTable: required(ENVIRONMENT.signInTable), clock });
}
