import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { CommitCheck } from "../sessions/commit.ts";
import type { DocumentClient } from "../dynamodb/document-client.ts";
import { reading } from "../dynamodb/faults.ts";
import { ttlOf } from "../dynamodb/ttl.ts";
import type { UseMark } from "./id-token.ts";
import { TTL_ATTRIBUTE, usedTokenKey } from "./sign-in-table.ts";

/** The check's name in a refused commit. */
export const TOKEN_UNUSED = "token-unused";

/**
 * Holds if the token has not signed in yet, and marks it as used, as a part of the login's commit (invariant
 * I6): a login that is refused, or that the database did not take, leaves the token as it was.
 */
export function tokenUnusedCheck(tableName: string, { fingerprint, keptUntil }: UseMark): CommitCheck {
  return {
    name: TOKEN_UNUSED,
    action: {
      Put: {
        TableName: tableName,
        Item: { ...usedTokenKey(fingerprint), [TTL_ATTRIBUTE]: ttlOf(keptUntil) },
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
  };
}

/**
 * Whether the token has signed in already. The check decides; this is so that somebody with a used token is
 * not told of sessions, as somebody is who stands at the session limit with a right one.
 * @throws StoreUnavailableError where the table could not be asked.
 */
export async function isTokenUsed(
  documents: DocumentClient,
  tableName: string,
  { fingerprint }: Pick<UseMark, "fingerprint">,
): Promise<boolean> {
  const input = { TableName: tableName, Key: usedTokenKey(fingerprint), ConsistentRead: true };
  const { Item } = await reading(() => documents.send(new GetCommand(input)));
  return Item !== undefined;
}
