import type { AccessToken, AccessTokens } from "../identity/access-token.ts";
import type { CallRecord } from "../runtime/telemetry.ts";
import type { Session } from "../sessions/session.ts";
import type { SignInStore } from "../sessions/sign-in-store.ts";
import { seenFrom, type PlaceSource } from "./place.ts";
import type { Problem } from "./problem.ts";
import type { HttpHeaders } from "./request.ts";
import { signInProblem, verifyAccessToken, type BoundFound } from "./sign-in-problems.ts";

/** What is known of a call that came with a provider's token. */
export interface BoundCall<Request> {
  readonly request: Request;
  /** Whether to record activity; a call that only watches makes no session either. */
  readonly touch: boolean;
  /** Where the reason of a refusal is noted, and what an admission did. */
  readonly record?: CallRecord | undefined;
}

/**
 * How callers are resolved who send a provider's own access tokens (design section 9). Absent where no source
 * has `accessTokens`; then nothing that verifies tokens is in a bundle.
 */
export interface BoundCallers<Request = HttpHeaders> {
  /** The verified token, or the 401; it asks no table. See `verifyAccessToken`. */
  readonly verify: (
    text: string,
    record?: CallRecord,
    options?: { readonly expired?: "accept" },
  ) => Promise<AccessToken | Problem>;
  /** The caller's session, or the refusal with the reason. */
  readonly resolve: (
    text: string,
    call: BoundCall<Request>,
  ) => Promise<
    | { readonly outcome: "live"; readonly token: AccessToken; readonly session: Session }
    | { readonly outcome: "refused"; readonly problem: Problem }
  >;
}

/** @param find the session of a token that was verified. */
export function boundCallers<Request>(
  accessTokens: Pick<AccessTokens, "verify">,
  find: (token: AccessToken, call: BoundCall<Request>) => Promise<BoundFound>,
): BoundCallers<Request> {
  const verify: BoundCallers<Request>["verify"] = (text, record, options) =>
    verifyAccessToken(text, accessTokens, record, options);
  return {
    verify,
    async resolve(text, call) {
      const token = await verify(text, call.record);
      if ("code" in token) return { outcome: "refused", problem: token };
      const found = await find(token, call);
      return found.outcome === "live"
        ? { outcome: "live", token, session: found.session }
        : { outcome: "refused", problem: signInProblem(found) };
    },
  };
}

/**
 * Callers of what never makes a session: the guard, and functions without the right to. No code of a commit
 * comes along with it.
 */
export const boundValidation = (
  accessTokens: Pick<AccessTokens, "verify">,
  store: Pick<SignInStore, "validateSignIn">,
): BoundCallers<HttpHeaders & PlaceSource> =>
  boundCallers(accessTokens, (token, { touch, request }) => validateBound(store, token, { touch, request }));

/** The session of a verified token, which is not made. */
export async function validateBound(
  store: Pick<SignInStore, "validateSignIn">,
  token: AccessToken,
  { touch, request }: { readonly touch: boolean; readonly request: HttpHeaders & PlaceSource },
): Promise<BoundFound> {
  const found = await store.validateSignIn({ ...token, touch, from: seenFrom(request, "bearer") });
  return found.outcome === "live" ? { ...found, admitted: false, displaced: [] } : found;
}
