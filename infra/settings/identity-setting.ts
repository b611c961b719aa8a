import { audiencesOf, issuersOf, type OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { isDeployTime } from "../deploy-time.ts";
import type { CognitoIdentitySource, OidcIdentitySource } from "./identity-sources.ts";
import { readCognitoSource, readOidcSource, type SourceSetting } from "./oidc-setting.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";
import { fromJsonText, toList } from "./setting-values.ts";

/**
 * Identity sources that are on. A trusted invocation of the login function needs none: IAM vouches for it.
 */
export interface IdentitySetting {
  /** The built-in password directory, with a table of its own. */
  readonly passwords: boolean;
  /** OpenID Connect providers, Cognito among them. */
  readonly oidc: readonly OidcSourceSettings[];
}

/** The identity sources as set, and what is for people. */
export interface IdentityReading extends IdentitySetting {
  /** The text on the button of each OIDC source, by its name. */
  readonly labels: ReadonlyMap<string, string>;
}

/** One identity source, as the `identity` setting names it. */
export type IdentitySource =
  "passwords" | { readonly oidc: OidcIdentitySource } | { readonly cognito: CognitoIdentitySource };

const ACCEPTED_SOURCE = '"passwords", {"oidc": {...}} or {"cognito": {...}}';
const ACCEPTED =
  `an identity source (${ACCEPTED_SOURCE}), or a list of them, in the context also as JSON text ` +
  "(an empty list leaves direct invocations of the login function as the only way in)";

/**
 * The environment of a Lambda function has 4 KB for everything (Lambda quotas); the rest of ours takes less
 * than half.
 */
const LONGEST_SOURCES_BYTES = 2048;

/**
 * The identity sources that the `identity` setting turns on; the password directory where it is not given.
 * @throws {@link SettingError}
 */
export function readIdentity(given: GivenSetting | undefined): IdentityReading {
  if (!given) return { passwords: true, oidc: [], labels: new Map() };
  const sources = listSources(given);
  const read = sources.flatMap((source) => readSource(source));
  const oidc = read.map(({ settings }) => settings);
  refuseTwins(given, oidc);
  const bytes = Buffer.byteLength(JSON.stringify(oidc));
  if (bytes > LONGEST_SOURCES_BYTES) {
    throw new SettingError(
      `${nameOf(given)} has ${bytes} bytes of OIDC sources`,
      `at most ${LONGEST_SOURCES_BYTES}, for they are part of the functions' environment`,
    );
  }
  return {
    passwords: sources.some(({ value }) => value === "passwords"),
    oidc,
    labels: new Map(read.map(({ settings, label }) => [settings.name, label])),
  };
}

/** Each source under the name that messages give it: `identity[1]`, or `identity` where it is no list. */
function listSources(given: GivenSetting): GivenSetting[] {
  if (isDeployTime(given.value)) throw SettingError.forValue(given, ACCEPTED);
  const value = fromJsonText(given, ACCEPTED);
  if (isObject(value)) return [{ ...given, value }];
  return toList({ ...given, value }, ACCEPTED).map((source, index) => ({
    ...given,
    value: source,
    name: Array.isArray(value) ? `${given.name}[${index}]` : given.name,
  }));
}

function readSource(given: GivenSetting): SourceSetting[] {
  const { name, value } = given;
  if (value === "passwords") return [];
  if (!isObject(value) || isDeployTime(value)) throw SettingError.forValue(given, ACCEPTED_SOURCE);
  const [kind, second] = Object.keys(value);
  if (kind === undefined || second !== undefined || !["oidc", "cognito"].includes(kind)) {
    // Its fields alone: a value may be a secret that somebody put in the wrong place.
    const found = Object.keys(value).join(", ") || "no field";
    throw new SettingError(`${nameOf(given)} is an object with ${found}`, ACCEPTED_SOURCE);
  }
  const inner: GivenSetting = { ...given, name: `${name}.${kind}`, value: value[kind] };
  return [kind === "oidc" ? readOidcSource(inner) : readCognitoSource(inner)];
}

/** Two sources must not accept the same token, nor make the same user ids. */
function refuseTwins(given: GivenSetting, sources: readonly OidcSourceSettings[]): void {
  for (const [index, source] of sources.entries()) {
    for (const earlier of sources.slice(0, index)) {
      if (earlier.name === source.name) {
        throw new SettingError(
          `${nameOf(given)} has two sources named "${source.name}"`,
          "a name of its own for each source",
        );
      }
      const audience = common(audiencesOf(source), audiencesOf(earlier));
      const issuer = common(issuersOf(source), issuersOf(earlier));
      if (issuer !== undefined && audience !== undefined) {
        throw new SettingError(
          `${nameOf(given)} has two sources, "${earlier.name}" and "${source.name}", for ${issuer} ` +
            `and "${audience}"`,
          "one source for each pair of issuer and audience",
        );
      }
    }
  }
}

const common = (some: readonly string[], others: readonly string[]): string | undefined =>
  some.find((value) => others.includes(value));

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
