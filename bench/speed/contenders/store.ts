import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../../src/sessions/create-session-store.ts";
import { toEndingItem } from "../../../src/sessions/items.ts";
import { ONE_SESSION } from "../../../src/sessions/policy.ts";
import { touchInterval } from "../../../src/sessions/session.ts";
import type { SessionStore } from "../../../src/sessions/store.ts";
import { BENCH_DEVICE, benchUser, seededToken } from "../../support/seed.ts";
import { expect, oneByOne, type Contender } from "../contender.ts";
import type { World } from "../world.ts";

/** One way to call the store that changes something, on users made for it. */
interface StoreWork<Subject> {
  readonly id: string;
  readonly name: string;
  readonly group: Contender["group"];
  readonly subjects: (count: number) => Promise<readonly Subject[]> | readonly Subject[];
  readonly call: (store: SessionStore, subject: Subject) => Promise<void>;
}

/**
 * The store's calls; beside each that writes, the very same requests sent by the bare SDK one after the
 * other.
 */
export function storeContenders(world: World): Contender[] {
  const { store, bare, settings, sessionsTable, reader } = world;
  const reads = { group: "reading", isOurs: true } as const;
  return [
    {
      id: "store-validate",
      name: "validate, live",
      ...reads,
      async prepare() {
        await world.freshen();
        return async () => expect((await store.validate(reader.token)).outcome, "live");
      },
    },
    {
      id: "store-validate-displaced",
      name: "validate, displaced (says by whom)",
      ...reads,
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
        await bare.send(new PutCommand({ TableName: sessionsTable, Item: { ...ending } }));
        return async () => expect((await store.validate(token)).outcome, "ended");
      },
    },
    ...besideItsRequests(world, {
      id: "store-touch",
      name: "validate that records activity",
      group: "starting",
      subjects: (count) => world.seed(count, 2 * touchInterval(settings.timeouts)),
      call: async (over, { token }) => expect((await over.validate(token)).outcome, "live"),
    }),
    ...besideItsRequests(world, {
      id: "store-login",
      name: "login, the user's first",
      group: "starting",
      subjects: (count) => world.newUserIds(count),
      call: (over, userId) => logIn(over, userId, 0),
    }),
    ...besideItsRequests(world, {
      id: "store-login-displacing",
      name: "login that displaces a session",
      group: "starting",
      subjects: (count) => world.seed(count),
      call: (over, { userId }) => logIn(over, userId, 1),
    }),
    ...besideItsRequests(world, {
      id: "store-logout",
      name: "logout",
      group: "ending",
      subjects: (count) => world.seed(count),
      call: async (over, { token }) => expect((await over.logout(token)).outcome, "ended"),
    }),
  ];
}

async function logIn(store: SessionStore, userId: string, displaced: number): Promise<void> {
  const request = { identitySource: "trusted", device: BENCH_DEVICE, policy: ONE_SESSION } as const;
  const outcome = await store.login({ ...request, user: benchUser(userId) });
  expect(outcome.outcome === "logged-in" ? outcome.displaced.length : outcome.outcome, displaced);
}

/**
 * What a call sends is recorded while it is prepared, on users of its own: the store is told that its writes
 * were done.
 */
function besideItsRequests<Subject>(
  { documents, settings, sessionsTable: tableName, store, bare }: World,
  { id, name, group, subjects, call }: StoreWork<Subject>,
): Contender[] {
  const recorder = recordingClient(documents);
  const recorded = createSessionStore({ documents: recorder.documents, tableName, settings });
  const beside = `${id}-requests`;
  return [
    {
      ...{ id, name, group, beside, isOurs: true, share: 50 },
      async prepare(calls) {
        const next = oneByOne(await subjects(calls));
        return () => call(store, next());
      },
    },
    {
      ...{ id: beside, name: `bare SDK, same requests: ${name}`, group, isOurs: false, share: 50 },
      async prepare(calls) {
        const requests: Request[][] = [];
        for (const subject of await subjects(calls)) {
          await call(recorded, subject);
          requests.push(recorder.taken());
        }
        const next = oneByOne(requests);
        return async () => {
          for (const { Command, input } of next()) await bare.send(new Command(input));
        };
      },
    },
  ];
}

type Command = Parameters<DocumentClient["send"]>[0];

/** One request as the store asked for it. */
interface Request {
  readonly Command: new (input: object) => Command;
  readonly input: object;
}

/** A document client that carries out reads, and only notes writes, telling the caller that they are done. */
function recordingClient(documents: DocumentClient): {
  readonly documents: DocumentClient;
  /** The requests since the last time, in their order. */
  taken(): Request[];
} {
  const requests: Request[] = [];
  const send = (command: Command): Promise<unknown> => {
    const Command = command.constructor as Request["Command"];
    // Without `undefined`, which a document client without options refuses.
    requests.push({ Command, input: JSON.parse(JSON.stringify(command.input)) as object });
    return /Get|Query|Scan/.test(Command.name) ? documents.send(command) : Promise.resolve({});
  };
  return {
    documents: { send } as unknown as DocumentClient,
    taken: () => requests.splice(0),
  };
}
