import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import { BY_USER_INDEX, PARTITION_KEY } from "../../src/sessions/table.ts";
import { createTables } from "../tables.ts";
import type { RaceRound } from "./shapes.ts";
import { usualLogin } from "./usual-way.ts";

const LOGINS = 8;
/** One round is nearly always enough to see the usual way fail. */
const MOST_ROUNDS = 10;

/** A login; what it gives tells whether its session is live. */
export type RacingLogin = () => Promise<() => Promise<boolean>>;

/** Several logins of one user at once. */
export async function raceOnce(login: RacingLogin): Promise<RaceRound> {
  const settled = await Promise.allSettled(Array.from({ length: LOGINS }, login));
  const done = settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const live = await Promise.all(done.map((isLive) => isLive()));
  return { logins: LOGINS, live, failed: LOGINS - done.length };
}

/**
 * The same by the usual way (list, delete, insert), in a table of its own: round after round until one ends
 * with several live sessions, which is where the others of that round were lost sight of.
 */
export async function raceTheUsualWay(
  client: DynamoDBClient,
  tableName: string,
  userId: string,
): Promise<RaceRound[]> {
  const documents = DynamoDBDocumentClient.from(client);
  await createTables(client, [usualTable(tableName)]);
  const login: RacingLogin = async () => {
    const Key = await usualLogin(documents, tableName, userId);
    return async () => {
      const found = await documents.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      return found.Item !== undefined;
    };
  };
  const rounds: RaceRound[] = [];
  while (rounds.length < MOST_ROUNDS) {
    const round = await raceOnce(login);
    rounds.push(round);
    if (round.live.filter(Boolean).length > 1) break;
  }
  return rounds;
}

const usualTable = (name: string) => ({
  ...{ name, logicalId: name, localIndexes: [], streamView: undefined, ttlAttribute: undefined },
  keySchema: [{ AttributeName: PARTITION_KEY, KeyType: "HASH" as const }],
  attributes: [
    { AttributeName: PARTITION_KEY, AttributeType: "S" as const },
    { AttributeName: BY_USER_INDEX.partitionKey, AttributeType: "S" as const },
    { AttributeName: BY_USER_INDEX.sortKey, AttributeType: "N" as const },
  ],
  globalIndexes: [
    {
      name: BY_USER_INDEX.name,
      keySchema: [
        { AttributeName: BY_USER_INDEX.partitionKey, KeyType: "HASH" as const },
        { AttributeName: BY_USER_INDEX.sortKey, KeyType: "RANGE" as const },
      ],
      projection: { ProjectionType: "KEYS_ONLY" as const },
    },
  ],
});
