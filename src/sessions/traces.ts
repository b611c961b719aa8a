import { readAcross } from "../dynamodb/read-across.ts";
import { tooOldByRoster, tooOldBySignOut, type SignInTooOld, type SignOut } from "./counts-from.ts";
import { signInTableOf, type StoreDependencies } from "./dependencies.ts";
import type { Ending } from "./ending.ts";
import { fromEndingItem, fromRosterItem, fromSessionItem } from "./items.ts";
import type { LoginSignIn } from "./login-sign-in.ts";
import type { Roster } from "./roster.ts";
import type { Session, User } from "./session.ts";
import { boundSessionId, outsideWindow, signInKey, type OutsideWindow } from "./sign-in.ts";
import { signOutKey, spentSignInKey } from "./sign-in-keys.ts";
import { toSignOut } from "./spend-sign-in.ts";
import { endingKey, rosterKey, sessionKey } from "./table.ts";

/** What there is of a sign-in and its user. */
export interface Traces {
  /** The bound session in this era, expired or not, where it was asked for. */
  readonly session: Session | undefined;
  /** How the bound session of this era ended, where it was asked for. */
  readonly ending: Ending | undefined;
  /** The sign-in made a session before, or was logged out. */
  readonly isSpent: boolean;
  readonly roster: Roster;
  readonly signOut: SignOut | undefined;
}

/**
 * Reads the traces of a sign-in in one request. They are no picture of one instant: what they allow, the
 * commit checks again; what they refuse stays refused, but for a spent sign-in, whose session may be
 * appearing.
 */
export async function readTraces(
  dependencies: StoreDependencies,
  { signIn }: LoginSignIn,
  wanted: readonly ("session" | "ending")[],
): Promise<Traces> {
  const { tableName, settings } = dependencies;
  const signInTable = signInTableOf(dependencies);
  const id = boundSessionId(settings.era, signIn);
  const keyOf = { session: sessionKey(id), ending: endingKey(id) };
  const [roster, mark, signOut, ...more] = await readAcross(dependencies, [
    { tableName, key: rosterKey(signIn.userId) },
    { tableName: signInTable, key: spentSignInKey(signInKey(signIn)) },
    { tableName: signInTable, key: signOutKey(signIn.userId) },
    ...wanted.map((what) => ({ tableName, key: keyOf[what] })),
  ]);
  const found = (what: "session" | "ending") => more[wanted.indexOf(what)];
  const [session, ending] = [found("session"), found("ending")];
  return {
    session: session && fromSessionItem(id, session),
    ending: ending && fromEndingItem(id, ending),
    isSpent: mark !== undefined,
    roster: fromRosterItem(roster),
    signOut: toSignOut(signOut),
  };
}

/** Why a sign-in that is not spent is not to be admitted, as far as its times tell (I8). */
export function refusalByTimes(
  { clock, settings }: StoreDependencies,
  { signIn, admitFrom, user }: LoginSignIn & { readonly user: Pick<User, "isAdmin"> },
  { roster, signOut }: Traces,
): OutsideWindow | SignInTooOld | undefined {
  return (
    outsideWindow(signIn, admitFrom, settings.timeouts, clock()) ??
    tooOldByRoster(roster, signIn) ??
    tooOldBySignOut(signOut, signIn, user)
  );
}
