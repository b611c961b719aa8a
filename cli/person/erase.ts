import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { REAL_WAITING } from "../../src/dynamodb/backoff.ts";
import { batchDelete, batchWrite, writeBatches } from "../../src/dynamodb/batch.ts";
import { conditionalWrite } from "../../src/dynamodb/conditional-write.ts";
import { createUserDirectory } from "../../src/identity/create-user-directory.ts";
import { createUserManagement } from "../../src/identity/manage-users.ts";
import type { SignOut } from "../../src/sessions/counts-from.ts";
import { fromRosterItem, fromSessionItem } from "../../src/sessions/items.ts";
import { isUnexpired } from "../../src/sessions/session.ts";
import { SIGN_INS_KEPT_MS } from "../../src/sessions/sign-in.ts";
import { endingKey, sessionIdInKey, sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import type { Invoking } from "../invoke.ts";
import { OperatorError } from "../messages.ts";
import { activityItems } from "./activity-items.ts";
import { directoryUser, findItems, type PersonContext } from "./find-items.ts";
import type { PersonItem } from "./person-item.ts";

export interface EraseContext extends PersonContext {
  readonly functions: Invoking;
}

export interface EraseRequest {
  readonly userId: string;
  readonly actor: string;
  /** Also what keeps sign-ins of before from coming back. */
  readonly marksToo: boolean;
}

export interface Erased {
  /** `signs-in-again`: the person signed in while it was going on; their sessions are as they were. */
  readonly outcome: "erased" | "signs-in-again";
  /** How many live sessions it ended. */
  readonly sessionCount: number;
  readonly erased: readonly PersonItem[];
  /** What is still there, and keeps the person from coming back. */
  readonly kept: readonly PersonItem[];
}

/** Somebody who signs in again each time is stopped elsewhere first. */
const TRIES = 3;
/** The outbox keeps what it tells of the endings, some moments after them. */
const OUTBOX_TAKES_MS = 5000;

/**
 * Erases what the tables hold of a person. Sessions end first, by the administrators' logout, which leaves
 * its audit line and, for users of sources with `accessTokens`, the time from which their sign-ins count
 * (I8). Then nobody may sign in by the directory; then the items go, the roster last, and only if no login
 * came in between (I2).
 */
export async function erase(context: EraseContext, request: EraseRequest): Promise<Erased> {
  const { userId } = request;
  const erased = new Map<string, PersonItem>();
  let sessionCount = 0;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    sessionCount += await endSessions(context, request);
    for (const one of await removeFromDirectory(context, userId)) erased.set(nameOf(one), one);
    const found = await findItems(context, userId);
    // Somebody signed in after the end of all: the next try ends that too, with its account.
    if (found.some((one) => isLive(one, context.located.era))) continue;
    const going = found.filter((one) => !isKept(one, found, request.marksToo));
    const rosters = going.filter(({ kind }) => kind === "roster");
    const others = going.filter((one) => !rosters.includes(one) && !isActivity(one));
    await deleteItems(context, others, rosters);
    for (const one of others) erased.set(nameOf(one), one);
    if (!(await deleteRoster(context, rosters[0]))) continue;
    for (const one of rosters) erased.set(nameOf(one), one);
    for (const one of await eraseActivity(context, userId, others.length > 0)) erased.set(nameOf(one), one);
    const left = await findItems(context, userId);
    const kept = left.filter((one) => isKept(one, left, request.marksToo));
    if (left.length !== kept.length) continue;
    return { outcome: "erased", sessionCount, erased: [...erased.values()], kept };
  }
  const kept = await findItems(context, userId);
  return { outcome: "signs-in-again", sessionCount, erased: [...erased.values()], kept };
}

const isActivity = ({ kind }: PersonItem): boolean => kind === "activity" || kind === "suspect";

/**
 * Erases what happened to the person, last of all, for the endings are a part of it.
 * @param hasEnded whether there may be endings that the outbox has not kept yet.
 */
async function eraseActivity(
  { located, documents }: EraseContext,
  userId: string,
  hasEnded: boolean,
): Promise<PersonItem[]> {
  const { activityTable: tableName } = located;
  if (tableName === undefined) return [];
  if (hasEnded) await REAL_WAITING.sleep(OUTBOX_TAKES_MS);
  const items = await activityItems(documents, tableName, userId);
  const writes = writeBatches(items.map(({ key }) => batchDelete(key)));
  const undone = await batchWrite({ ...REAL_WAITING, documents, tableName }, writes);
  if (undone.length === 0) return items;
  throw new OperatorError(
    `${undone.length} records of activity could not be deleted. Run it again: it goes on from there.`,
  );
}

const nameOf = ({ table, key }: PersonItem): string => JSON.stringify([table, key]);

/**
 * The time of the sign-out stays: it refuses every sign-in of before (I8), so that a device with a refresh
 * token does not make the person anew. With it, the marks of those sign-ins guard nothing more, and go. A
 * mark of a sign-in that the time does not shut out stays too (I7).
 */
export function isKept({ kind, item }: PersonItem, all: readonly PersonItem[], marksToo: boolean): boolean {
  if (marksToo) return false;
  if (kind === "sign-out time") return true;
  if (kind !== "spent sign-in") return false;
  const signOut = all.find((one) => one.kind === "sign-out time")?.item as SignOut | undefined;
  // TTL counts seconds, and is rounded up.
  const signedInAt = Number(item["ttl"]) * 1000 - SIGN_INS_KEPT_MS;
  return signedInAt >= (signOut?.everybodyFrom ?? 0);
}

/** @returns how many were live. */
async function endSessions(
  { functions, located }: EraseContext,
  { userId, actor }: EraseRequest,
): Promise<number> {
  const event = { userIds: [userId], includeAdmins: true, actor };
  const answer = await functions.invoke(located.adminLogoutFunction, event);
  const [done] = (answer["loggedOut"] ?? []) as { readonly sessionCount: number }[];
  if (done !== undefined) return done.sessionCount;
  throw new OperatorError(`The sessions could not all be ended. Run it again: ${JSON.stringify(answer)}`);
}

/** Disables first and waits for logins under way, as `users remove` does. @returns what is gone */
async function removeFromDirectory(context: EraseContext, userId: string): Promise<PersonItem[]> {
  const { located, documents, sessions } = context;
  const { usersTable: tableName } = located;
  if (tableName === undefined) return [];
  const items = await directoryUser(context, tableName, userId);
  if (items.length === 0) return [];
  const directory = createUserDirectory({ documents, tableName, clock: Date.now });
  await createUserManagement({ directory, sessions }).removeUser(userId);
  return items;
}

/**
 * Every session that the roster lists is deleted, seen or not, and its ending: one may be just appearing, and
 * the delete then waits for it.
 */
async function deleteItems(
  { documents, located }: EraseContext,
  items: readonly PersonItem[],
  rosters: readonly PersonItem[],
): Promise<void> {
  const listed = rosters.flatMap(({ item }) => {
    const { entries, leaving } = fromRosterItem(item);
    return [...entries.map(({ id }) => id), ...leaving].flatMap((id) => [
      sessionKey(id).pk,
      endingKey(id).pk,
    ]);
  });
  for (const table of [located.sessionsTable, located.signInTable]) {
    if (table === undefined) continue;
    const found = items.filter((one) => one.table === table).map(({ key }) => key["pk"] ?? "");
    const going = new Set(table === located.sessionsTable ? [...found, ...listed] : found);
    const writes = [...going].map((pk) => batchDelete({ pk }));
    const undone = await batchWrite({ ...REAL_WAITING, documents, tableName: table }, writeBatches(writes));
    if (undone.length === 0) continue;
    throw new OperatorError(
      `${undone.length} items could not be deleted. Run it again: it goes on from there.`,
    );
  }
}

function isLive({ kind, key, item }: PersonItem, era: string): boolean {
  if (kind !== "session") return false;
  const session = fromSessionItem(sessionIdInKey(key["pk"] ?? "") as SessionId, item);
  return session.era === era && isUnexpired(session, Date.now());
}

/** @returns false where somebody signed in since it was read: then it lists a live session. */
async function deleteRoster({ documents }: EraseContext, roster: PersonItem | undefined): Promise<boolean> {
  if (roster === undefined) return true;
  const write = await conditionalWrite(() =>
    documents.send(
      new DeleteCommand({
        TableName: roster.table,
        Key: roster.key,
        ConditionExpression: "version = :read",
        ExpressionAttributeValues: { ":read": roster.item["version"] },
      }),
    ),
  );
  return write.result === "written";
}
