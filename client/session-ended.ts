import type { NotLiveCode } from "../src/api/parts/problem-codes.ts";

/** Why a session is not live any more: the codes of a 401 of `GET /session`. */
export type SessionEndedCode = NotLiveCode;

/** How a session ended, as far as the API tells. */
export interface SessionEnded {
  readonly code: SessionEndedCode;
  /** ISO 8601. */
  readonly endedAt?: string;
  /** The label of the device whose sign-in displaced the session, or that it was an administrator. */
  readonly by?: { readonly device: string } | { readonly administrator: true };
  /**
   * With a provider's access tokens: only a new sign-in at the provider helps, by `prompt=login`. A refreshed
   * token is of the sign-in whose session has ended.
   */
  readonly newSignIn?: true;
}

const CODES: readonly unknown[] = [
  "no_session",
  "session_expired",
  "session_displaced",
  "session_logged_out",
  "session_revoked",
  "session_unknown",
] satisfies SessionEndedCode[];

/**
 * The ending in the body of a 401, or `undefined` where it is another's: a proxy's, say, which knows nothing
 * of sessions.
 */
export function toSessionEnded(body: unknown): SessionEnded | undefined {
  const { code, endedAt, by, newSignIn } = Object(body) as Partial<Record<keyof SessionEnded, unknown>>;
  if (!CODES.includes(code)) return undefined;
  const who = toWho(by);
  return {
    code: code as SessionEndedCode,
    ...(typeof endedAt === "string" && { endedAt }),
    ...(who !== undefined && { by: who }),
    ...(newSignIn === true && { newSignIn }),
  };
}

function toWho(by: unknown): SessionEnded["by"] {
  const { device, administrator } = Object(by) as { device?: unknown; administrator?: unknown };
  if (typeof device === "string") return { device };
  return administrator === true ? { administrator } : undefined;
}
