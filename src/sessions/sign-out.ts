import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { Backoff } from "../dynamodb/backoff.ts";
import { conditionalWrite } from "../dynamodb/conditional-write.ts";
import { faultKind } from "../dynamodb/faults.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { SIGN_INS_KEPT_MS } from "./sign-in.ts";
import { signOutKey } from "./sign-in-keys.ts";
import type { RevokeRequest } from "./store.ts";

/** How far the clocks of our instances, and the provider's, may be apart. */
const CLOCKS_MS = 5000;
/** Enough to hide the round trips. */
const WRITES_AT_ONCE = 16;
const WRITE_BACKOFF = { firstMs: 25, longestMs: 1000, patienceMs: 10_000 };

/** Of the users of a request: those that may be revoked now, and those whose time could not be written. */
interface SignedOut {
  readonly done: readonly string[];
  readonly undone: readonly string[];
}

/**
 * Writes from when the sign-ins of users count, before their sessions are ended (I8). Only users of sources
 * with `accessTokens` need it: for all others it costs nothing.
 */
export async function signOut(
  dependencies: StoreDependencies,
  request: RevokeRequest,
  userIds: readonly string[],
  isLate: () => boolean,
): Promise<SignedOut> {
  const { signIns } = dependencies;
  const concerned = signIns === undefined ? [] : userIds.filter((userId) => signIns.isOfSource(userId));
  const isDry = request.dryRun === true;
  if (signIns === undefined || concerned.length === 0 || isDry) return { done: userIds, undone: [] };
  const undone = new Set<string>();
  const left = concerned.values();
  const worker = async (): Promise<void> => {
    for (const userId of left) {
      const isDone = !isLate() && (await raise(dependencies, signIns.tableName, request, userId));
      if (!isDone) undone.add(userId);
    }
  };
  await Promise.all(Array.from({ length: Math.min(WRITES_AT_ONCE, concerned.length) }, worker));
  return { done: userIds.filter((userId) => !undone.has(userId)), undone: [...undone] };
}

/**
 * Raises a user's time. A later one that is there already will do: an instance whose clock is slow must not
 * lower it.
 * @returns whether it is known to be there.
 */
async function raise(
  dependencies: StoreDependencies,
  tableName: string,
  { revokedBy, signsOut = "everybody" }: RevokeRequest,
  userId: string,
): Promise<boolean> {
  const { documents, clock } = dependencies;
  const from = Math.ceil((clock() + CLOCKS_MS) / 1000) * 1000;
  const command = {
    TableName: tableName,
    Key: signOutKey(userId),
    UpdateExpression: "SET #from = :from, #by = :by, #ttl = :ttl",
    ConditionExpression: "attribute_not_exists(#from) OR #from < :from",
    ExpressionAttributeNames: {
      "#from": signsOut === "everybody" ? "everybodyFrom" : "othersFrom",
      "#by": "by",
      "#ttl": "ttl",
    },
    ExpressionAttributeValues: {
      ":from": from,
      ":by": revokedBy,
      ":ttl": ttlOf(from + SIGN_INS_KEPT_MS),
    },
  };
  const backoff = new Backoff(dependencies, WRITE_BACKOFF);
  for (;;) {
    try {
      await conditionalWrite(() => documents.send(new UpdateCommand(command)));
      return true;
    } catch (error) {
      if (faultKind(error) === "fault") throw error;
    }
    if ((await backoff.wait()) === "out-of-patience") return false;
  }
}
