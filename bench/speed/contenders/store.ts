import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { DocumentClient } from "../../../src/dynamodb/document-client.ts";
import { createSessionStore } from "../../../src/sessions/create-session-store.ts";
import { toEndingItem } from "../../../src/sessions/items.ts";
import { touchInterval } from "../../../src/sessions/session.ts";
import type { SessionStore } from "../../../src/sessions/store.ts";
import { eachOf, expect } from "../../support/rounds.ts";
import { BENCH_DEVICE, logIn, newUserIds, seededToken } from "../../support/seed.ts";
import type { Contender } from "../contender.ts";
import type { World } from "../world.ts";

/** One way to call the store that changes something, on users made for it. */
interface StoreWork<Subject> {
  readonly id: string;
  readonly name: string;
  readonly group: Contender["group"];
  readonly subjects: (count: number) => Promise<readonly Subject[]> | readonly Subject[];
  readonly call: (store: SessionStore, subject: Subject) => Promise<unknown>;
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
      ...{ id: "store-validate", name: "validate, live", ...reads },
      async prepare() {
        await world.freshen();
        return async () => expect((await store.validate(reader.token)).outcome, "live");
      },
    },
    {
      ...{ id: "store-validate-displaced", name: "validate, displaced (says by whom)", ...reads },
      async prepare() {
        const token = seededToken("displaced");
        const ending = toEndingItem({
          ...{ sessionId: token.sessionId(settings.era), userId: reader.userId, reason: "displaced" },
          ...{ endedAt: Date.now(), endedBy: reader.userId, endedDevice: BENCH_DEVICE.label },
          ...{ displacedByDevice: BENCH_DEVICE.label, expiresAt: reader.session.expiresAt },
        });
        await bare.send(new PutCommand({ TableName: sessionsTable, Item: { ...ending } }));
        return async () => expect((await store.validate(token)).outcome, "ended");
      },
    },
    ...besideItsRequests(world, {
      ...{ id: "store-touch", name: "validate that records activity", group: "starting" },
      subjects: (count) => world.seed(count, 2 * touchInterval(settings.timeouts)),
      call: async (over, { token }) => expect((await over.validate(token)).outcome, "live"),
    }),
    ...besideItsRequests(world, {
      ...{ id: "store-login", name: "login, the user's first", group: "starting" },
      subjects: newUserIds,
      call: (over, userId) => logIn(over, userId, 0),
    }),
    ...besideItsRequests(world, {
      ...{ id: "store-login-displacing", name: "login that displaces a session", group: "starting" },
      subjects: (count) => world.seed(count),
      call: (over, { userId }) => logIn(over, userId, 1),
    }),
    ...besideItsRequests(world, {
      ...{ id: "store-logout", name: "logout", group: "ending" },
      subjects: (count) => world.seed(count),
      call: async (over, { token }) => expect((await over.logout(token)).outcome, "ended"),
    }),
  ];
}

type Command = Parameters<DocumentClient["send"]>[0];

/** One request as the store asked for it. */
interface Request {
  readonly Command: new (input: object) => Command;
  readonly input: object;
}

/**
 * What a call sends is recorded while it is prepared, on users of its own: reads are carried out, and of its
 * writes the store is told that they were done.
 */
function besideItsRequests<Subject>(
  { documents, settings, sessionsTable: tableName, store, bare }: World,
  { id, name, group, subjects, call }: StoreWork<Subject>,
): Contender[] {
  let requests: Request[] = [];
  const send = (command: Command): Promise<unknown> => {
    const Command = command.constructor as Request["Command"];
    // Without `undefined`, which a document client without options refuses.
    requests.push({ Command, input: JSON.parse(JSON.stringify(command.input)) as object });
    return /Get|Query|Scan/.test(Command.name) ? documents.send(command) : Promise.resolve({});
  };
  const recorder = { send } as unknown as DocumentClient;
  const recorded = createSessionStore({ documents: recorder, tableName, settings });
  const requestsOf = async (subject: Subject): Promise<Request[]> => {
    requests = [];
    await call(recorded, subject);
    return requests;
  };
  const beside = `${id}-requests`;
  return [
    {
      ...{ id, name, group, beside, isOurs: true, share: 50 },
      prepare: eachOf(subjects, (subject) => call(store, subject)),
    },
    {
      ...{ id: beside, name: `bare SDK, same requests: ${name}`, group, isOurs: false, share: 50 },
      prepare: eachOf(
        async (count) => {
          const all: Request[][] = [];
          for (const subject of await subjects(count)) all.push(await requestsOf(subject));
          return all;
        },
        async (each) => {
          for (const { Command, input } of each) await bare.send(new Command(input));
        },
      ),
    },
  ];
}
