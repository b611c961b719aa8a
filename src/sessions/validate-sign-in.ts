import type { StoreDependencies } from "./dependencies.ts";
import { lookAgain, seenWhole } from "./look-again.ts";
import { readSession } from "./read.ts";
import { isUnexpired, type Session } from "./session.ts";
import { boundSessionId } from "./sign-in.ts";
import type { SignInValidation, ValidateSignInRequest } from "./sign-in-store.ts";
import type { Validation } from "./store.ts";
import { readTraces, refusalByTimes, type Traces } from "./traces.ts";
import { touchIfDue } from "./validate.ts";

/** What is found of a sign-in: an answer; or nothing, and nothing that speaks against its admission. */
export type SignInFound = SignInValidation | { readonly outcome: "may-be-admitted"; readonly traces: Traces };

/** Whether a sign-in has a live session; it never makes one. */
export async function validateSignIn(
  dependencies: StoreDependencies,
  request: ValidateSignInRequest,
): Promise<SignInValidation> {
  const found = await findBySignIn(dependencies, request);
  return found.outcome === "may-be-admitted" ? { outcome: "unknown" } : found;
}

/** One read for a live session; only for a missing one a second, of all that may say why. */
export async function findBySignIn(
  dependencies: StoreDependencies,
  request: ValidateSignInRequest,
): Promise<SignInFound> {
  const id = boundSessionId(dependencies.settings.era, request.signIn);
  const session = await readSession(dependencies, id);
  if (session !== undefined) return answerFor(dependencies, request, session);
  return judgeTraces(dependencies, request, await readTraces(dependencies, request, ["ending"]));
}

/** The answer by a session that a plain read found. */
export async function answerFor(
  dependencies: StoreDependencies,
  request: ValidateSignInRequest,
  session: Session,
): Promise<SignInValidation> {
  const seen: Validation = isUnexpired(session, dependencies.clock())
    ? await seenWhole(dependencies, session)
    : { outcome: "expired", session };
  return touched(dependencies, request, seen);
}

/** What the traces of a sign-in without a session say. */
export async function judgeTraces(
  dependencies: StoreDependencies,
  request: ValidateSignInRequest,
  traces: Traces,
): Promise<SignInFound> {
  if (traces.ending !== undefined) return { outcome: "ended", ending: traces.ending };
  if (traces.isSpent) return answerBySecondLook(dependencies, request);
  return refusalByTimes(dependencies, request, traces) ?? { outcome: "may-be-admitted", traces };
}

/** The answer for a sign-in that is spent, and whose session a plain read did not find. */
export async function answerBySecondLook(
  dependencies: StoreDependencies,
  request: ValidateSignInRequest,
): Promise<SignInValidation> {
  const { signIn } = request;
  const id = boundSessionId(dependencies.settings.era, signIn);
  return touched(dependencies, request, await lookAgain(dependencies, signIn.userId, id));
}

async function touched(
  dependencies: StoreDependencies,
  { user, touch, from }: ValidateSignInRequest,
  seen: Validation,
): Promise<SignInValidation> {
  const last =
    seen.outcome === "live" && touch !== false ? await touchIfDue(dependencies, seen.session, from) : seen;
  switch (last.outcome) {
    case "live":
      // By the token at hand: what its groups no longer give must not live on in the snapshot.
      return { outcome: "live", session: { ...last.session, user } };
    case "expired":
      return {
        outcome: "expired",
        expiredAt: Math.min(last.session.idleExpiresAt, last.session.expiresAt),
      };
    case "ended":
    case "unknown":
      return last;
  }
}
