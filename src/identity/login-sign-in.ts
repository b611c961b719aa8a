import type { LoginSignIn } from "../sessions/sign-in-store.ts";
import { issuersOf, type AccessTokenSource } from "./oidc-settings.ts";

/**
 * The sign-in that a verified token is of: the same for id tokens and access tokens, refreshed or not, so
 * that it makes one session ever (I7).
 * @param token `authTime` in epoch milliseconds.
 */
export function toLoginSignIn(
  source: AccessTokenSource,
  token: { readonly userId: string; readonly sessionClaim: string; readonly authTime: number },
): LoginSignIn {
  const { userId, sessionClaim, authTime } = token;
  const { signIn = "claim", admitFrom } = source.accessTokens;
  return {
    signIn: {
      issuer: issuersOf(source)[0] ?? "",
      userId,
      sessionClaim,
      signedInAt: Math.floor(authTime),
      identifiedBy: signIn,
    },
    ...(admitFrom !== undefined && { admitFrom }),
  };
}
