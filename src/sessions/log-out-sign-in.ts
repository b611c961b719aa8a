import { transact } from "../dynamodb/transact.ts";
import { signInTableOf, type StoreDependencies } from "./dependencies.ts";
import { logout } from "./end-own.ts";
import type { Ending } from "./ending.ts";
import { toEndingItem } from "./items.ts";
import { lookAgain } from "./look-again.ts";
import { boundSessionId, SIGN_INS_KEPT_MS, windowEnd, type SignIn } from "./sign-in.ts";
import type { SignInLogoutOutcome, SignInToken } from "./sign-in-store.ts";
import { markSpent } from "./spend-sign-in.ts";

/**
 * Logs out by a sign-in. A client holds its token before there is a session, so that a logout must spend the
 * sign-in where it finds none: a call that is under way, or the next one, would be admitted after the answer
 * (I5). Where it was spent before, it is looked at again: its session may be appearing.
 */
export async function logOutSignIn(
  dependencies: StoreDependencies,
  { signIn }: SignInToken,
): Promise<SignInLogoutOutcome> {
  const ended = await logout(dependencies, signIn);
  if (ended.outcome === "ended") return ended;
  if (await spend(dependencies, signIn)) return { outcome: "spent" };
  const id = boundSessionId(dependencies.settings.era, signIn);
  const seen = await lookAgain(dependencies, signIn.userId, id);
  // A session is made of a sign-in once: the second logout cannot come too early again.
  return seen.outcome === "live" ? logout(dependencies, signIn) : { outcome: "not-live" };
}

/**
 * Marks a sign-in that has no session as spent, with the reason.
 * @returns whether it was not spent before.
 */
async function spend(dependencies: StoreDependencies, signIn: SignIn): Promise<boolean> {
  const { clock, random, settings, tableName } = dependencies;
  const now = clock();
  // So old that no settings let it in, and that its mark would be gone at once.
  if (now >= signIn.signedInAt + SIGN_INS_KEPT_MS) return false;
  const ending: Ending = {
    sessionId: boundSessionId(settings.era, signIn),
    userId: signIn.userId,
    reason: "logged_out",
    endedAt: now,
    endedBy: signIn.userId,
    expiresAt: windowEnd(signIn, settings.timeouts),
  };
  const nonce = Buffer.from(random(12)).toString("base64url");
  const answer = await transact(dependencies, [
    markSpent(signInTableOf(dependencies), signIn, nonce),
    { Put: { TableName: tableName, Item: toEndingItem(ending) } },
  ]);
  return answer.result === "applied";
}
