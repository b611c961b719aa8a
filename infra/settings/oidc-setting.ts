import type { FlowSettings, OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { toMapping } from "./claim-mapping-setting.ts";
import { POOL_FIELDS, readPool, type CognitoPool } from "./cognito-setting.ts";
import { isDeployTime } from "../deploy-time.ts";
import { toIssuers } from "./issuer-setting.ts";
import {
  labelOf,
  optional,
  toLabel,
  toName,
  toScopes,
  toText,
  toTexts,
  toUrl,
  toUserIdClaim,
} from "./oidc-setting-values.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";
import { toBoolean } from "./setting-values.ts";

/** What sources of every kind can say. */
interface AnyIdentitySource {
  /** The text on the button that signs people in by this source. @default made from the name */
  readonly label?: string;
  /**
   * The claim that identifies a user: a top-level claim, whatever dots and slashes its name has. Tokens
   * without it are refused. It must be the same for every client of the provider, and never be given to
   * somebody else (an e-mail address may be).
   * @default sub
   */
  readonly userIdClaim?: string;
  /** Other clients that may ask for tokens which are for us and for others (`azp`). @default none */
  readonly authorizedParties?: readonly string[];
}

/**
 * An OpenID Connect provider as an identity source. Its users' ids are `<name>:<sub>`, or what `userIdClaim`
 * says.
 */
export interface OidcIdentitySource extends AnyIdentitySource {
  /** 1 to 32 of a-z, 0-9 and hyphen. */
  readonly name: string;
  /**
   * Exactly as in the id tokens' `iss`: `https://login.example.com`. A list where one provider spells it in
   * several ways; the first https URL of it is where the provider is discovered.
   */
  readonly issuer: string | readonly string[];
  /** Accepted values of the id tokens' `aud`. @default clientId */
  readonly audience?: string | readonly string[];
  /** Where the provider publishes its keys. */
  readonly jwksUri: string;
  /**
   * Whether `iat` stands for `auth_time` in id tokens that have neither `auth_time` nor `sid`; they are
   * refused otherwise. The risk: where the provider refreshes id tokens, a device that was displaced or
   * logged out signs itself in again for ever.
   * @default false
   */
  readonly acceptIssuedAt?: boolean | string;
  /** Turns on `GET /login/oidc`: a public client with PKCE, without a secret. @default none */
  readonly clientId?: string;
  /** What `GET /login/oidc` asks for. @default openid */
  readonly scopes?: readonly string[];
  /** Together with `tokenEndpoint`, saves the discovery at a cold start. @default discovery */
  readonly authorizationEndpoint?: string;
  readonly tokenEndpoint?: string;
  /** The claim that says who is an administrator. @default nobody is */
  readonly adminClaim?: string;
  /** Values of `adminClaim` that make one. @default true */
  readonly adminValues?: readonly string[];
  /** The claim whose values are permissions. @default none */
  readonly permissionsClaim?: string;
  /** Which of its values are taken. @default all */
  readonly permissionValues?: readonly string[];
}

/** A Cognito user pool as an identity source. Each group of a user is a permission of that name. */
export interface CognitoIdentitySource extends AnyIdentitySource, CognitoPool {
  /** @default cognito */
  readonly name?: string;
  /** What `GET /login/oidc` asks for. @default openid */
  readonly scopes?: readonly string[];
  /** Groups whose members are administrators. @default none */
  readonly adminGroups?: readonly string[];
  /** Which groups are taken as permissions. @default all */
  readonly permissionGroups?: readonly string[];
}

const GROUPS_CLAIM = "cognito:groups";
/** A source as set: what the functions are told, and what is for people. */
export interface SourceSetting {
  readonly settings: OidcSourceSettings;
  readonly label: string;
}

/** Fields of every source. */
const ANY_FIELDS = { label: true, userIdClaim: true, authorizedParties: true } as const;

/** An OpenID Connect provider as set. @throws {@link SettingError} naming the field. */
export function readOidcSource(given: GivenSetting): SourceSetting {
  const fields = fieldsOf<OidcIdentitySource>(given, {
    name: true,
    issuer: true,
    audience: true,
    jwksUri: true,
    acceptIssuedAt: true,
    clientId: true,
    scopes: true,
    authorizationEndpoint: true,
    tokenEndpoint: true,
    adminClaim: true,
    adminValues: true,
    permissionsClaim: true,
    permissionValues: true,
    ...ANY_FIELDS,
  });
  const name = toName(fields.name);
  const issuers = toIssuers(fields.issuer);
  const jwksUri = toUrl(fields.jwksUri);
  const clientId = optional(toText, fields.clientId);
  const audience = toAudience(fields.audience, clientId);
  return {
    label: optional(toLabel, fields.label) ?? labelOf(name),
    settings: {
      kind: "oidc",
      name,
      ...issuers,
      audience,
      jwksUri,
      ...(optional(toBoolean, fields.acceptIssuedAt) === true && { acceptIssuedAt: true }),
      ...toUserRules(fields),
      mapping: toMapping(fields),
      ...toFlow(given, fields, clientId),
    },
  };
}

/** A Cognito user pool as set. @throws {@link SettingError} naming the field. */
export function readCognitoSource(given: GivenSetting): SourceSetting {
  const fields = fieldsOf<CognitoIdentitySource>(given, {
    name: true,
    ...POOL_FIELDS,
    scopes: true,
    adminGroups: true,
    permissionGroups: true,
    ...ANY_FIELDS,
  });
  const { adminGroups, permissionGroups } = fields;
  const name = fields.name.value === undefined ? "cognito" : toName(fields.name);
  const { userPoolId, clientId, clientIds, host } = readPool(fields);
  const adminValues = optional(toTexts, adminGroups);
  const permissionValues = optional(toTexts, permissionGroups);
  return {
    label: optional(toLabel, fields.label) ?? labelOf(name),
    settings: {
      kind: "cognito",
      name,
      userPoolId,
      clientId,
      ...(clientIds && { audience: clientIds }),
      ...(fields.audience.value !== undefined && { audience: toAudience(fields.audience, clientId) }),
      ...toUserRules(fields),
      mapping: {
        ...(adminValues && { adminClaim: GROUPS_CLAIM, adminValues }),
        permissionsClaim: GROUPS_CLAIM,
        ...(permissionValues && { permissionValues }),
      },
      ...(host !== undefined && {
        flow: {
          clientId,
          scopes: toScopes(fields.scopes),
          endpoints: {
            authorization: `https://${host}/oauth2/authorize`,
            token: `https://${host}/oauth2/token`,
          },
        },
      }),
    },
  };
}

function toUserRules(
  fields: Pick<Fields<AnyIdentitySource>, "userIdClaim" | "authorizedParties">,
): Pick<OidcSourceSettings, "userIdClaim" | "authorizedParties"> {
  const userIdClaim = optional(toUserIdClaim, fields.userIdClaim);
  const authorizedParties = optional(toTexts, fields.authorizedParties);
  return {
    ...(userIdClaim !== undefined && { userIdClaim }),
    ...(authorizedParties && { authorizedParties }),
  };
}

type Fields<T> = Readonly<Record<keyof T, GivenSetting>>;

/** The fields of a source, each under its name. A client secret is refused by name, and never shown. */
function fieldsOf<T>(given: GivenSetting, known: Readonly<Record<keyof T, true>>): Fields<T> {
  const names = Object.keys(known);
  const { name, source, value } = given;
  if (typeof value !== "object" || value === null || Array.isArray(value) || isDeployTime(value)) {
    throw SettingError.forValue(given, `an object with ${names.join(", ")}`);
  }
  const unknown = Object.keys(value).find((field) => !names.includes(field));
  if (unknown !== undefined) {
    throw new SettingError(
      `${name}.${unknown} (${source}) is not known`,
      `${names.join(", ")}; clients with a secret are not supported`,
    );
  }
  return Object.fromEntries(
    names.map((field) => {
      const found = (value as Record<string, unknown>)[field] ?? undefined;
      return [field, { name: `${name}.${field}`, source, value: found }];
    }),
  ) as unknown as Fields<T>;
}

function toFlow(
  given: GivenSetting,
  fields: Fields<OidcIdentitySource>,
  clientId: string | undefined,
): { readonly flow?: FlowSettings } {
  const { authorizationEndpoint, tokenEndpoint, scopes } = fields;
  const authorization = optional(toUrl, authorizationEndpoint);
  const token = optional(toUrl, tokenEndpoint);
  if ((authorization === undefined) !== (token === undefined)) {
    const subject = `${nameOf(given)} has one of authorizationEndpoint and tokenEndpoint`;
    throw new SettingError(subject, "both, or neither");
  }
  if (clientId === undefined) {
    const idle = [authorizationEndpoint, scopes].find(({ value }) => value !== undefined);
    if (idle) throw new SettingError(`${nameOf(idle)} is given without clientId`, "both, or neither");
    return {};
  }
  const endpoints =
    authorization !== undefined && token !== undefined ? { endpoints: { authorization, token } } : {};
  return { flow: { clientId, scopes: toScopes(scopes), ...endpoints } };
}

function toAudience(given: GivenSetting, clientId: string | undefined): readonly string[] {
  const { value } = given;
  if (value === undefined && clientId !== undefined) return [clientId];
  const list = typeof value === "string" ? [toText(given)] : toTexts(given);
  // The id token of the code flow is for the client that asked for it (OpenID Connect Core section 2).
  if (clientId !== undefined && !list.includes(clientId)) {
    throw SettingError.forValue(given, `a list that has the clientId ${JSON.stringify(clientId)} in it`);
  }
  return list;
}
