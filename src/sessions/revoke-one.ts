import { commit } from "./commit.ts";
import { Contention } from "./contention.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { readRoster, readSession } from "./read.ts";
import { mayBeLive } from "./roster.ts";
import { isUnexpired } from "./session.ts";
import type { RevokeOneOutcome, RevokeOneRequest } from "./store.ts";

/**
 * Ends one session of any user, as revoked: a commit that deletes it on the condition that it is live (I1),
 * so that an answer `ended` is exact, and which takes its entry off the roster in the same transaction (I2).
 * Unlike the bulk path it changes nothing that another call ended in the same instant: that ending stays.
 * Nobody knows the id of a session before its login was answered, so a session that is not found here cannot
 * be about to appear.
 */
export async function revokeOne(
  dependencies: StoreDependencies,
  { sessionId, revokedBy, spare, dryRun = false }: RevokeOneRequest,
): Promise<RevokeOneOutcome> {
  const { clock, settings } = dependencies;
  const session = await readSession(dependencies, sessionId);
  // A session of another era is dead, also while its item is still there.
  if (session?.era !== settings.era || !isUnexpired(session, clock())) {
    return { outcome: "not-found" };
  }
  const userId = session.user.id;
  if (await spare(session)) return { outcome: "spared", userId };
  if (dryRun) return { outcome: "would-end", session };

  const contention = new Contention(dependencies, userId);
  let roster = await readRoster(dependencies, userId);
  for (;;) {
    const now = clock();
    const answer = await commit(dependencies, {
      userId,
      roster,
      now,
      end: [
        {
          sessionId,
          userId,
          reason: "revoked",
          endedAt: now,
          endedBy: revokedBy,
          endedDevice: session.device.label,
          expiresAt: session.expiresAt,
        },
      ],
      drop: roster.entries
        .filter((entry) => entry.id !== sessionId && !mayBeLive(entry, settings.era, now))
        .map((entry) => entry.id),
      checks: [],
    });
    switch (answer.result) {
      case "committed":
        return { outcome: "ended", userId };
      case "check-failed":
      case "sign-in-spent":
      case "signed-out":
        throw new Error(`a commit without checks failed one: ${answer.result}`);
      case "stale":
        if (answer.dead.includes(sessionId)) return { outcome: "not-found" };
        roster = await contention.rosterAfter(roster, answer);
    }
  }
}
