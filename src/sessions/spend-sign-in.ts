import type { TransactAction } from "../dynamodb/transact.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import type { SignOut } from "./counts-from.ts";
import type { User } from "./session.ts";
import { SIGN_INS_KEPT_MS, signInKey, type SignIn } from "./sign-in.ts";
import { signOutKey, spentSignInKey } from "./sign-in-keys.ts";

/** The parts of a transaction that spend a sign-in: the mark, and the check of the user's sign-out item. */

const ALL_OLD = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;

/**
 * The mark that a sign-in is spent: put once, never changed. It outlives every time at which the sign-in
 * could be admitted.
 * @param nonce tells whose mark it is, where the answer of the transaction that put it was lost.
 */
export const markSpent = (tableName: string, signIn: SignIn, nonce: string): TransactAction => ({
  Put: {
    TableName: tableName,
    Item: {
      ...spentSignInKey(signInKey(signIn)),
      userId: signIn.userId,
      nonce,
      ttl: ttlOf(signIn.signedInAt + SIGN_INS_KEPT_MS),
    },
    ConditionExpression: "attribute_not_exists(pk)",
    ...ALL_OLD,
  },
});

const COUNTS_FOR_EVERYBODY = "(attribute_not_exists(everybodyFrom) OR everybodyFrom <= :signedInAt)";
const COUNTS_FOR_OTHERS = "(attribute_not_exists(othersFrom) OR othersFrom <= :signedInAt)";

/**
 * The check that no administrators' logout came after the sign-in. It must be a part of the commit: a logout
 * that finds no session to end relies on it.
 */
export const checkSignOut = (
  tableName: string,
  { userId, signedInAt }: SignIn,
  { isAdmin }: Pick<User, "isAdmin">,
): TransactAction => ({
  ConditionCheck: {
    TableName: tableName,
    Key: signOutKey(userId),
    ConditionExpression: isAdmin ? COUNTS_FOR_EVERYBODY : `${COUNTS_FOR_EVERYBODY} AND ${COUNTS_FOR_OTHERS}`,
    ExpressionAttributeValues: { ":signedInAt": signedInAt },
    ...ALL_OLD,
  },
});

/** The nonce in a mark, as a failed condition returned it. */
export const nonceIn = (mark: Record<string, unknown> | undefined): string | undefined =>
  mark?.["nonce"] as string | undefined;

/** What an item of the sign-in table says of a user's sign-outs. */
export const toSignOut = (item: Record<string, unknown> | undefined): SignOut | undefined =>
  item as SignOut | undefined;
