import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { range } from "d3-array";
import { usualLogin } from "../../../local/lab/usual-way.ts";
import { RequestSigner } from "../../../src/dynamodb/request-signer.ts";
import { toSessionItem } from "../../../src/sessions/items.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { LOCAL } from "../../../test/support/local-client.ts";
import { ENDPOINT } from "../../support/engine.ts";
import { ask } from "../../support/http.ts";
import { eachOf, expect } from "../../support/rounds.ts";
import { newUserIds } from "../../support/seed.ts";
import { BASELINE, type Contender } from "../contender.ts";
import type { World } from "../world.ts";

const TRANSACTION = 4;
const BATCH = 25;

/** The SDK as its documentation has it, with nothing of this project around it, and what lies below it. */
export function sdkContenders(world: World): Contender[] {
  const { bare, bareClient, sessionsTable: TableName, readerKey } = world;
  const wireKey = { pk: { S: readerKey.pk } };
  /** One way to read the reader's session; it gives the user's id. */
  const reading = (id: string, name: string, read: () => Promise<unknown>): Contender => ({
    ...{ id, name, group: "reading", isOurs: false },
    async prepare() {
      await world.freshen();
      return async () => expect(await read(), world.reader.userId);
    },
  });
  /** So many items of a session's size, none of which exists. */
  const newItems = (count: number): Record<string, unknown>[] =>
    range(count).map(() => ({ ...toSessionItem(world.reader.session), ...sessionKey(randomUUID()) }));
  return [
    reading(BASELINE, "GetItem, lib-dynamodb", async () => {
      const { Item } = await bare.send(new GetCommand({ TableName, Key: readerKey, ConsistentRead: true }));
      return Item?.["userId"] as unknown;
    }),
    reading("bare-get-client", "GetItem, client-dynamodb without the document client", async () => {
      const input = { TableName, Key: wireKey, ConsistentRead: true };
      return (await bareClient.send(new GetItemCommand(input))).Item?.["userId"]?.S;
    }),
    {
      ...{ id: "bare-transact", name: `TransactWriteItems of ${TRANSACTION}, lib-dynamodb` },
      ...{ group: "starting", isOurs: false, share: 50 },
      prepare: () => async () => {
        const TransactItems = newItems(TRANSACTION).map((Item) => ({ Put: { TableName, Item } }));
        await bare.send(new TransactWriteCommand({ TransactItems }));
      },
    },
    {
      ...{ id: "bare-batch", name: `BatchWriteItem of ${BATCH}, lib-dynamodb` },
      ...{ group: "ending", isOurs: false, share: 25 },
      prepare: () => async () => {
        const requests = newItems(BATCH).map((Item) => ({ PutRequest: { Item } }));
        const answer = await bare.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
        expect(Object.keys(answer.UnprocessedItems ?? {}).length, 0);
      },
    },
    reading("floor", "GetItem, signed by hand without the SDK", signedRead(TableName, wireKey)),
  ];
}

/**
 * The floor: one signed request by Node's own HTTP client over a connection that is kept, without the SDK,
 * retries, or any care for what may go wrong. Nobody should run this; it tells how much of a call is not the
 * SDK's.
 */
function signedRead(TableName: string, Key: object): () => Promise<unknown> {
  const { hostname, port, href } = new URL(process.env[ENDPOINT] ?? "");
  const agent = new Agent({ keepAlive: true });
  const signer = new RequestSigner(LOCAL.credentials, LOCAL.region);
  const body = JSON.stringify({ TableName, Key, ConsistentRead: true });
  const request = {
    ...{ protocol: "http:", hostname, port: Number(port), method: "POST", path: "/", query: {}, body },
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.GetItem",
      "content-length": String(Buffer.byteLength(body)),
    },
  };
  return async () => {
    const { headers } = await signer.sign({ ...request, headers: { ...request.headers } });
    const answer = await ask(href, { method: "POST", agent, headers }, body);
    expect(answer.status, 200);
    return (JSON.parse(answer.body) as { Item?: Record<string, { S?: string }> }).Item?.["userId"]?.S;
  };
}

/**
 * The usual login, of users who have a session. It does less than a login here: it keeps no ending, and two
 * at once both pass.
 */
export function usualLoginContender({ bare, usualTable, reader }: World): Contender {
  const logIn = (userId: string): Promise<unknown> =>
    usualLogin(bare, usualTable, userId, { ...toSessionItem(reader.session) });
  const loggedIn = async (count: number): Promise<string[]> => {
    const userIds = newUserIds(count);
    for (const userId of userIds) await logIn(userId);
    return userIds;
  };
  return {
    ...{ id: "usual-login", name: "the usual login: query the index, delete, put" },
    ...{ group: "starting", isOurs: false, share: 50 },
    prepare: eachOf(loggedIn, logIn),
  };
}
