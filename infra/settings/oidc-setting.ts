import type { FlowSettings, OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { toMapping } from "./claim-mapping-setting.ts";
import { readAccessTokens } from "./access-token-setting.ts";
import { POOL_FIELDS, readPool } from "./cognito-setting.ts";
import type { AnyIdentitySource, CognitoIdentitySource, OidcIdentitySource } from "./identity-sources.ts";
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
import { fieldsOf, type Fields } from "./setting-fields.ts";
import { toBoolean } from "./setting-values.ts";

const GROUPS_CLAIM = "cognito:groups";
/** A source as set: what the functions are told, and what is for people. */
export interface SourceSetting {
  readonly settings: OidcSourceSettings;
  readonly label: string;
}

/** Fields of every source. */
const ANY_FIELDS = { label: true, userIdClaim: true, authorizedParties: true, accessTokens: true } as const;

/** A client secret is refused by name, and never shown. */
const NO_SECRETS = { hint: "; clients with a secret are not supported" } as const;

/** An OpenID Connect provider as set. @throws {@link SettingError} naming the field. */
export function readOidcSource(given: GivenSetting): SourceSetting {
  const fields = fieldsOf<OidcIdentitySource>(
    given,
    {
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
    },
    NO_SECRETS,
  );
  const name = toName(fields.name);
  const issuers = toIssuers(fields.issuer);
  const jwksUri = toUrl(fields.jwksUri);
  const clientId = optional(toText, fields.clientId);
  const audience = toAudience(fields.audience, clientId);
  const acceptIssuedAt = optional(toBoolean, fields.acceptIssuedAt) === true;
  const rules = toUserRules(fields);
  if (acceptIssuedAt && rules.accessTokens) {
    const subject = `${nameOf(fields.acceptIssuedAt)} and ${nameOf(fields.accessTokens)} are both given`;
    throw new SettingError(subject, "one of them: sessions of access tokens are held to auth_time");
  }
  return {
    label: optional(toLabel, fields.label) ?? labelOf(name),
    settings: {
      kind: "oidc",
      name,
      ...issuers,
      audience,
      jwksUri,
      ...(acceptIssuedAt && { acceptIssuedAt }),
      ...rules,
      mapping: toMapping(fields),
      ...toFlow(given, fields, clientId),
    },
  };
}

/** A Cognito user pool as set. @throws {@link SettingError} naming the field. */
export function readCognitoSource(given: GivenSetting): SourceSetting {
  const fields = fieldsOf<CognitoIdentitySource>(
    given,
    {
      name: true,
      ...POOL_FIELDS,
      scopes: true,
      adminGroups: true,
      permissionGroups: true,
      ...ANY_FIELDS,
    },
    NO_SECRETS,
  );
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
  fields: Pick<Fields<AnyIdentitySource>, "userIdClaim" | "authorizedParties" | "accessTokens">,
): Pick<OidcSourceSettings, "userIdClaim" | "authorizedParties" | "accessTokens"> {
  const userIdClaim = optional(toUserIdClaim, fields.userIdClaim);
  const authorizedParties = optional(toTexts, fields.authorizedParties);
  const accessTokens = optional(readAccessTokens, fields.accessTokens);
  return {
    ...(userIdClaim !== undefined && { userIdClaim }),
    ...(authorizedParties && { authorizedParties }),
    ...(accessTokens && { accessTokens }),
  };
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
