import { randomUUID } from "node:crypto";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { toSessionItem } from "../../../src/sessions/items.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { BASELINE, type Contender } from "../contender.ts";
import type { World } from "../world.ts";

const TRANSACTION = 4;
const BATCH = 25;

/** The SDK as its documentation has it, with nothing of this project around it. */
export function bareContenders(world: World): Contender[] {
  const { bare, bareClient, sessionsTable, readerKey } = world;
  // Items of a session's size, none of which exists.
  const newItem = (): Record<string, unknown> => ({
    ...toSessionItem(world.reader.session),
    ...sessionKey(randomUUID()),
  });
  return [
    {
      id: BASELINE,
      name: "GetItem, lib-dynamodb",
      group: "reading",
      isOurs: false,
      async prepare() {
        await world.freshen();
        return async () => {
          const { Item: item } = await bare.send(
            new GetCommand({ TableName: sessionsTable, Key: readerKey, ConsistentRead: true }),
          );
          expectReader(world, item?.["userId"]);
        };
      },
    },
    {
      id: "bare-get-client",
      name: "GetItem, client-dynamodb without the document client",
      group: "reading",
      isOurs: false,
      async prepare() {
        await world.freshen();
        return async () => {
          const { Item: item } = await bareClient.send(
            new GetItemCommand({
              TableName: sessionsTable,
              Key: { pk: { S: readerKey.pk } },
              ConsistentRead: true,
            }),
          );
          expectReader(world, item?.["userId"]?.S);
        };
      },
    },
    {
      id: "bare-transact",
      name: `TransactWriteItems of ${TRANSACTION}, lib-dynamodb`,
      group: "starting",
      isOurs: false,
      share: 50,
      prepare: () =>
        Promise.resolve(async () => {
          const put = () => ({ Put: { TableName: sessionsTable, Item: newItem() } });
          await bare.send(
            new TransactWriteCommand({ TransactItems: Array.from({ length: TRANSACTION }, put) }),
          );
        }),
    },
    {
      id: "bare-batch",
      name: `BatchWriteItem of ${BATCH}, lib-dynamodb`,
      group: "ending",
      isOurs: false,
      share: 25,
      prepare: () =>
        Promise.resolve(async () => {
          const put = () => ({ PutRequest: { Item: newItem() } });
          const answer = await bare.send(
            new BatchWriteCommand({ RequestItems: { [sessionsTable]: Array.from({ length: BATCH }, put) } }),
          );
          if (Object.keys(answer.UnprocessedItems ?? {}).length > 0) throw new Error("items were left over");
        }),
    },
  ];
}

/** That what was read is the session that all contenders read. */
export function expectReader(world: World, userId: unknown): void {
  if (userId !== world.reader.userId) throw new Error(`another session was read: ${JSON.stringify(userId)}`);
}
