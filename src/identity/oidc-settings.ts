/**
 * What the functions are told of the OpenID Connect sources, as the `identity` setting named them and the
 * synth checked them. It imports nothing, so that the CDK construct and the functions share it and cannot
 * drift apart.
 */

/** How an id token's claims become `isAdmin` and permissions. Without any of it a user has neither. */
export interface ClaimMapping {
  /** The claim that says who is an administrator. */
  readonly adminClaim?: string;
  /** The claim is one of these, or lists one of them; where not given, the claim must be `true`. */
  readonly adminValues?: readonly string[];
  /**
   * The claim whose values are permissions: a list of strings, or one string with spaces between them (as
   * `scope`).
   */
  readonly permissionsClaim?: string;
  /** Only these values are taken; all of them where not given. */
  readonly permissionValues?: readonly string[];
}

/** The code flow of a source, a public client with PKCE. */
export interface FlowSettings {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Found by discovery where not given. */
  readonly endpoints?: { readonly authorization: string; readonly token: string };
}

/** The access tokens of a source, where callers hold them: their sessions are bound to sign-ins. */
export interface AccessTokenSettings {
  /** The claim that names the sign-in; see {@link sessionClaimOf}. */
  readonly sessionClaim?: string;
  /** The claim with the time of the sign-in; see {@link authTimeClaimOf}. */
  readonly authTimeClaim?: string;
  /** See {@link accessAudienceOf}. */
  readonly audience?: readonly string[];
  /** What makes a session: the first call with a token (`first-use`, where not given), or `POST /login`. */
  readonly admit?: "first-use" | "login";
  /** What identifies a sign-in; `claim` where not given. */
  readonly signIn?: "claim" | "claim+auth_time";
  /** Sign-ins from before are not admitted; epoch milliseconds. */
  readonly admitFrom?: number;
}

interface SharedSettings {
  /** Unique; the users' ids begin with it. */
  readonly name: string;
  /** The top-level claim that identifies a user, whichever client the token is for; `sub` where not given. */
  readonly userIdClaim?: string;
  /** Other clients that may ask for tokens which are for us and for others (`azp`). */
  readonly authorizedParties?: readonly string[];
  readonly mapping: ClaimMapping;
  /** Where given, `GET /login/oidc` signs people in by this source. */
  readonly flow?: FlowSettings;
  /** Where given, callers may send the provider's access tokens. */
  readonly accessTokens?: AccessTokenSettings;
}

/** One source of id tokens. */
export type OidcSourceSettings =
  | (SharedSettings & {
      readonly kind: "oidc";
      /** Exactly as in the tokens' `iss`; an https URL, by which the provider is discovered. */
      readonly issuer: string;
      /** Other spellings of the same provider's `iss`. */
      readonly otherIssuers?: readonly string[];
      /** One of these is in the tokens' `aud`. */
      readonly audience: readonly string[];
      readonly jwksUri: string;
      /** Whether `iat` stands for `auth_time` in id tokens that have neither that nor `sid`. */
      readonly acceptIssuedAt?: boolean;
    })
  | (SharedSettings & {
      readonly kind: "cognito";
      /** Issuer and keys follow from it. */
      readonly userPoolId: string;
      readonly clientId: string;
      /**
       * All app clients whose tokens are accepted, `clientId` among them; `clientId` alone where not given.
       */
      readonly audience?: readonly string[];
      readonly acceptIssuedAt?: never;
    });

/** Accepted values of the tokens' `aud`. */
export function audienceOf(source: OidcSourceSettings): readonly string[] {
  return source.kind === "oidc" ? source.audience : (source.audience ?? [source.clientId]);
}

/** A source whose access tokens callers may send. */
export type AccessTokenSource = OidcSourceSettings & { readonly accessTokens: AccessTokenSettings };

export const hasAccessTokens = (source: OidcSourceSettings): source is AccessTokenSource =>
  source.accessTokens !== undefined;

/** One of these is in the access tokens' `aud`; with Cognito, whose tokens have none, it is `client_id`. */
export const accessAudienceOf = (source: AccessTokenSource): readonly string[] =>
  source.accessTokens.audience ?? audienceOf(source);

/** Of its id tokens and of its access tokens. */
export const audiencesOf = (source: OidcSourceSettings): readonly string[] => [
  ...audienceOf(source),
  ...(hasAccessTokens(source) ? accessAudienceOf(source) : []),
];

/** The claim that stays the same when the provider refreshes a token, and is another one at each sign-in. */
export const sessionClaimOf = ({ kind, accessTokens }: AccessTokenSource): string =>
  accessTokens.sessionClaim ?? (kind === "cognito" ? "origin_jti" : "sid");

/** The claim that says when the sign-in was, in seconds (a NumericDate of RFC 7519). */
export const authTimeClaimOf = ({ accessTokens }: AccessTokenSource): string =>
  accessTokens.authTimeClaim ?? "auth_time";

/** Accepted values of the tokens' `iss`. */
export function issuersOf(source: OidcSourceSettings): readonly string[] {
  if (source.kind === "oidc") return [source.issuer, ...(source.otherIssuers ?? [])];
  const region = source.userPoolId.split("_")[0] ?? "";
  // Cognito has two forms of issuer.
  return ["cognito-idp", "issuer-cognito-idp"].map(
    (service) => `https://${service}.${region}.amazonaws.com/${source.userPoolId}`,
  );
}
