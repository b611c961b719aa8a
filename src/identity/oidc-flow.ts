import { CognitoJwtVerifier } from "aws-jwt-verify/cognito-verifier";
import { supportedSignatureAlgorithms } from "aws-jwt-verify/jwt-verifier";
import {
  authorizationCodeGrant,
  AuthorizationResponseError,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientError,
  Configuration,
  discovery,
  None,
  ResponseBodyError,
} from "openid-client";
import type { RandomBytes } from "../sessions/token.ts";
import { FRESH_MS } from "./id-token.ts";
import { hasAccessTokens, type FlowSettings, type OidcSourceSettings } from "./oidc-settings.ts";
import type { TokenRefusal } from "./token-refusal.ts";

/** What the browser that begins a sign-in keeps until it comes back from the provider. */
export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly codeVerifier: string;
}

export type BeginOutcome =
  | { readonly outcome: "begun"; readonly url: URL; readonly secrets: SignInSecrets }
  | { readonly outcome: "unavailable"; readonly cause: unknown };

export type FinishOutcome =
  /** Not verified yet. */
  | { readonly outcome: "id-token"; readonly idToken: string }
  /** The provider's own refusal, by its code. */
  | { readonly outcome: "refused-by-provider"; readonly error: string }
  /**
   * The library checks the id token's claims as well; what it refuses has the same reasons as our own checks.
   */
  | { readonly outcome: "token-refused"; readonly reason: TokenRefusal }
  /** There is no id token, or the answer is not the provider's to this sign-in. */
  | { readonly outcome: "not-proven"; readonly reason: "no-id-token" | "foreign-answer" }
  | { readonly outcome: "unavailable"; readonly cause: unknown };

/** The authorization code flow with PKCE (OpenID Connect Core section 3.1; RFC 9700), as a public client. */
export interface OidcFlow {
  begin(source: FlowSource, redirectUri: string): Promise<BeginOutcome>;
  /** @param answer the URL that the browser came back with. */
  finish(source: FlowSource, answer: URL, secrets: SignInSecrets): Promise<FinishOutcome>;
}

/** A source that has the flow on. */
export type FlowSource = OidcSourceSettings & { readonly flow: FlowSettings };

export const hasFlow = (source: OidcSourceSettings): source is FlowSource => source.flow !== undefined;

const SECRET_BYTES = 32;
/** A minute less than a sign-in stays fresh: the way back takes time. */
const MAX_AGE_SECONDS = FRESH_MS / 1000 - 60;
/** Discovery and the exchange of the code both fit into what an HTTP API waits. */
const TIMEOUT_SECONDS = 8;
/** RFC 6749 section 4.1.2.1; the site that sends the browser back wrote it. */
const ERROR_CODE = /^[a-z_]{1,64}$/;

/** The flow, with the provider's metadata discovered once an execution environment. */
export function createOidcFlow(random: RandomBytes): OidcFlow {
  const configurations = new Map<string, Promise<Configuration>>();
  const secret = (): string => Buffer.from(random(SECRET_BYTES)).toString("base64url");

  function configurationOf(source: FlowSource): Promise<Configuration> {
    const known = configurations.get(source.name);
    if (known !== undefined) return known;
    const found = configure(source);
    configurations.set(source.name, found);
    // What failed once may work the next time.
    found.catch(() => configurations.delete(source.name));
    return found;
  }

  return {
    async begin(source, redirectUri) {
      let configuration: Configuration;
      try {
        configuration = await configurationOf(source);
      } catch (cause) {
        return { outcome: "unavailable", cause };
      }
      const secrets = { state: secret(), nonce: secret(), codeVerifier: secret() };
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: source.flow.scopes.join(" "),
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: "S256",
        // Somebody who signed in at the provider long ago is asked again there, instead of refused here.
        max_age: String(MAX_AGE_SECONDS),
        // Cognito's managed login knows `prompt`; that it heeds `max_age` is not to be relied on. Of a source
        // with access tokens a silent redirect would bring a sign-in from before the last sign-out, again and
        // again.
        ...((source.kind === "cognito" || hasAccessTokens(source)) && { prompt: "login" }),
      });
      return { outcome: "begun", url, secrets };
    },

    async finish(source, answer, { state, nonce, codeVerifier }) {
      try {
        const tokens = await authorizationCodeGrant(await configurationOf(source), answer, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: codeVerifier,
        });
        return tokens.id_token === undefined
          ? { outcome: "not-proven", reason: "no-id-token" }
          : { outcome: "id-token", idToken: tokens.id_token };
      } catch (cause) {
        return outcomeOf(cause);
      }
    },
  };
}

async function configure(source: FlowSource): Promise<Configuration> {
  const { clientId, endpoints } = source.flow;
  const issuer =
    source.kind === "oidc" ? source.issuer : CognitoJwtVerifier.parseUserPoolId(source.userPoolId).issuer;
  if (endpoints === undefined) {
    return discovery(new URL(issuer), clientId, undefined, None(), { timeout: TIMEOUT_SECONDS });
  }
  const metadata = {
    issuer,
    authorization_endpoint: endpoints.authorization,
    token_endpoint: endpoints.token,
    // Which of them it may be is checked with the signature.
    id_token_signing_alg_values_supported: [...supportedSignatureAlgorithms],
  };
  const configuration = new Configuration(metadata, clientId, undefined, None());
  configuration.timeout = TIMEOUT_SECONDS;
  return configuration;
}

function outcomeOf(cause: unknown): FinishOutcome {
  if (cause instanceof AuthorizationResponseError || cause instanceof ResponseBodyError) {
    if (cause instanceof ResponseBodyError && cause.status >= 500) return { outcome: "unavailable", cause };
    const error = ERROR_CODE.test(cause.error) ? cause.error : "unknown";
    return { outcome: "refused-by-provider", error };
  }
  if (cause instanceof ClientError && !isUnanswered(cause)) {
    const reason = tokenRefusalOf(cause);
    return reason === undefined
      ? { outcome: "not-proven", reason: "foreign-answer" }
      : { outcome: "token-refused", reason };
  }
  return { outcome: "unavailable", cause };
}

/**
 * The codes of openid-client for no answer in time, and for one that is no OAuth answer at all (a proxy's
 * error page).
 */
function isUnanswered({ code }: ClientError): boolean {
  return [
    "OAUTH_TIMEOUT",
    "OAUTH_ABORT",
    "OAUTH_RESPONSE_IS_NOT_CONFORM",
    "OAUTH_RESPONSE_IS_NOT_JSON",
  ].includes(code ?? "");
}

const CLAIM_REASONS: Readonly<Record<string, TokenRefusal>> = {
  iss: "wrong-issuer",
  aud: "wrong-audience",
  azp: "wrong-authorized-party",
  nonce: "wrong-nonce",
  exp: "expired",
  nbf: "not-yet-valid",
  auth_time: "too-old",
};

/** What openid-client found wrong with the id token; `undefined` where its error is about something else. */
function tokenRefusalOf({ cause }: ClientError): TokenRefusal | undefined {
  // The error of oauth4webapi has the place of the fault as its cause.
  const place = cause instanceof Error ? cause.cause : cause;
  if (typeof place !== "object" || place === null) return undefined;
  if ("claim" in place) return CLAIM_REASONS[String(place.claim)] ?? "not-verified";
  if ("claims" in place) return "missing-claim";
  return "header" in place ? "algorithm-not-allowed" : undefined;
}
