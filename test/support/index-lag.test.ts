import { expect, test } from "vitest";
import { BY_USER_INDEX } from "../../src/sessions/table.ts";
import type { Fault, PassingRequest } from "./dynamodb-proxy.ts";
import { IndexLag } from "./index-lag.ts";

const SESSION = { pk: { S: "session#a" }, userId: { S: "alice" }, createdAt: { N: "1" } };

/** A request as the proxy shows it. */
const request = (operation: string, body: object): PassingRequest =>
  ({ operation, body }) as unknown as PassingRequest;

test("a session that is deleted after an index was asked, and before the answer came, is in the answer once", () => {
  let now = 0;
  const lag = new IndexLag(() => now);
  const put = { RequestItems: { sessions: [{ PutRequest: { Item: SESSION } }] } };
  lag.noteCarriedOut(request("BatchWriteItem", put), put);
  now = 1000;
  const query = request("Query", {
    IndexName: BY_USER_INDEX.name,
    ExpressionAttributeValues: { ":user": { S: "alice" } },
  });
  const fault = lag.faultFor(query, 100) as Extract<Fault, { fault: "rewrite-answer" }>;
  const remove = { RequestItems: { sessions: [{ DeleteRequest: { Key: { pk: SESSION.pk } } }] } };
  lag.noteCarriedOut(request("BatchWriteItem", remove), remove);

  expect(fault.rewrite({ Items: [SESSION], Count: 1 })).toEqual({ Items: [SESSION], Count: 1 });
  expect(fault.rewrite({ Items: [], Count: 0 })).toEqual({ Items: [SESSION], Count: 1 });
});
