import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import { createSessionStore } from "../../../src/sessions/create-session-store.ts";
import { batchPut } from "../../../src/dynamodb/batch.ts";
import { toEndingItem } from "../../../src/sessions/items.ts";
import { ONE_SESSION } from "../../../src/sessions/policy.ts";
import { touchInterval } from "../../../src/sessions/session.ts";
import type { SessionStore } from "../../../src/sessions/store.ts";
import { BENCH_DEVICE, benchUser, seededToken } from "../../support/seed.ts";
import { oneByOne, type Contender, type OneCall } from "../contender.ts";
import { recordingClient, replay } from "../recording.ts";
import type { World } from "../world.ts";

/** One way to call the store that changes something, on users made for it. */
interface StoreWork<Subject> {
  readonly id: string;
  readonly name: string;
  readonly group: Contender["group"];
  readonly subjects: (count: number) => Promise<readonly Subject[]>;
  readonly call: (store: SessionStore, subject: Subject) => Promise<void>;
}

/**
 * The store's calls; beside each that writes, the very same requests sent by the bare SDK one after the
 * other.
 */
export function storeContenders(world: World): Contender[] {
  return [validateLive(world), validateDisplaced(world), ...works(world)];
}

function validateLive(world: World): Contender {
  const { store, reader } = world;
  return {
    id: "store-validate",
    name: "validate, live",
    group: "reading",
    isOurs: true,
    async prepare() {
      await world.freshen();
      return async () => expectOutcome(await store.validate(reader.token), "live");
    },
  };
}

function validateDisplaced(world: World): Contender {
  const { store, bare, settings, sessionsTable, reader } = world;
  return {
    id: "store-validate-displaced",
    name: "validate, displaced (says by whom)",
    group: "reading",
    isOurs: true,
    async prepare() {
      const token = seededToken("displaced");
      const ending = toEndingItem({
        sessionId: token.sessionId(settings.era),
        userId: reader.userId,
        reason: "displaced",
        endedAt: Date.now(),
        endedBy: reader.userId,
        endedDevice: BENCH_DEVICE.label,
        displacedByDevice: BENCH_DEVICE.label,
        expiresAt: reader.session.expiresAt,
      });
      await bare.send(
        new BatchWriteCommand({ RequestItems: { [sessionsTable]: [batchPut({ ...ending })] } }),
      );
      return async () => expectOutcome(await store.validate(token), "ended");
    },
  };
}

function works(world: World): Contender[] {
  const logIn = async (store: SessionStore, userId: string, displaced: number): Promise<void> => {
    const outcome = await store.login({
      user: benchUser(userId),
      identitySource: "trusted",
      device: BENCH_DEVICE,
      policy: ONE_SESSION,
    });
    expectOutcome(outcome, "logged-in");
    if (outcome.outcome === "logged-in" && outcome.displaced.length !== displaced) {
      throw new Error(`the login displaced ${outcome.displaced.length} sessions`);
    }
  };
  return [
    ...besideItsRequests(world, {
      id: "store-touch",
      name: "validate that records activity",
      group: "starting",
      subjects: (count) => world.seed(count, 2 * touchInterval(world.settings.timeouts)),
      call: async (store, { token }) => expectOutcome(await store.validate(token), "live"),
    }),
    ...besideItsRequests(world, {
      id: "store-login",
      name: "login, the user's first",
      group: "starting",
      subjects: (count) => Promise.resolve(world.newUserIds(count)),
      call: (store, userId) => logIn(store, userId, 0),
    }),
    ...besideItsRequests(world, {
      id: "store-login-displacing",
      name: "login that displaces a session",
      group: "starting",
      subjects: (count) => world.seed(count),
      call: (store, { userId }) => logIn(store, userId, 1),
    }),
    ...besideItsRequests(world, {
      id: "store-logout",
      name: "logout",
      group: "ending",
      subjects: (count) => world.seed(count),
      call: async (store, { token }) => expectOutcome(await store.logout(token), "ended"),
    }),
  ];
}

/**
 * What a call sends is recorded while it is prepared, on users of its own: the store is told that its writes
 * were done.
 */
function besideItsRequests<Subject>(
  world: World,
  { id, name, group, subjects, call }: StoreWork<Subject>,
): [Contender, Contender] {
  const recorder = recordingClient(world.documents);
  const { settings, sessionsTable: tableName, store } = world;
  const recorded = createSessionStore({ documents: recorder.documents, tableName, settings });
  const requestsId = `${id}-requests`;
  return [
    {
      id,
      name,
      group,
      isOurs: true,
      beside: requestsId,
      share: 50,
      async prepare(calls): Promise<OneCall> {
        const next = oneByOne(await subjects(calls));
        return () => call(store, next());
      },
    },
    {
      id: requestsId,
      name: `bare SDK, same requests: ${name}`,
      group,
      isOurs: false,
      share: 50,
      async prepare(calls): Promise<OneCall> {
        const requests = [];
        for (const subject of await subjects(calls)) {
          await call(recorded, subject);
          requests.push(recorder.taken());
        }
        const next = oneByOne(requests);
        return () => replay(world.bare, next());
      },
    },
  ];
}

export function expectOutcome({ outcome }: { readonly outcome: string }, expected: string): void {
  if (outcome !== expected) throw new Error(`the outcome is ${outcome}, not ${expected}`);
}
