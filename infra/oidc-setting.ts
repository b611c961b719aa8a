import type { ClaimMapping, FlowSettings, OidcSourceSettings } from "../src/identity/oidc-settings.ts";
import { optional, toName, toScopes, toShape, toText, toTexts, toUrl } from "./oidc-setting-values.ts";
import { nameOf, SettingError, type GivenSetting } from "./setting-error.ts";

/** An OpenID Connect provider as an identity source. Its users' ids are `<name>:<sub>`. */
export interface OidcIdentitySource {
  /** 1 to 32 of a-z, 0-9 and hyphen. */
  readonly name: string;
  /** Exactly as in the id tokens' `iss`: `https://login.example.com`. */
  readonly issuer: string;
  /** Accepted values of the id tokens' `aud`. @default clientId */
  readonly audience?: string | readonly string[];
  /** Where the provider publishes its keys. */
  readonly jwksUri: string;
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
export interface CognitoIdentitySource {
  /** @default cognito */
  readonly name?: string;
  readonly userPoolId: string;
  /** The app client: the tokens' audience. */
  readonly clientId: string;
  /** The user pool's domain; turns on `GET /login/oidc`. The app client must have no secret. @default none */
  readonly domain?: string;
  /** What `GET /login/oidc` asks for. @default openid */
  readonly scopes?: readonly string[];
  /** Groups whose members are administrators. @default none */
  readonly adminGroups?: readonly string[];
  /** Which groups are taken as permissions. @default all */
  readonly permissionGroups?: readonly string[];
}

const GROUPS_CLAIM = "cognito:groups";
/** As `CognitoJwtVerifier` has it. */
const USER_POOL_ID = /^(?:eusc-[a-z]{2}|[a-z]{2})-(?:gov-)?[a-z]+-\d_[a-zA-Z0-9]+$/;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/;

/** An OpenID Connect provider as set. @throws {@link SettingError} naming the field. */
export function readOidcSource(given: GivenSetting): OidcSourceSettings {
  const fields = fieldsOf<OidcIdentitySource>(given, {
    name: true,
    issuer: true,
    audience: true,
    jwksUri: true,
    clientId: true,
    scopes: true,
    authorizationEndpoint: true,
    tokenEndpoint: true,
    adminClaim: true,
    adminValues: true,
    permissionsClaim: true,
    permissionValues: true,
  });
  const name = toName(fields.name);
  const issuer = toUrl(fields.issuer);
  const jwksUri = toUrl(fields.jwksUri);
  const clientId = optional(toText, fields.clientId);
  const audience = toAudience(fields.audience, clientId);
  return {
    kind: "oidc",
    name,
    issuer,
    audience,
    jwksUri,
    mapping: toMapping(fields),
    ...toFlow(given, fields, clientId),
  };
}

/** A Cognito user pool as set. @throws {@link SettingError} naming the field. */
export function readCognitoSource(given: GivenSetting): OidcSourceSettings {
  const fields = fieldsOf<CognitoIdentitySource>(given, {
    name: true,
    userPoolId: true,
    clientId: true,
    domain: true,
    scopes: true,
    adminGroups: true,
    permissionGroups: true,
  });
  const { name, userPoolId, domain, adminGroups, permissionGroups } = fields;
  const clientId = toText(fields.clientId);
  const adminValues = optional(toTexts, adminGroups);
  const permissionValues = optional(toTexts, permissionGroups);
  const host = optional((field) => toShape(field, HOST_NAME, "a host name without https://"), domain);
  const accepted = "a user pool's id, such as eu-central-1_AbCdEfGhI";
  return {
    kind: "cognito",
    name: name.value === undefined ? "cognito" : toName(name),
    userPoolId: toShape(userPoolId, USER_POOL_ID, accepted),
    clientId,
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
  };
}

type Fields<T> = Readonly<Record<keyof T, GivenSetting>>;

/** The fields of a source, each under its name. A client secret is refused by name, and never shown. */
function fieldsOf<T>(given: GivenSetting, known: Readonly<Record<keyof T, true>>): Fields<T> {
  const names = Object.keys(known);
  const { name, source, value } = given;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw SettingError.forValue(given, `an object with ${names.join(", ")}`);
  }
  const stranger = Object.keys(value).find((field) => !names.includes(field));
  if (stranger !== undefined) {
    throw new SettingError(
      `${name}.${stranger} (${source}) is not known`,
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

function toMapping(fields: Fields<OidcIdentitySource>): ClaimMapping {
  const adminClaim = optional(toText, fields.adminClaim);
  const adminValues = optional(toTexts, fields.adminValues);
  const permissionsClaim = optional(toText, fields.permissionsClaim);
  const permissionValues = optional(toTexts, fields.permissionValues);
  if (adminValues && adminClaim === undefined) {
    throw new SettingError(
      `${nameOf(fields.adminValues)} is given without adminClaim`,
      "both, or adminClaim",
    );
  }
  if (permissionValues && permissionsClaim === undefined) {
    const subject = `${nameOf(fields.permissionValues)} is given without permissionsClaim`;
    throw new SettingError(subject, "both, or permissionsClaim");
  }
  return {
    ...(adminClaim !== undefined && { adminClaim }),
    ...(adminValues && { adminValues }),
    ...(permissionsClaim !== undefined && { permissionsClaim }),
    ...(permissionValues && { permissionValues }),
  };
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
