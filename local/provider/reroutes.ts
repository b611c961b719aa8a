import { issuersOf, type OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { rerouted, type Reroute } from "./rerouted.ts";
import type { ProviderModel } from "./sources.ts";

/** The paths of the local provider: Cognito's names, whatever it stands for. */
export const PATHS = {
  authorization: "/oauth2/authorize",
  token: "/oauth2/token",
  revocation: "/oauth2/revoke",
  keys: "/.well-known/jwks.json",
  endSession: "/oauth2/end-session",
  /** The local provider's own: a sign-in without a browser. */
  tokens: "/tokens",
} as const;

/**
 * Where everything of a provider that functions ask, and that browsers are sent to, is answered here. The
 * functions keep their settings, and the tokens their issuer.
 * @param url where the local provider answers: `http://localhost:3001`.
 */
export function reroutesOf({ issuer, sources }: ProviderModel, url: string): Reroute[] {
  const { port } = new URL(url);
  // A name that exists nowhere (RFC 2606): in what the provider says of itself to functions, which take https
  // only.
  const host = `provider-${port}.invalid`;
  const pairs = [
    [issuer, ""],
    ...sources.flatMap((source) => addressesOf(source)),
    [`https://${host}`, ""],
  ] as const;
  return pairs.map(([from, path]) => ({ from: from.replace(/\/$/, ""), to: url + path, host }));
}

function addressesOf(source: OidcSourceSettings): (readonly [from: string, path: string])[] {
  const { flow: { endpoints } = {} } = source;
  return [
    ...issuersOf(source).map((issuer) => [issuer, ""] as const),
    ...(source.kind === "oidc" ? [[source.jwksUri, PATHS.keys] as const] : []),
    ...(endpoints === undefined
      ? []
      : ([
          [endpoints.authorization, PATHS.authorization],
          [endpoints.token, PATHS.token],
        ] as const)),
    // The hosted pages of Cognito have a host of their own.
    ...(source.kind === "cognito" && endpoints !== undefined
      ? [[new URL(endpoints.authorization).origin, ""] as const]
      : []),
  ];
}

/** An API whose redirects to the real provider lead to the local one. */
export function withLocalRedirects(gateway: Gateway, reroutes: readonly Reroute[]): Gateway {
  if (reroutes.length === 0) return gateway;
  return async (request) => {
    const response = await gateway(request);
    const headers = response.headers.map(([name, value]) =>
      name.toLowerCase() === "location"
        ? ([name, rerouted(value, reroutes)?.url ?? value] as const)
        : ([name, value] as const),
    );
    return { ...response, headers };
  };
}
