import type { DocumentClient } from "../dynamodb/document-client.ts";
import { userIdProblem } from "../sessions/session.ts";
import type { LoginSignIn } from "../sessions/sign-in-store.ts";
import { mapClaims } from "./claim-mapping.ts";
import { createIdTokenVerifier, isForUs, type VerifiedIdToken } from "./id-token.ts";
import type { Identity } from "./identity.ts";
import {
  readToken,
  renewedHourly,
  textClaim,
  type Claims,
  type KeyDependencies,
  type RefusedToken,
} from "./jwt.ts";
import { toLoginSignIn } from "./login-sign-in.ts";
import {
  audienceOf,
  hasAccessTokens,
  issuersOf,
  sessionClaimOf,
  type AccessTokenSource,
  type OidcSourceSettings,
} from "./oidc-settings.ts";
import { isTokenUsed, tokenUnusedCheck } from "./used-tokens.ts";

export interface IdTokenCredentials {
  readonly idToken: string;
  /** Where given, the token must carry it. */
  readonly nonce?: string | undefined;
}

export type IdTokenOutcome =
  | ({ readonly outcome: "authenticated" } & Identity)
  | RefusedToken
  | { readonly outcome: "unavailable"; readonly cause: unknown };

/** The identity sources that vouch by id tokens. */
export interface OidcSources {
  /** In the order of the settings. */
  readonly all: readonly OidcSourceSettings[];
  /**
   * Whose token it is. The identity's checks make it sign in once.
   * @param sourceName the only source whose token will do; the one that the token names unless given.
   * @throws ClaimMappingError
   * @throws StoreUnavailableError where the sign-in table could not be asked.
   */
  authenticate(credentials: IdTokenCredentials, sourceName?: string): Promise<IdTokenOutcome>;
}

export interface OidcSourcesDependencies extends KeyDependencies {
  readonly sources: readonly OidcSourceSettings[];
  readonly documents: DocumentClient;
  readonly signInTable: string;
}

/** The sources of the settings. */
export function createOidcSources(dependencies: OidcSourcesDependencies): OidcSources {
  const { sources, documents, signInTable, clock } = dependencies;
  const verifierOf = renewedHourly(
    dependencies,
    (jwksCache) =>
      new Map(sources.map((source) => [source.name, createIdTokenVerifier(source, clock, jwksCache)])),
  );

  return {
    all: sources,
    async authenticate({ idToken, nonce }, sourceName) {
      const token = readToken(idToken);
      if (token.outcome === "refused") return token;
      const source =
        sourceName === undefined
          ? sourceNamedBy(token.claims, sources)
          : sources.find(({ name }) => name === sourceName);
      if (source === undefined) return { outcome: "refused", reason: "wrong-issuer" };
      const verification = await verifierOf(source.name).verify(idToken, { nonce });
      if (verification.outcome !== "verified") return verification;
      const isUsed = await isTokenUsed(documents, signInTable, verification.mark);
      if (isUsed) return { outcome: "refused", reason: "used-before" };
      return identityOf(source, verification, signInTable);
    },
  };
}

function identityOf(source: OidcSourceSettings, token: VerifiedIdToken, signInTable: string): IdTokenOutcome {
  const { subject, claims, authTime } = token;
  const id = `${source.name}:${subject}`;
  // Refused rather than brought into form: two subjects must not become one user.
  if ((userIdProblem(subject) ?? userIdProblem(id)) !== undefined)
    return { outcome: "refused", reason: "bad-user-id" };
  return {
    outcome: "authenticated",
    user: { id, ...mapClaims(claims, source.mapping) },
    claims,
    identitySource: source.name,
    checks: [tokenUnusedCheck(signInTable, token.mark)],
    ...(authTime !== undefined && { signedInAt: authTime }),
    ...(hasAccessTokens(source) && { signIn: signInOf(source, id, token) }),
  };
}

/** Of a source with `accessTokens`, whose verifier let through no token without these. */
function signInOf(
  source: AccessTokenSource,
  userId: string,
  { claims, authTime }: VerifiedIdToken,
): LoginSignIn {
  const sessionClaim = textClaim(claims, sessionClaimOf(source));
  if (sessionClaim === undefined || authTime === undefined)
    throw new Error("an id token without its sign-in");
  return toLoginSignIn(source, { userId, sessionClaim, authTime });
}

/** By the token's unverified claims, which choose who verifies it and decide nothing else. */
function sourceNamedBy(
  claims: Claims,
  sources: readonly OidcSourceSettings[],
): OidcSourceSettings | undefined {
  const { iss, aud, azp } = claims;
  const parties: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const ofIssuer = sources.filter((source) => issuersOf(source).includes(iss as string));
  const ofAudience = ofIssuer.filter((source) => audienceOf(source).some((party) => parties.includes(party)));
  return (
    // A token for clients of two sources is of the one whose client asked for it.
    ofAudience.find((source) => audienceOf(source).includes(azp as string)) ??
    ofAudience.find((source) => isForUs(claims, source)) ??
    ofAudience[0] ??
    ofIssuer[0]
  );
}
