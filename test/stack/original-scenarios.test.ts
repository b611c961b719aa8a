// Long: started first.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addDemoUsers, HttpClient, sessionCounts } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

/**
 * The scenarios of the tests of the Django package this project descends from, through HTTP on the stack as
 * it is deployed. Two users with two clients each; after each step, how many sessions each user has.
 */

let stack: TestStack;
let clients: { alice: [HttpClient, HttpClient]; bob: [HttpClient, HttpClient] };

const counts = (): Promise<Record<string, number>> => sessionCounts(stack, ["alice", "bob"]);

function withSettings(context: Record<string, string>): void {
  beforeAll(async () => {
    stack = await startTestStack({ context });
    await addDemoUsers(stack);
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    await stack.invoke("admin-logout", { userIds: ["alice", "bob"] });
    clients = {
      alice: [new HttpClient(stack.url), new HttpClient(stack.url)],
      bob: [new HttpClient(stack.url), new HttpClient(stack.url)],
    };
  });
}

/** Signs both users in on both clients, a step at a time. */
async function signInEverywhere(): Promise<Record<string, number>[]> {
  const steps = [await counts()];
  for (const user of ["alice", "bob"] as const) {
    for (const client of clients[user]) {
      expect((await client.login(user)).status).toBe(201);
      steps.push(await counts());
    }
  }
  return steps;
}

const statusesOf = async (user: "alice" | "bob"): Promise<number[]> =>
  Promise.all(clients[user].map(async (client) => (await client.session()).status));

describe("by default", () => {
  withSettings({});

  test("a second login displaces the first, and a logout leaves none", async () => {
    expect(await signInEverywhere()).toEqual([
      { alice: 0, bob: 0 },
      { alice: 1, bob: 0 },
      { alice: 1, bob: 0 },
      { alice: 1, bob: 1 },
      { alice: 1, bob: 1 },
    ]);
    expect(await statusesOf("alice")).toEqual([401, 200]);
    await clients.alice[1].logout();
    expect(await counts()).toEqual({ alice: 0, bob: 1 });
    expect(await statusesOf("bob")).toEqual([401, 200]);
  });

  test("a logout by the displaced client leaves the winner signed in", async () => {
    await signInEverywhere();
    expect((await clients.alice[0].logout()).status).toBe(204);
    expect(await counts()).toEqual({ alice: 1, bob: 1 });
    expect(await statusesOf("alice")).toEqual([401, 200]);
  });
});

describe("with a function of the user", () => {
  withSettings({ singleUserSession: "./test/support/policies.ts#allButBob" });

  test("whom it answers true for has one session, the others any number", async () => {
    expect(await signInEverywhere()).toEqual([
      { alice: 0, bob: 0 },
      { alice: 1, bob: 0 },
      { alice: 1, bob: 0 },
      { alice: 1, bob: 1 },
      { alice: 1, bob: 2 },
    ]);
    expect(await statusesOf("bob")).toEqual([200, 200]);
    await clients.bob[0].logout();
    expect(await counts()).toEqual({ alice: 1, bob: 0 });
  });
});

describe("with SINGLE_USER_SESSION=false", () => {
  withSettings({ SINGLE_USER_SESSION: "false" });

  test("sessions add up, and one logout still ends all of the user's", async () => {
    expect(await signInEverywhere()).toEqual([
      { alice: 0, bob: 0 },
      { alice: 1, bob: 0 },
      { alice: 2, bob: 0 },
      { alice: 2, bob: 1 },
      { alice: 2, bob: 2 },
    ]);
    await clients.alice[0].logout();
    expect(await counts()).toEqual({ alice: 0, bob: 2 });
    expect(await statusesOf("alice")).toEqual([401, 401]);
  });

  test("a second login on the same client replaces that client's session", async () => {
    await signInEverywhere();
    const before = clients.alice[0].cookie();
    expect((await clients.alice[0].login("alice")).status).toBe(201);
    expect(clients.alice[0].cookie()).not.toBe(before);
    expect(await counts()).toEqual({ alice: 2, bob: 2 });
  });
});

describe("with SINGLE_USER_SESSION=false and LOGOUT_ALL_SESSIONS=false", () => {
  withSettings({ SINGLE_USER_SESSION: "false", LOGOUT_ALL_SESSIONS: "false" });

  test("a logout ends just one", async () => {
    await signInEverywhere();
    expect(await counts()).toEqual({ alice: 2, bob: 2 });
    await clients.alice[0].logout();
    expect(await counts()).toEqual({ alice: 1, bob: 2 });
    expect(await statusesOf("alice")).toEqual([401, 200]);
    await clients.alice[1].logout();
    expect(await counts()).toEqual({ alice: 0, bob: 2 });
  });

  test("a second login on the same client replaces that client's session", async () => {
    await signInEverywhere();
    await clients.bob[1].login("bob");
    expect(await counts()).toEqual({ alice: 2, bob: 2 });
    expect(await statusesOf("bob")).toEqual([200, 200]);
  });
});
