import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import type { PassingRequest } from "./dynamodb-proxy.ts";
import { writesIn } from "./passed-writes.ts";

/**
 * DynamoDB's time to live at its quickest: whatever has expired by the clock it is given is gone at the next
 * sweep. (At its slowest it deletes nothing for days: then there is just no agent. DynamoDB Local's own works
 * by the real time, and where it is turned on.)
 */
export class TtlAgent {
  readonly #documents: DocumentClient;
  /** By table and key. */
  readonly #expiring = new Map<
    string,
    { readonly table: string; readonly pk: string; readonly ttl: number }
  >();
  #deleted = 0;

  constructor(documents: DocumentClient) {
    this.#documents = documents;
  }

  /** How many items it has deleted. */
  get deleted(): number {
    return this.#deleted;
  }

  /** Remembers the items that a request puts. */
  notePassing({ operation, body }: Pick<PassingRequest, "operation" | "body">): void {
    for (const { table, pk, item } of writesIn(operation, body)) {
      const ttl = Number(item?.["ttl"]?.["N"]);
      const known = `${table} ${pk}`;
      // The earliest time it ever had: whether the item of now has expired, the condition of the delete
      // tells.
      if (ttl > 0 && !((this.#expiring.get(known)?.ttl ?? Infinity) <= ttl)) {
        this.#expiring.set(known, { table, pk, ttl });
      }
    }
  }

  /** Deletes what has expired by `now` (epoch milliseconds). */
  async sweep(now: number): Promise<void> {
    const seconds = now / 1000;
    const expired = [...this.#expiring].filter(([, { ttl }]) => ttl < seconds);
    for (const [known, { table, pk }] of expired) {
      this.#expiring.delete(known);
      try {
        const { Attributes: old } = await this.#documents.send(
          new DeleteCommand({
            TableName: table,
            Key: { pk },
            ConditionExpression: "#ttl < :now",
            ExpressionAttributeNames: { "#ttl": "ttl" },
            ExpressionAttributeValues: { ":now": seconds },
            ReturnValues: "ALL_OLD",
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
        if (old !== undefined) this.#deleted++;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const later = Number(error.Item?.["ttl"]?.N);
        if (later > 0) this.#expiring.set(known, { table, pk, ttl: later });
      }
    }
  }
}
