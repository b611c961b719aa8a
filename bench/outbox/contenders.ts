import { randomUUID } from "node:crypto";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import type { SessionToken } from "../../src/sessions/token.ts";
import { expect, oneByOne, type Measured } from "../speed/contender.ts";
import { BENCH_DEVICE, benchUser, seedUsers, SETTINGS } from "../support/seed.ts";

/** Whether the outbox reads the table's stream. */
export const OUTBOXES = ["off", "on", "broken"] as const;
export type OutboxState = (typeof OUTBOXES)[number];

export const OPERATIONS = ["validate, live", "login that displaces", "logout"] as const;
export type Operation = (typeof OPERATIONS)[number];

export const idOf = (operation: Operation, state: OutboxState): string => `${operation}, outbox ${state}`;

/** Sessions have a channel where push is on. */
const PUSH = { url: "wss://push.example", host: "push.example", publishUrl: "https://push.example/event" };

/** The operations on one table. */
export function contendersOf(documents: DocumentClient, tableName: string, state: OutboxState): Measured[] {
  const settings = state === "off" ? SETTINGS : { ...SETTINGS, push: PUSH };
  const store = createSessionStore({ documents, tableName, settings });
  const users = async (count: number) => {
    const userIds = Array.from({ length: count }, () => `user-${randomUUID()}`);
    return seedUsers({ documents, tableName, settings }, userIds);
  };
  const eachOf =
    <T>(things: (count: number) => Promise<readonly T[]>, call: (thing: T) => Promise<void>) =>
    async (count: number) => {
      const next = oneByOne(await things(count));
      return () => call(next());
    };
  const logIn = async (userId: string): Promise<SessionToken> => {
    const request = { user: benchUser(userId), identitySource: "trusted", device: BENCH_DEVICE };
    const outcome = await store.login({ ...request, policy: ONE_SESSION });
    if (outcome.outcome !== "logged-in") throw new Error(outcome.outcome);
    return outcome.token;
  };
  const prepares: Record<Operation, Measured["prepare"]> = {
    "validate, live": async () => {
      const [user] = await users(1);
      if (user === undefined) throw new Error("no user was seeded");
      return async () => {
        expect((await store.validate(user.token, { touch: false })).outcome, "live");
      };
    },
    "login that displaces": eachOf(users, async ({ userId }) => {
      await logIn(userId);
    }),
    logout: eachOf(users, async ({ token }) => {
      expect((await store.logout(token)).outcome, "ended");
    }),
  };
  return OPERATIONS.map((operation) => ({
    id: idOf(operation, state),
    prepare: prepares[operation],
  }));
}
