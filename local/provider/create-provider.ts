import type { AdapterFactory, Configuration, JWK, KoaContextWithOIDC, Provider } from "oidc-provider";
import type * as OidcProvider from "oidc-provider";
import type { DemoUser } from "../../cli/demo-users.ts";
import { accessAudienceOf, audienceOf, hasAccessTokens } from "../../src/identity/oidc-settings.ts";
import { accessTokenClaims, idTokenClaims, subjectOf, uuidOf, type SignIn } from "./claims.ts";
import { problemPage, signOutPage } from "./pages.ts";
import { isAllowedRedirect, signInRefusal } from "./redirects.ts";
import { PATHS } from "./reroutes.ts";
import { clientIdsOf, sourceOfClient, type ProviderModel } from "./sources.ts";

export interface ProviderOptions {
  readonly model: ProviderModel;
  readonly users: readonly DemoUser[];
  readonly signingKey: JWK;
  readonly memory: AdapterFactory;
  /** By how many milliseconds the functions' clock is later than this machine's. */
  readonly offsetMs: () => number;
}

/** Seconds; Cognito's own defaults. */
const HOUR = 3600;
const REFRESH_TOKEN = 30 * 24 * HOUR;

/** What access tokens are for, where a client names no API; the library wants a URI. */
export const DEFAULT_RESOURCE = "urn:local-provider:api";

/** Where the page with a button for each user is, by the interaction's id. */
export const SIGN_IN_PATH = "/sign-in";

/**
 * The real library with the issuer, clients and claims of the provider that it stands for. It asks for no
 * consent and no password.
 */
export function createProvider(
  { Provider: Class, interactionPolicy }: typeof OidcProvider,
  options: ProviderOptions,
): Provider {
  const { model, users, signingKey, memory, offsetMs } = options;
  const { issuer } = model;
  const userOf = (subject: string, clientId: string): DemoUser | undefined =>
    users.find((user) => subjectOf(sourceOfClient(model, clientId), issuer, user) === subject);
  const offset = (): number => Math.round(offsetMs() / 1000);

  const configuration: Configuration = {
    adapter: memory,
    jwks: { keys: [signingKey] },
    clients: clientIdsOf(model).map((clientId) => ({
      client_id: clientId,
      token_endpoint_auth_method: "none",
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      // Which ones there are is decided by `redirectUriAllowed`.
      redirect_uris: ["http://localhost/"],
      require_auth_time: true,
    })),
    routes: {
      authorization: PATHS.authorization,
      token: PATHS.token,
      revocation: PATHS.revocation,
      jwks: PATHS.keys,
      end_session: PATHS.endSession,
    },
    clientAuthMethods: ["none"],
    responseTypes: ["code"],
    features: {
      devInteractions: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      // The tokens are for an API, whose address they lead to nowhere.
      userinfo: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => void (context.body = signOutPage(form)),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => DEFAULT_RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, resource, client) => ({
          scope: "",
          audience: resource === DEFAULT_RESOURCE ? audienceFor(model, client.clientId) : resource,
          accessTokenFormat: "jwt",
          accessTokenTTL: HOUR,
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
    formats: {
      customizers: {
        jwt(context, token, jwt) {
          const signIn = signInOf(model, context);
          const { clientId, accountId = "" } = token as { clientId: string; accountId?: string };
          const source = sourceOfClient(model, clientId);
          const user = userOf(accountId, clientId);
          if (signIn === undefined || user === undefined) return;
          const { iat, exp } = jwt.payload as { iat: number; exp: number };
          Object.assign(jwt.payload, accessTokenClaims(source, user, signIn));
          Object.assign(jwt.payload, { iat: iat + offset(), exp: exp + offset() });
          if (source.kind !== "cognito") return;
          // The library insists on an audience, and Cognito's access tokens have none: it is not written.
          jwt.payload["aud"] = { toJSON: () => undefined };
          jwt.header = { typ: undefined };
        },
      },
    },
    // So that an account's claims go into id tokens whatever the scope, as far as they are listed here.
    conformIdTokenClaims: false,
    claims: { openid: claimNames(model, users) },
    scopes: scopesOf(model),
    findAccount(context, subject) {
      const clientId = context.oidc.client?.clientId ?? "";
      const user = userOf(subject, clientId);
      if (user === undefined) return undefined;
      return {
        accountId: subject,
        claims(use) {
          const signIn = use === "id_token" ? signInOf(model, context) : undefined;
          const own = signIn && idTokenClaims(sourceOfClient(model, clientId), user, signIn);
          const iat = Math.floor(Date.now() / 1000) + offset();
          return { ...own, sub: subject, ...(own && offset() !== 0 && { iat }) };
        },
      };
    },
    renderError(context, { error, error_description: why = "" }) {
      const { client_id: clientId, redirect_uri: redirectUri } = context.query;
      const params = { clientId: String(clientId ?? ""), redirectUri: String(redirectUri ?? "") };
      context.type = "html";
      context.body = problemPage("No sign-in", signInRefusal(model, { error, why }, params));
    },
    // Each sign-in has a grant of its own, and nobody is asked for consent.
    async loadExistingGrant(context) {
      const { client, session, provider, params } = context.oidc;
      const clientId = client?.clientId ?? "";
      const grant = new provider.Grant({ clientId, accountId: session?.accountId ?? "" });
      grant.addOIDCScope(params?.["scope"] as string);
      await grant.save();
      return grant;
    },
    interactions: {
      policy: interactionPolicy.base(),
      url: (_context, { uid }) => `${SIGN_IN_PATH}/${uid}`,
    },
    issueRefreshToken: () => true,
    rotateRefreshToken: false,
    pkce: { required: () => false },
    clientBasedCORS: () => true,
    cookies: { keys: [uuidOf(issuer)], names: cookieNames(issuer) },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: 300,
      Grant: REFRESH_TOKEN,
      IdToken: () => HOUR + offset(),
      Interaction: HOUR,
      RefreshToken: REFRESH_TOKEN,
      Session: HOUR,
    },
  };
  const provider = new Class(issuer, configuration);
  // By `x-forwarded-host` it says to rerouted functions what they can reach.
  provider.proxy = true;
  const client = provider.Client.prototype as unknown as Record<
    string,
    (this: { clientId: string }, uri: string) => boolean
  >;
  client["redirectUriAllowed"] = function (uri) {
    return isAllowedRedirect(model, this.clientId, uri, "callbackUrls");
  };
  client["postLogoutRedirectUriAllowed"] = function (uri) {
    return isAllowedRedirect(model, this.clientId, uri, "logoutUrls");
  };
  return provider;
}

/** Cookies know no ports: each provider on localhost has names of its own. */
export function cookieNames(issuer: string): Record<"session" | "interaction" | "resume", string> {
  const own = uuidOf("cookies", issuer).slice(0, 8);
  return {
    session: `_provider_${own}`,
    interaction: `_provider_${own}_interaction`,
    resume: `_provider_${own}_resume`,
  };
}

/** The audience of a client's access tokens, where it asks for none. */
function audienceFor(model: ProviderModel, clientId: string): string {
  const source = sourceOfClient(model, clientId);
  const [audience = clientId] = hasAccessTokens(source) ? accessAudienceOf(source) : audienceOf(source);
  return audience;
}

/** The sign-in that the tokens of a request are of. */
function signInOf(model: ProviderModel, context: KoaContextWithOIDC): SignIn | undefined {
  const { AuthorizationCode, RefreshToken } = context.oidc.entities;
  const origin = (RefreshToken ?? AuthorizationCode) as Origin | undefined;
  if (origin === undefined) return undefined;
  const { clientId, grantId, sessionUid, authTime, scope } = origin;
  // Cognito's stays for as long as the refresh token, others' for as long as the provider's session.
  const { kind } = sourceOfClient(model, clientId);
  const id = kind === "cognito" ? uuidOf(grantId) : uuidOf(sessionUid ?? grantId, authTime);
  return { id, clientId, authTime, scope };
}

interface Origin {
  readonly clientId: string;
  readonly grantId: string;
  readonly sessionUid?: string;
  readonly authTime: number;
  readonly scope: string;
}

const STANDARD_SCOPES = ["openid", "offline_access", "profile", "email", "phone", "address"];

function scopesOf({ sources }: ProviderModel): string[] {
  const own = sources.flatMap(({ flow }) => flow?.scopes ?? []);
  return [...new Set([...STANDARD_SCOPES, "aws.cognito.signin.user.admin", ...own])];
}

/** All that any user's id token may have. */
function claimNames({ sources, issuer }: ProviderModel, users: readonly DemoUser[]): string[] {
  const signIn: SignIn = { id: issuer, clientId: "", authTime: 0, scope: "" };
  const all = sources.flatMap((source) =>
    users.flatMap((user) => Object.keys(idTokenClaims(source, user, signIn))),
  );
  return [...new Set(["sub", "iat", ...all])];
}
