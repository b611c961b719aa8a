import type { EndReason } from "../../src/sessions/ending.ts";
import type { Operation } from "./history.ts";

/**
 * What one session may be, as a set of bits: 0, not created yet; {@link EXISTS}, its item is there; {@link
 * GONE}, deleted without an ending; or ended for a reason. Several bits: nobody has seen yet which of them it
 * is. Timeouts are no part of it: whether a session that exists is taken for expired is each function's
 * clock's to say.
 */
export type Possible = number;
export const EXISTS = 1;
export const GONE = 2;
const ENDINGS = { displaced: 4, logged_out: 8, revoked: 16 } as const satisfies Record<EndReason, Possible>;
export const DEAD = GONE | ENDINGS.displaced | ENDINGS.logged_out | ENDINGS.revoked;

export const ending = (reason: EndReason): Possible => ENDINGS[reason];

/** A bulk revoke under way, and the sessions that were there when it read the roster. */
export interface BulkRevoke {
  readonly operation: Operation;
  readonly listed: readonly number[];
}

/**
 * Everything that decides how one user's next call is answered. Sessions go by their index in the history.
 */
export interface UserState {
  readonly masks: readonly Possible[];
  readonly enabled: boolean;
  /** The password's name; nothing for users that are not in the directory. */
  readonly credentials: string | undefined;
  /** The ids of one-time tokens that have signed in. */
  readonly usedTokens: readonly string[];
  readonly revoking: readonly BulkRevoke[];
}

/** A user without sessions. */
export function freshUser(sessions: number, credentials: string | undefined): UserState {
  return {
    masks: Array.from({ length: sessions }, () => 0),
    enabled: true,
    credentials,
    usedTokens: [],
    revoking: [],
  };
}

/** The same text for the same state, whatever the way to it. */
export function stateKey({ masks, enabled, credentials, usedTokens, revoking }: UserState): string {
  const under = revoking.map(({ operation, listed }) => `${operation.id}:${listed.join(".")}`);
  return [masks.join("."), enabled, credentials, usedTokens.toSorted().join(), under.toSorted().join()].join(
    "|",
  );
}

export const canExist = (state: UserState, session: number): boolean =>
  ((state.masks[session] ?? 0) & EXISTS) !== 0;

export const withMasks = (state: UserState, masks: readonly Possible[]): UserState => ({ ...state, masks });

export const withMask = (state: UserState, session: number, mask: Possible): UserState =>
  withMasks(state, state.masks.with(session, mask));
