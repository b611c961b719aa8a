import { randomUUID } from "node:crypto";
import { Agent } from "node:http";
import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import { BatchWriteCommand, GetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { RequestSigner } from "../../../src/dynamodb/request-signer.ts";
import { toSessionItem } from "../../../src/sessions/items.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { LOCAL } from "../../../test/support/local-client.ts";
import { ENDPOINT } from "../../support/engine.ts";
import { ask } from "../../support/http.ts";
import { usualLogin } from "../../../local/lab/usual-way.ts";
import { BASELINE, expect, oneByOne, type Contender } from "../contender.ts";
import type { World } from "../world.ts";

const TRANSACTION = 4;
const BATCH = 25;

/** The SDK as its documentation has it, with nothing of this project around it, and what lies below it. */
export function sdkContenders(world: World): Contender[] {
  const { bare, bareClient, sessionsTable: TableName, readerKey } = world;
  const wireKey = { pk: { S: readerKey.pk } };
  /** One way to read the reader's session; it gives the user's id. */
  const reading = (id: string, name: string, read: () => Promise<unknown>): Contender => ({
    id,
    name,
    group: "reading",
    isOurs: false,
    async prepare() {
      await world.freshen();
      return async () => expect(await read(), world.reader.userId);
    },
  });
  /** One way to put so many items of a session's size, none of which exists. */
  const putting = (
    facts: Pick<Contender, "id" | "name" | "group" | "share">,
    count: number,
    put: (items: readonly Record<string, unknown>[]) => Promise<void>,
  ): Contender => ({
    ...facts,
    isOurs: false,
    prepare: () => () => {
      const newItem = () => ({ ...toSessionItem(world.reader.session), ...sessionKey(randomUUID()) });
      return put(Array.from({ length: count }, newItem));
    },
  });
  return [
    reading(BASELINE, "GetItem, lib-dynamodb", async () => {
      const { Item } = await bare.send(new GetCommand({ TableName, Key: readerKey, ConsistentRead: true }));
      return Item?.["userId"] as unknown;
    }),
    reading("bare-get-client", "GetItem, client-dynamodb without the document client", async () => {
      const input = { TableName, Key: wireKey, ConsistentRead: true };
      return (await bareClient.send(new GetItemCommand(input))).Item?.["userId"]?.S;
    }),
    putting(
      {
        id: "bare-transact",
        name: `TransactWriteItems of ${TRANSACTION}, lib-dynamodb`,
        group: "starting",
        share: 50,
      },
      TRANSACTION,
      async (items) => {
        const TransactItems = items.map((Item) => ({ Put: { TableName, Item } }));
        await bare.send(new TransactWriteCommand({ TransactItems }));
      },
    ),
    putting(
      { id: "bare-batch", name: `BatchWriteItem of ${BATCH}, lib-dynamodb`, group: "ending", share: 25 },
      BATCH,
      async (items) => {
        const requests = items.map((Item) => ({ PutRequest: { Item } }));
        const answer = await bare.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
        expect(Object.keys(answer.UnprocessedItems ?? {}).length, 0);
      },
    ),
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
    protocol: "http:",
    hostname,
    port: Number(port),
    method: "POST",
    path: "/",
    query: {},
    body,
  };
  return async () => {
    const { headers } = await signer.sign({
      ...request,
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "DynamoDB_20120810.GetItem",
        "content-length": String(Buffer.byteLength(body)),
      },
    });
    const answer = await ask(href, { method: "POST", agent, headers }, body);
    expect(answer.status, 200);
    return (JSON.parse(answer.body) as { Item?: Record<string, { S?: string }> }).Item?.["userId"]?.S;
  };
}

/**
 * The usual login, of users who have a session. It does less than a login here: it keeps no ending, and two
 * at once both pass.
 */
export function usualLoginContender(world: World): Contender {
  const { bare, usualTable, reader } = world;
  const attributes = { ...toSessionItem(reader.session) };
  const logIn = async (userId: string): Promise<void> => {
    await usualLogin(bare, usualTable, userId, attributes);
  };
  return {
    id: "usual-login",
    name: "the usual login: query the index, delete, put",
    group: "starting",
    isOurs: false,
    share: 50,
    async prepare(calls) {
      const userIds = world.newUserIds(calls);
      for (const userId of userIds) await logIn(userId);
      const next = oneByOne(userIds);
      return () => logIn(next());
    },
  };
}
