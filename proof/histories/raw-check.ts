import { GetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SessionRef } from "./history.ts";
import type { Ledger } from "./ledger.ts";
import type { RoundPlan } from "./plan.ts";
import type { Product } from "./product.ts";
import type { AllTables } from "../../test/support/tables.ts";

/** Something in the table that an invariant forbids. */
export interface RawViolation {
  readonly invariant: "I2" | "I4";
  readonly explanation: string;
}

export interface TableInspection {
  /** By user: the sessions that the roster lists. */
  readonly rosters: Readonly<Record<string, readonly SessionRef[]>>;
  readonly violations: readonly RawViolation[];
}

interface Arena {
  readonly product: Pick<Product, "rosterKey" | "sessionKey">;
  readonly documents: DynamoDBDocumentClient;
  readonly tables: AllTables;
}

/**
 * Looks at the items themselves when all is quiet: every live session must be in its user's roster (I2), and
 * there must not be more of them than the policy allows (I4). It asks for each session that any request
 * wanted to create, so that it also finds those whose token nobody was ever given.
 */
export async function inspectTable(
  { product, documents, tables }: Arena,
  { users }: RoundPlan,
  ledger: Pick<Ledger, "sessionsOf">,
  now: number,
): Promise<TableInspection> {
  const get = async (key: { readonly pk: string }): Promise<Record<string, unknown> | undefined> => {
    const input = { TableName: tables.sessions, Key: key, ConsistentRead: true };
    return (await documents.send(new GetCommand(input))).Item;
  };
  const rosters: Record<string, SessionRef[]> = {};
  const violations: RawViolation[] = [];
  for (const { id: userId, policy } of users) {
    const roster = (await get(product.rosterKey(userId))) as { entries: { id: string }[] } | undefined;
    const listed = roster?.entries.map(({ id }) => id) ?? [];
    rosters[userId] = listed;
    const live: SessionRef[] = [];
    for (const session of ledger.sessionsOf.get(userId) ?? []) {
      const item = (await get(product.sessionKey(session))) as
        { idleExpiresAt: number; expiresAt: number } | undefined;
      if (item !== undefined && now < item.idleExpiresAt && now < item.expiresAt) live.push(session);
    }
    for (const session of live.filter((each) => !listed.includes(each))) {
      violations.push({
        invariant: "I2",
        explanation:
          `The session ${session} of ${userId} is live, and the roster lists only: ` +
          `${listed.join(", ") || "nothing"}.`,
      });
    }
    if (live.length > policy.limit) {
      violations.push({
        invariant: "I4",
        explanation: `${userId} may have ${policy.limit} sessions and has ${live.length}: ${live.join(", ")}.`,
      });
    }
  }
  return { rosters, violations };
}
