import type { Ending } from "./ending.ts";
import type { StoreDependencies } from "./dependencies.ts";
import { fromRosterItem, toEndingItem, toRosterItem, toSessionItem } from "./items.ts";
import { laterOf } from "./counts-from.ts";
import { entryOf, leavingIds, type CountsFrom, type Roster } from "./roster.ts";
import type { Session, User } from "./session.ts";
import type { SignIn } from "./sign-in.ts";
import { checkSignOut, markSpent } from "./spend-sign-in.ts";
import { sessionKey } from "./table.ts";
import type { SessionId } from "./token.ts";
import { transact, type FailedCondition, type TransactAction } from "../dynamodb/transact.ts";

/**
 * Something beyond a user's own items that must hold in the instant of a commit, as a part of its
 * transaction: that the directory's user is unchanged (a `ConditionCheck`), that a token id was never used (a
 * `Put` on condition).
 */
export interface CommitCheck {
  /** What a refused commit calls it: `user-unchanged`. */
  readonly name: string;
  readonly action: Pick<TransactAction, "ConditionCheck"> | Pick<TransactAction, "Put">;
}

/** A change of what sessions a user has, decided from `roster` as it was read. */
export interface Commit {
  readonly userId: string;
  readonly roster: Roster;
  readonly now: number;
  /** The session to create. */
  readonly add?: Session;
  /** Sessions believed live, each with the record of its ending. May name one session of another user. */
  readonly end: readonly Ending[];
  /** Sessions believed dead. */
  readonly drop: readonly SessionId[];
  readonly checks: readonly CommitCheck[];
  /** The roster's history of displacements, where this commit adds to it. */
  readonly displacements?: Roster["displacements"];
  /** The same for displacements of devices in use. */
  readonly interruptions?: NonNullable<Roster["interruptions"]>;
  /** From when sign-ins count after it (I8); the roster's own time is kept where it is later. */
  readonly countsFrom?: CountsFrom | undefined;
  /** The sign-in that the new session is made of (I7). */
  readonly spends?: SpentSignIn | undefined;
}

/** A sign-in that a commit spends. */
export interface SpentSignIn {
  /** The sign-in table. */
  readonly tableName: string;
  readonly signIn: SignIn;
  /** The user as the token at hand has it. */
  readonly user: Pick<User, "isAdmin">;
  /** Of this attempt alone. */
  readonly nonce: string;
}

/** Nothing was written, for the commit was decided from what is no longer so. */
export interface Stale {
  readonly result: "stale";
  /** Where it is not the one the commit was decided from. */
  readonly roster: Roster | undefined;
  /** The sessions to end that were not live. */
  readonly dead: readonly SessionId[];
  /**
   * The new session is there already. An opaque one can only have been put by an earlier commit of the same
   * login, whose answer was lost; a bound one by any call of its sign-in.
   */
  readonly isAdded: boolean;
}

export type CommitResult =
  | { readonly result: "committed"; readonly version: string }
  | Stale
  | { readonly result: "check-failed"; readonly check: string }
  /** A session was made of the sign-in before. */
  | { readonly result: "sign-in-spent"; readonly mark: FailedCondition["item"] }
  /** An administrators' logout came after the sign-in. */
  | { readonly result: "signed-out"; readonly signOut: FailedCondition["item"] };

const IS_ABSENT = "attribute_not_exists(pk)";
const IS_AT_VERSION = "version = :read";
/**
 * Invariant I1, as a condition. Timeouts past by this function's clock make a session dead, whatever TTL did.
 */
const IS_LIVE = "attribute_exists(pk) AND idleExpiresAt > :now AND expiresAt > :now";

/**
 * The check that a session is live in the instant of the commit: for an operation that acts by it without
 * ending it.
 */
export function sessionIsLive(tableName: string, id: SessionId, now: number): CommitCheck {
  return {
    name: "session-is-live",
    action: {
      ConditionCheck: {
        TableName: tableName,
        Key: sessionKey(id),
        ConditionExpression: IS_LIVE,
        ExpressionAttributeValues: { ":now": now },
      },
    },
  };
}

/** A condition that tells, when it fails, what it found: the next attempt then needs no read. */
const TELLING = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

type Part =
  | {
      readonly part: "roster" | "add" | "mark" | "sign-out" | "unconditional";
      readonly action: TransactAction;
    }
  | { readonly part: "end"; readonly sessionId: SessionId; readonly action: TransactAction }
  | { readonly part: "check"; readonly check: string; readonly action: TransactAction };

/**
 * The one way to change what sessions a user has (design section 4): a transaction that moves the roster from
 * the version that was read to a fresh one, adds at most one session, ends live ones, drops dead ones, and
 * checks what else must hold. All of it happens, or nothing (I6).
 * @throws StoreUnavailableError as `transact` does.
 */
export async function commit(dependencies: StoreDependencies, change: Commit): Promise<CommitResult> {
  const version = Buffer.from(dependencies.random(12)).toString("base64url");
  const parts = partsOf(dependencies.tableName, change, version);
  const answer = await transact(
    dependencies,
    parts.map(({ action }) => action),
  );
  return answer.result === "applied" ? { result: "committed", version } : resultOf(parts, answer.failed);
}

function partsOf(tableName: string, change: Commit, version: string): Part[] {
  const { add, end, checks, spends, now } = change;
  const drop = change.drop.filter((id) => id !== add?.id);
  const gone = new Set([...end.map((ending) => ending.sessionId), ...drop]);
  // An item appears once in a transaction; what ends or is dropped now need not be deleted twice.
  const leaving = leavingIds(change.roster, now).filter((id) => !gone.has(id) && id !== add?.id);
  return [
    { part: "roster", action: moveRoster(tableName, change, version, gone) },
    ...(add === undefined
      ? []
      : [
          {
            part: "add",
            action: {
              Put: { TableName: tableName, Item: toSessionItem(add), ConditionExpression: IS_ABSENT },
            },
          } as const,
        ]),
    ...end.flatMap((ending) => endSession(tableName, ending, now)),
    ...[...drop, ...leaving].map(
      (id) =>
        ({
          part: "unconditional",
          action: { Delete: { TableName: tableName, Key: sessionKey(id) } },
        }) as const,
    ),
    ...checks.map(({ name, action }) => ({ part: "check", check: name, action }) as const),
    ...(spends === undefined ? [] : spendSignIn(spends)),
  ];
}

const spendSignIn = ({ tableName, signIn, user, nonce }: SpentSignIn): Part[] => [
  { part: "mark", action: markSpent(tableName, signIn, nonce) },
  { part: "sign-out", action: checkSignOut(tableName, signIn, user) },
];

function moveRoster(
  tableName: string,
  change: Commit,
  version: string,
  gone: ReadonlySet<SessionId>,
): TransactAction {
  const { roster, add, userId, now } = change;
  const kept = roster.entries.filter((entry) => !gone.has(entry.id) && entry.id !== add?.id);
  const countsFrom = laterOf(roster.countsFrom, change.countsFrom);
  const mine = new Set(roster.entries.map((entry) => entry.id));
  const item = toRosterItem(userId, {
    version,
    entries: add === undefined ? kept : [...kept, entryOf(add)],
    leaving: [...gone].filter((id) => mine.has(id)),
    changedAt: now,
    displacements: change.displacements ?? roster.displacements,
    interruptions: change.interruptions ?? roster.interruptions ?? [],
    ...(countsFrom !== undefined && { countsFrom }),
  });
  return {
    Put: {
      TableName: tableName,
      Item: item,
      ...TELLING,
      ...(roster.version === undefined
        ? { ConditionExpression: IS_ABSENT }
        : { ConditionExpression: IS_AT_VERSION, ExpressionAttributeValues: { ":read": roster.version } }),
    },
  };
}

function endSession(tableName: string, ending: Ending, now: number): Part[] {
  return [
    {
      part: "end",
      sessionId: ending.sessionId,
      action: {
        Delete: {
          TableName: tableName,
          Key: sessionKey(ending.sessionId),
          ConditionExpression: IS_LIVE,
          ExpressionAttributeValues: { ":now": now },
        },
      },
    },
    { part: "unconditional", action: { Put: { TableName: tableName, Item: toEndingItem(ending) } } },
  ];
}

function resultOf(parts: readonly Part[], failed: readonly FailedCondition[]): CommitResult {
  // The mark comes first: it tells whether an earlier attempt took effect, by which others failed, too.
  const mark = failed.find(({ index }) => parts[index]?.part === "mark");
  if (mark !== undefined) return { result: "sign-in-spent", mark: mark.item };
  const signOut = failed.find(({ index }) => parts[index]?.part === "sign-out");
  if (signOut !== undefined) return { result: "signed-out", signOut: signOut.item };

  const dead: SessionId[] = [];
  let roster: Roster | undefined;
  let isAdded = false;
  for (const { index, item } of failed) {
    const part = parts[index];
    switch (part?.part) {
      case "check":
        return { result: "check-failed", check: part.check };
      case "roster":
        roster = fromRosterItem(item);
        break;
      case "end":
        dead.push(part.sessionId);
        break;
      case "add":
        isAdded = true;
        break;
      case "mark":
      case "sign-out":
      case "unconditional":
      case undefined:
        break;
    }
  }
  return { result: "stale", roster, dead, isAdded };
}
