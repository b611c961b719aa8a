import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, test } from "vitest";
import { createLoginThrottle } from "../../src/identity/login-throttle.ts";
import type { PasswordSource } from "../../src/identity/passwords.ts";
import {
  createThrottledPasswordSource,
  type LoginClient,
  type ThrottledPasswordOutcome,
  type ThrottledPasswordSource,
} from "../../src/identity/throttled-passwords.ts";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import type { DeviceId } from "../../src/sessions/session.ts";
import { createSignInTable, testClient } from "../support/dynamodb.ts";
import type { TestClock } from "../support/store.ts";
import { createTestStore, HOUR, loginRequest, MINUTE, type TestStore } from "../support/store.ts";

const RIGHT = "right horse battery";
const WRONG = "wrong horse battery";
const ADDRESS = "192.0.2.7";
const LAPTOP = "L".repeat(43) as DeviceId;
const PHONE = "P".repeat(43) as DeviceId;

const documents = testClient();
let sessions: TestStore;
let tableName: string;
let clock: TestClock;
let checks: string[];
let fault: Error | undefined;
let source: ThrottledPasswordSource;

/** Everybody but mallory is known; each check of a password is seen. */
const passwords: PasswordSource = {
  async authenticate({ username, password }) {
    checks.push(username);
    // A check takes its time: attempts at once meet.
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (fault !== undefined) throw fault;
    if (password !== RIGHT || username === "mallory") return { outcome: "refused" };
    const user = { id: username, isAdmin: false, permissions: [] };
    return { outcome: "authenticated", user, claims: {}, identitySource: "passwords", checks: [] };
  },
};

beforeEach(async () => {
  tableName = await createSignInTable();
  sessions = await createTestStore();
  clock = sessions.clock;
  checks = [];
  fault = undefined;
  source = createThrottledPasswordSource(
    passwords,
    createLoginThrottle({ documents, tableName, clock: clock.read }),
  );
});

const attempt = (username: string, password: string, client: LoginClient = { address: ADDRESS }) =>
  source.authenticate({ username, password }, client);

const outcomes = async (
  attempts: readonly Promise<ThrottledPasswordOutcome>[],
): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const { outcome } of await Promise.all(attempts)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
};

async function failTimes(times: number, username = "alice", client?: LoginClient): Promise<void> {
  for (let count = 0; count < times; count++) {
    const outcome = await attempt(username, WRONG, client);
    if (outcome.outcome === "throttled") throw new Error(`throttled at attempt ${count + 1}`);
  }
}

/** A whole login, which remembers the device that its answer names. */
async function signInOn(device: DeviceId, username = "alice"): Promise<void> {
  const outcome = await attempt(username, RIGHT, { address: "198.51.100.1", rememberAs: device });
  if (outcome.outcome !== "authenticated") throw new Error(outcome.outcome);
  await sessions.store.login(loginRequest(username, { checks: outcome.checks }));
}

describe("guesses at one user", () => {
  test.each(["alice", "mallory"])(
    "a hundred at once check ten passwords, whether %s exists or not",
    async (name) => {
      const guesses = Array.from({ length: 100 }, () => attempt(name, WRONG));
      expect(await outcomes(guesses)).toEqual({ refused: 10, throttled: 90 });
      expect(checks).toHaveLength(10);
    },
  );

  test("from a hundred addresses get no more than from one", async () => {
    const guesses = Array.from({ length: 100 }, (_, host) =>
      attempt("alice", WRONG, { address: `10.0.0.${host}` }),
    );
    expect(await outcomes(guesses)).toEqual({ refused: 10, throttled: 90 });
  });

  test("that are throttled do not use up the address they come from", async () => {
    await failTimes(10);
    await Promise.all(Array.from({ length: 120 }, () => attempt("alice", WRONG)));
    expect(await attempt("bob", RIGHT)).toMatchObject({ outcome: "authenticated" });
  });

  test("hold up the right password too, for as long as they say and no longer", async () => {
    await failTimes(10);
    const held = await attempt("alice", RIGHT);
    expect(held).toEqual({ outcome: "throttled", retryAfterSeconds: 30 });
    expect(checks).toHaveLength(10);
    clock.advance(30_000);
    expect(await attempt("alice", RIGHT)).toMatchObject({ outcome: "authenticated" });
  });

  test("that go on for days never shut the user out: an hour later at the latest there is a turn", async () => {
    for (let count = 0; count < 120; count++) {
      const outcome = await attempt("alice", WRONG, { address: `10.0.${count}.1` });
      if (outcome.outcome === "throttled") clock.advance(outcome.retryAfterSeconds * 1000);
    }
    clock.advance(HOUR);
    expect(await attempt("alice", RIGHT)).toMatchObject({ outcome: "authenticated" });
  });

  test("are forgotten with a success", async () => {
    await failTimes(9);
    await attempt("alice", RIGHT);
    await failTimes(10);
  });

  test("do not hold up another user, nor the same name in other case", async () => {
    await failTimes(10);
    for (const name of ["bob", "Alice"])
      expect(await attempt(name, RIGHT)).toMatchObject({ outcome: "authenticated" });
  });
});

describe("one address", () => {
  const spray = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => attempt(`user${from + index}`, WRONG));

  test("that tries one password on many names checks a hundred, and waits", async () => {
    expect(await outcomes(spray(130))).toEqual({ refused: 100, throttled: 30 });
    expect(checks).toHaveLength(100);
    expect(await attempt("alice", RIGHT, { address: "192.0.2.8" })).toMatchObject({
      outcome: "authenticated",
    });
    clock.advance(HOUR);
    expect(await attempt("alice", RIGHT)).toMatchObject({ outcome: "authenticated" });
  });

  test("gets no attempts back by a login to an account of its own", async () => {
    await outcomes(spray(99));
    for (let count = 0; count < 3; count++) await attempt("eve", RIGHT);
    expect(await outcomes(spray(3, 200))).toEqual({ refused: 1, throttled: 2 });
  });

  test("of the same IPv6 network is the same", async () => {
    await outcomes(
      Array.from({ length: 100 }, (_, host) =>
        attempt(`user${host}`, WRONG, { address: `2001:db8::${host.toString(16)}` }),
      ),
    );
    expect(await attempt("alice", RIGHT, { address: "2001:db8::ffff:1" })).toMatchObject({
      outcome: "throttled",
    });
    expect(await attempt("alice", RIGHT, { address: "2001:db8:0:1::1" })).toMatchObject({
      outcome: "authenticated",
    });
  });
});

describe("a device on which the user has signed in before", () => {
  const onLaptop: LoginClient = { address: ADDRESS, device: LAPTOP, rememberAs: LAPTOP };

  test("is let in while the user name and the address are throttled", async () => {
    await signInOn(LAPTOP);
    await outcomes(Array.from({ length: 100 }, (_, index) => attempt(`user${index}`, WRONG)));
    await failTimes(10, "alice", { address: "192.0.2.9" });
    expect(await attempt("alice", RIGHT)).toMatchObject({ outcome: "throttled" });
    expect(await attempt("alice", RIGHT, onLaptop)).toMatchObject({ outcome: "authenticated" });
  });

  test("lets nobody but that user in", async () => {
    await signInOn(LAPTOP);
    await failTimes(10, "bob");
    expect(await attempt("bob", RIGHT, onLaptop)).toMatchObject({ outcome: "throttled" });
  });

  test("is none where its cookie was made up, or its login came to nothing", async () => {
    await attempt("alice", RIGHT, { address: ADDRESS, rememberAs: PHONE });
    await failTimes(10);
    for (const device of [LAPTOP, PHONE])
      expect(await attempt("alice", RIGHT, { address: ADDRESS, device })).toMatchObject({
        outcome: "throttled",
      });
  });

  test("has a few failures of its own, and then waits: a stolen cookie guesses no faster", async () => {
    await signInOn(LAPTOP);
    const guesses = Array.from({ length: 100 }, () => attempt("alice", WRONG, onLaptop));
    expect(await outcomes(guesses)).toEqual({ refused: 5, throttled: 95 });
    expect(await attempt("alice", RIGHT, onLaptop)).toEqual({ outcome: "throttled", retryAfterSeconds: 30 });
    // The user elsewhere is not held up by it.
    expect(await attempt("alice", RIGHT)).toMatchObject({ outcome: "authenticated" });
    clock.advance(30_000);
    expect(await attempt("alice", RIGHT, onLaptop)).toMatchObject({ outcome: "authenticated" });
    await failTimes(5, "alice", onLaptop);
  });

  test("is forgotten after a year without a login, whatever TTL did", async () => {
    await signInOn(LAPTOP);
    clock.advance(365 * 24 * HOUR - 1);
    await failTimes(10);
    expect(await attempt("alice", RIGHT, onLaptop)).toMatchObject({ outcome: "authenticated" });
    clock.advance(1);
    expect(await attempt("alice", RIGHT, onLaptop)).toMatchObject({ outcome: "throttled" });
  });
});

describe("a check that fails for a fault", () => {
  test("counts for nothing", async () => {
    fault = new StoreUnavailableError("the directory is away", { effect: "none" });
    for (let count = 0; count < 12; count++) await expect(attempt("alice", RIGHT)).rejects.toBe(fault);
    fault = undefined;
    await failTimes(10);
  });
});

test("no user name and no address is in the table", async () => {
  await signInOn(LAPTOP, "hunter2-typed-as-a-name");
  await attempt("hunter2-typed-as-a-name", WRONG, { address: "203.0.113.77", device: LAPTOP });
  await attempt("hunter2-typed-as-a-name", WRONG, { address: "2001:db8:77::1" });
  const { Items: items = [] } = await documents.send(new ScanCommand({ TableName: tableName }));
  expect(items.map(({ pk }) => String(pk).split("#").slice(0, 2).join("#"))).toContain("failures#user");
  expect(items.length).toBeGreaterThanOrEqual(4);
  expect(JSON.stringify(items)).not.toMatch(/hunter2|203\.0\.113|2001|db8/);
  for (const { ttl } of items) expect(ttl as number).toBeGreaterThan((clock.now + MINUTE) / 1000);
});
