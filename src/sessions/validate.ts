import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { StoreDependencies } from "./dependencies.ts";
import { readEnding, readSession } from "./read.ts";
import { idleExpiry, isUnexpired, touchInterval, type Session } from "./session.ts";
import type { Validation } from "./store.ts";
import { sessionKey } from "./table.ts";
import type { SessionId, SessionToken } from "./token.ts";

/**
 * Whether a token's session is live: one consistent read. Only a missing one costs a second, of its ending, to say why. Activity
 * older than the touch interval is recorded by one conditional update, which can move an existing session and nothing else.
 */
export async function validate(
  dependencies: StoreDependencies,
  token: SessionToken,
  options: { readonly touch?: boolean } = {},
): Promise<Validation> {
  const { clock, settings } = dependencies;
  const id = token.sessionId(settings.era);
  const session = await readSession(dependencies, id);
  if (session === undefined) return missing(dependencies, id);
  const now = clock();
  if (!isUnexpired(session, now)) return { outcome: "expired", session };
  if (options.touch === false || now - session.lastSeenAt <= touchInterval(settings.timeouts)) {
    return { outcome: "live", session };
  }
  return touch(dependencies, session, now);
}

async function missing(dependencies: StoreDependencies, id: SessionId): Promise<Validation> {
  const ending = await readEnding(dependencies, id);
  return ending === undefined ? { outcome: "unknown" } : { outcome: "ended", ending };
}

/**
 * Records activity. Comparing `lastSeenAt` with what was read makes simultaneous touches one, and never creates an item (I3).
 * The item gone means that the session ended since it was read, which is then the answer; any other failure leaves a session
 * that was live when it was read, with activity recorded a little later.
 */
async function touch(dependencies: StoreDependencies, session: Session, now: number): Promise<Validation> {
  const { documents, tableName, settings, onTouchFailure } = dependencies;
  const idleExpiresAt = idleExpiry(now, session.expiresAt, settings.timeouts);
  try {
    await documents.send(
      new UpdateCommand({
        TableName: tableName,
        Key: sessionKey(session.id),
        UpdateExpression: "SET lastSeenAt = :now, idleExpiresAt = :idleExpiresAt",
        ConditionExpression: "attribute_exists(pk) AND lastSeenAt = :read",
        ExpressionAttributeValues: {
          ":now": now,
          ":idleExpiresAt": idleExpiresAt,
          ":read": session.lastSeenAt,
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return { outcome: "live", session: { ...session, lastSeenAt: now, idleExpiresAt } };
  } catch (error) {
    if (isFailedCondition(error)) {
      return error.Item === undefined ? missing(dependencies, session.id) : { outcome: "live", session };
    }
    onTouchFailure(error);
    return { outcome: "live", session };
  }
}

function isFailedCondition(error: unknown): error is Error & { readonly Item?: unknown } {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}
