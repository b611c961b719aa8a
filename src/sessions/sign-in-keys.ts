/**
 * Names of what the protocol keeps in the sign-in table. Marks and times must survive the restoring of a
 * backup of the sessions table, and need no stream: so they are in the other one. It imports nothing, so that
 * the CDK construct and the functions share it and cannot drift apart.
 */

const SPENT_SIGN_IN_PREFIX = "signin#";
const SIGN_OUT_PREFIX = "signout#";

/** Key of the mark that a sign-in is spent (I7). */
export const spentSignInKey = (signInKey: string) => ({ pk: SPENT_SIGN_IN_PREFIX + signInKey }) as const;

/** Key of the time from which a user's sign-ins count, as administrators' logouts move it (I8). */
export const signOutKey = (userId: string) => ({ pk: SIGN_OUT_PREFIX + userId }) as const;

/** What an administrators' logout writes there, beside the key; that function's grant names them. */
export const SIGN_OUT_ATTRIBUTES = ["everybodyFrom", "othersFrom", "by", "ttl"] as const;
