import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
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
