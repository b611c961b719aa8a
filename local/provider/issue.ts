import type { Provider } from "oidc-provider";
import { DEFAULT_RESOURCE } from "./create-provider.ts";
import { PATHS } from "./reroutes.ts";

/** What the token endpoint answers. */
export interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
}

export type Refreshed =
  | { readonly outcome: "tokens"; readonly tokens: Tokens }
  | { readonly outcome: "refused"; readonly error: string; readonly why: string };

/** Signs people in without the page of buttons, and refreshes tokens, by the provider's own endpoint. */
export interface Issuing {
  /** A new sign-in. */
  signIn(subject: string, clientId: string, scope: string): Promise<Refreshed>;
  refresh(refreshToken: string, clientId: string): Promise<Refreshed>;
}

export interface IssuingOptions {
  readonly provider: () => Provider;
  /** Where the provider answers. */
  readonly url: string;
  /** Epoch milliseconds, of the functions' clock. */
  readonly now: () => number;
}

/** Issues by a provider that may be another one after a reload. */
export function createIssuing({ provider, url, now }: IssuingOptions): Issuing {
  async function refresh(refreshToken: string, clientId: string): Promise<Refreshed> {
    const response = await fetch(url + PATHS.token, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "refresh_token",
        client_id: clientId,
        refresh_token: refreshToken,
      }),
    });
    const answer = (await response.json()) as Tokens & { error?: string; error_description?: string };
    if (response.ok) return { outcome: "tokens", tokens: answer };
    const { error = "server_error", error_description: why = "" } = answer;
    return { outcome: "refused", error, why };
  }

  return {
    refresh,
    async signIn(subject, clientId, scope) {
      const { Client, Grant, RefreshToken } = provider();
      const client = await Client.find(clientId);
      if (client === undefined) {
        return { outcome: "refused", error: "invalid_client", why: `There is no client ${clientId}.` };
      }
      const grant = new Grant({ clientId, accountId: subject });
      grant.addOIDCScope(scope);
      const token = new RefreshToken({
        client,
        accountId: subject,
        grantId: await grant.save(),
        gty: "authorization_code",
        scope,
        // Of an access token for an API; without one the library gives a token of its own kind.
        resource: DEFAULT_RESOURCE,
        authTime: Math.floor(now() / 1000),
        claims: {},
      });
      return refresh(await token.save(), clientId);
    },
  };
}
