// Long: started first.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDynamoDbLocal, type DynamoDbLocal } from "../../local/dynamodb-local.ts";
import { addDemoUsers, HttpClient, type Answer } from "../../test/support/http-client.ts";
import { startTestStack, type TestStack } from "../../test/support/local-stack.ts";

const ROUNDS = Number(process.env["RACE_ROUNDS"] ?? 200);
const AT_ONCE = 8;

let database: DynamoDbLocal;
let stack: TestStack;

beforeAll(async () => {
  // Of its own: DynamoDB Local takes one transaction after the other, and those of other files would stand in
  // the queue too.
  database = await startDynamoDbLocal();
  const context = { console: "false", events: "false" };
  stack = await startTestStack({ databaseEndpoint: database.endpoint, context });
  await addDemoUsers(stack);
});
afterAll(async () => {
  await stack.stop();
  await database.stop();
});

/** The most invocations that were under way at one time. */
function mostAtOnce(
  invocations: readonly { readonly startedAt: number; readonly endedAt: number }[],
): number {
  return Math.max(
    ...invocations.map(
      ({ startedAt }) =>
        invocations.filter((other) => other.startedAt <= startedAt && startedAt < other.endedAt).length,
    ),
  );
}

const session = (token: string): Promise<Answer> =>
  new HttpClient(stack.url).call("GET", "/session?watch=1", undefined, { authorization: `Bearer ${token}` });

test(`${AT_ONCE} logins of one user at once leave exactly one session, in each of ${ROUNDS} rounds`, async () => {
  const winners: number[] = [];
  const overlaps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const invokedBefore = stack.invocations.length;
    const logins = await Promise.all(
      Array.from({ length: AT_ONCE }, () => new HttpClient(stack.url).login("alice", { deliver: "token" })),
    );
    expect(logins.map(({ status }) => status)).toEqual(Array(AT_ONCE).fill(201));
    overlaps.push(mostAtOnce(stack.invocations.slice(invokedBefore)));

    const sessions = await Promise.all(logins.map(({ body }) => session((body as { token: string }).token)));
    const statuses = sessions.map(({ status }) => status);
    expect(statuses.every((status) => status === 200 || status === 401)).toBe(true);
    winners.push(statuses.filter((status) => status === 200).length);
    expect(
      sessions.filter(({ status }) => status === 401).map(({ body }) => (body as { code: string }).code),
    ).toEqual(Array(AT_ONCE - 1).fill("session_displaced"));
  }
  expect(winners).toEqual(Array(ROUNDS).fill(1));
  // The rounds are worth nothing unless the functions really ran side by side.
  expect(Math.min(...overlaps)).toBeGreaterThanOrEqual(AT_ONCE / 2);
}, 1_200_000);
