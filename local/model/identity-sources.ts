import { audiencesOf, issuersOf, type OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import {
  decodeGuardSettings,
  decodeSettings,
  ENVIRONMENT,
  GUARD_ENVIRONMENT,
} from "../../src/runtime/function-settings.ts";

/** Whether a variable of a function has the settings of the construct, or of a guard. */
export const isSettings = (variable: string): boolean =>
  variable === ENVIRONMENT.settings || variable === GUARD_ENVIRONMENT.settings;

/** The identity sources that a function is told of. */
export function sourcesIn(environment: Readonly<Record<string, string>>): readonly OidcSourceSettings[] {
  const settings = environment[ENVIRONMENT.settings];
  const guardSettings = environment[GUARD_ENVIRONMENT.settings];
  return [
    ...((settings === undefined ? undefined : decodeSettings(settings).oidcSources) ?? []),
    ...((guardSettings === undefined
      ? undefined
      : decodeGuardSettings(guardSettings).accessTokens?.sources) ?? []),
  ];
}

/**
 * The issuers and clients that a source trusts: what has a name that leads nowhere there lets nobody in. The
 * endpoints may have one, since the local provider answers in their place.
 */
export const trustedBy = (source: OidcSourceSettings): readonly string[] => [
  ...issuersOf(source),
  ...audiencesOf(source),
  ...(source.flow === undefined ? [] : [source.flow.clientId]),
];
