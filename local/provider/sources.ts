import {
  accessAudienceOf,
  audienceOf,
  hasAccessTokens,
  issuersOf,
  type OidcSourceSettings,
} from "../../src/identity/oidc-settings.ts";
import type { AppClient } from "../model/app-clients.ts";
import { sourcesIn } from "../model/identity-sources.ts";
import type { StackModel } from "../model/stack-model.ts";

/** An identity provider that the stack's functions trust, as its settings and the template describe it. */
export interface ProviderModel {
  /** As it is in the tokens. */
  readonly issuer: string;
  /** All sources with this issuer, of one construct or of several. */
  readonly sources: readonly OidcSourceSettings[];
  /** The user pool's app clients that the template has; none of another provider. */
  readonly appClients: readonly AppClient[];
}

/** The providers that the functions of a stack are told of, the first source's first. */
export function providersOf({
  functions,
  appClients,
}: Pick<StackModel, "functions" | "appClients">): ProviderModel[] {
  const byIssuer = new Map<string, Map<string, OidcSourceSettings>>();
  for (const source of functions.flatMap(({ environment }) => sourcesIn(environment))) {
    const [issuer = ""] = issuersOf(source);
    const sources = byIssuer.get(issuer) ?? new Map<string, OidcSourceSettings>();
    // Each function is told the same.
    byIssuer.set(issuer, sources.set(JSON.stringify(source), source));
  }
  return [...byIssuer].map(([issuer, found]) => {
    const sources = [...found.values()];
    const pools = sources.map((source) => (source.kind === "cognito" ? source.userPoolId : undefined));
    return { issuer, sources, appClients: appClients.filter(({ userPoolId }) => pools.includes(userPoolId)) };
  });
}

/** The clients whose id tokens or access tokens are accepted. */
export function clientIdsOf({ sources, appClients }: ProviderModel): string[] {
  return [
    ...new Set([
      ...sources.flatMap((source) => [
        ...(source.flow === undefined ? [] : [source.flow.clientId]),
        ...audienceOf(source),
        ...(source.kind === "cognito" && hasAccessTokens(source) ? accessAudienceOf(source) : []),
      ]),
      ...appClients.map(({ clientId }) => clientId),
    ]),
  ];
}

/** The source that takes the tokens of a client; the first one where none does. */
export function sourceOfClient({ sources }: ProviderModel, clientId: string): OidcSourceSettings {
  const found =
    sources.find((source) => source.flow?.clientId === clientId || audienceOf(source).includes(clientId)) ??
    sources[0];
  if (found === undefined) throw new Error("a provider without a source");
  return found;
}
