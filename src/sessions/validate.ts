import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { conditionalWrite } from "../dynamodb/conditional-write.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { EARLIEST_TOUCH_MS, isElsewhere, notePlace, type NotedPlace } from "./places.ts";
import { readEnding, readSession, readSettledEnding } from "./read.ts";
import { idleExpiry, isUnexpired, touchInterval, type Session } from "./session.ts";
import type { ValidateOptions, Validation } from "./store.ts";
import { sessionKey } from "./table.ts";
import type { SessionId, SessionToken } from "./token.ts";

/**
 * Whether a token's session is live: one consistent read. Only a missing one costs a second, of its ending,
 * to say why; and one without a trace a third, by a transaction, before it is called unknown. Activity older
 * than the touch interval is recorded by one conditional update, which can move an existing session and
 * nothing else.
 */
export async function validate(
  dependencies: StoreDependencies,
  token: SessionToken,
  options: ValidateOptions = {},
): Promise<Validation> {
  const seen = await look(dependencies, token.sessionId(dependencies.settings.era));
  if (seen.outcome !== "live" || options.touch === false) return seen;
  return touchIfDue(dependencies, seen.session, options.from);
}

/**
 * Records activity of a live session, where the recorded one is older than the touch interval; and a request
 * from another place than the one before, where it is older than ten seconds.
 */
export async function touchIfDue(
  dependencies: StoreDependencies,
  session: Session,
  from: ValidateOptions["from"],
): Promise<Validation> {
  const { clock, settings } = dependencies;
  const now = clock();
  const age = now - session.lastSeenAt;
  const isDue = age > touchInterval(settings.timeouts);
  if (!isDue && age < EARLIEST_TOUCH_MS) return { outcome: "live", session };
  const place = settings.places === true ? from?.() : undefined;
  if (isDue || (place !== undefined && isElsewhere(session, place)))
    return touch(dependencies, session, now, place && notePlace(session, place, now));
  return { outcome: "live", session };
}

/** What there is under a session id now. */
async function look(dependencies: StoreDependencies, id: SessionId): Promise<Validation> {
  const session = await readSession(dependencies, id);
  if (session === undefined) {
    const ending = (await readEnding(dependencies, id)) ?? (await readSettledEnding(dependencies, id));
    return ending === undefined ? { outcome: "unknown" } : { outcome: "ended", ending };
  }
  return { outcome: isUnexpired(session, dependencies.clock()) ? "live" : "expired", session };
}

/**
 * Records activity. Comparing `lastSeenAt` with what was read makes simultaneous touches one, and never
 * creates an item (I3). The condition failing means that the session was touched or ended since it was read:
 * the session now is the answer. Any other failure leaves a session that was live when it was read, with
 * activity recorded a little later.
 */
async function touch(
  dependencies: StoreDependencies,
  session: Session,
  now: number,
  noted: NotedPlace = {},
): Promise<Validation> {
  const { documents, tableName, settings, onTouchFailure } = dependencies;
  const idleExpiresAt = idleExpiry(now, session.expiresAt, settings.timeouts);
  try {
    const touched = await conditionalWrite(() =>
      documents.send(
        new UpdateCommand({
          TableName: tableName,
          Key: sessionKey(session.id),
          UpdateExpression: `SET lastSeenAt = :now, idleExpiresAt = :idleExpiresAt${alsoSet(noted)}`,
          ConditionExpression: "attribute_exists(pk) AND lastSeenAt = :read",
          ExpressionAttributeValues: {
            ":now": now,
            ":idleExpiresAt": idleExpiresAt,
            ":read": session.lastSeenAt,
            ...(noted.place !== undefined && { ":place": noted.place }),
          },
        }),
      ),
    );
    if (touched.result === "written") {
      return { outcome: "live", session: { ...session, lastSeenAt: now, idleExpiresAt, ...noted } };
    }
  } catch (error) {
    onTouchFailure(error);
    return { outcome: "live", session };
  }
  // Asking for the old item instead would read attributes beyond the grant's, which names those of the touch.
  return look(dependencies, session.id);
}

/** A suspicion is of the touch's own time. */
const alsoSet = ({ place, suspectedAt }: NotedPlace): string =>
  (place === undefined ? "" : ", place = :place") + (suspectedAt === undefined ? "" : ", suspectedAt = :now");
