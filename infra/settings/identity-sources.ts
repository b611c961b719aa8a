import type { CognitoPool } from "./cognito-setting.ts";

/** How the access tokens of a source are read, and when they make a session. */
export interface AccessTokenOptions {
  /**
   * The claim that names the sign-in: the same in every refreshed token, another one at each sign-in.
   * @default origin_jti for Cognito, sid for others
   */
  readonly sessionClaim?: string;
  /**
   * The claim with the time of the sign-in, in seconds, which refreshed tokens keep: for providers that let
   * nobody add `auth_time`, such as Auth0.
   * @default auth_time
   */
  readonly authTimeClaim?: string;
  /**
   * Accepted values of the access tokens' `aud`, such as your API's identifier. Cognito's access tokens have
   * none: there it is the app clients (`client_id`).
   * @default the source's audience
   */
  readonly audience?: string | readonly string[];
  /**
   * What makes a session of a sign-in: the first call with its token, or `POST /login` with `accessToken`
   * alone.
   * @default "first-use"
   */
  readonly admit?: "first-use" | "login";
  /**
   * What identifies a sign-in. `claim+auth_time` is for providers such as Keycloak, whose session claim stays
   * the same when somebody signs in again, and whose refreshed tokens keep `auth_time`. With any other
   * provider it lets a device that was displaced back in.
   * @default "claim"
   */
  readonly signIn?: "claim" | "claim+auth_time";
  /**
   * Sign-ins from before are not admitted: `2026-11-29T17:00:00Z`. Set it to the present when a backup was
   * restored, and when `accessTokens` is turned on again; at most a day ahead.
   * @default none
   */
  readonly admitFrom?: string;
}

/** What sources of every kind can say. */
export interface AnyIdentitySource {
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
  /**
   * Whether callers may send the provider's own access tokens, and how they are read. The session of such a
   * token is bound to its sign-in (`docs/guides/access-tokens.md`).
   * @default false
   */
  readonly accessTokens?: boolean | AccessTokenOptions;
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
