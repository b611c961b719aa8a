import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { z } from "zod";
import { GET_SESSION, WATCH } from "../../src/api/get-session.ts";
import { endingKey, rosterKey, sessionKey } from "../../src/sessions/table.ts";
import { DEVICES } from "./hosts.ts";
import type { LabParts } from "./parts.ts";
import { raceOnce, raceTheUsualWay, type RacingLogin } from "./race.ts";
import type { LabState, RaceResult, SweepAnswer, UserTables } from "./shapes.ts";
import { logIn } from "./sign-in.ts";
import { runTimeToLive } from "./time-to-live.ts";
import { readUserTables } from "./user-tables.ts";

/** What the lab's page can ask for, by name; the body is checked here. */
export interface LabCalls {
  /** Waits while nothing has changed since that version, but not for long. */
  state(userId: string, since: number | undefined): Promise<LabState>;
  readonly byName: Readonly<Record<string, (body: unknown) => Promise<unknown>>>;
}

const LONGEST_WAIT_MS = 5000;
const LONGEST_MOVE_MS = 400 * 24 * 60 * 60 * 1000;

const forUser = z.object({ user: z.string().min(1).max(512) });
const armed = z.object({ fault: z.enum(["lose-answer", "throttle"]), times: z.int().min(1).max(1_000_000) });
const move = z.object({ milliseconds: z.number().positive().max(LONGEST_MOVE_MS) });

export function createLabCalls(parts: LabParts, client: DynamoDBClient): LabCalls {
  const documents = DynamoDBDocumentClient.from(client);
  const { sessionsTable, clock, happened, proxy, model, port, invoke } = parts;
  const tablesOf = (userId: string): Promise<UserTables> =>
    readUserTables(documents, sessionsTable, { userId, now: clock.now() });
  const say = (text: string): void => happened.tell({ kind: "lab", text });
  let met = (): number => 0;

  function disarm(): void {
    proxy.disarm();
  }
  async function logOut(userId: string): Promise<unknown> {
    const result = await invoke("admin-logout", JSON.stringify({ userIds: [userId], includeAdmins: true }));
    if (result.outcome === "fault") throw new Error(result.fault.errorMessage);
    return JSON.parse(result.payload) as unknown;
  }
  /** What a moved clock wrote would come from the future when it is back. */
  async function forget(userId: string): Promise<void> {
    const { sessions, endings } = await tablesOf(userId);
    const keys = [
      ...sessions.map(({ id }) => sessionKey(id)),
      ...endings.map(({ id }) => endingKey(id)),
      rosterKey(userId),
    ];
    await Promise.all(
      keys.map((Key) => documents.send(new DeleteCommand({ TableName: sessionsTable, Key }))),
    );
  }
  async function startOver(userId: string): Promise<UserTables> {
    disarm();
    if (clock.offsetMs() > 0) {
      await logOut(userId);
      await forget(userId);
      clock.reset();
      say("the clock is back; what it had made is gone");
    }
    return tablesOf(userId);
  }
  async function sweep(userId: string): Promise<SweepAnswer> {
    const before = await tablesOf(userId);
    const deleted = await runTimeToLive(documents, model.tables, clock.now());
    say(`time to live took ${deleted} ${deleted === 1 ? "item" : "items"} away`);
    return { deleted, before, after: await tablesOf(userId) };
  }
  function racingLogin(userId: string): RacingLogin {
    let logins = 0;
    return async () => {
      const { userAgent } = DEVICES[logins++ % DEVICES.length] ?? DEVICES[0];
      const token = await logIn(parts, { userId, userAgent });
      const headers = { authorization: `Bearer ${token}`, "user-agent": userAgent };
      return async () => {
        const response = await fetch(
          `http://127.0.0.1:${port}${GET_SESSION.path}?${WATCH.name}=${WATCH.value}`,
          { headers },
        );
        await response.body?.cancel();
        if (response.status !== 200 && response.status !== 401) throw new Error(String(response.status));
        return response.status === 200;
      };
    };
  }
  async function race(userId: string): Promise<RaceResult> {
    const ours = await raceOnce(racingLogin(userId));
    const { sessions } = await tablesOf(userId);
    const usual = await raceTheUsualWay(client, `${sessionsTable}-usual-way`, userId);
    return { ours: { ...ours, inTable: sessions.filter(({ live }) => live).length }, usual };
  }

  return {
    async state(userId, since) {
      if (since !== undefined) await happened.changed(since, LONGEST_WAIT_MS);
      const version = happened.version();
      const [lines, transactions] = [happened.lines(), happened.transactions()];
      const tables = await tablesOf(userId);
      return { version, clockOffsetMs: clock.offsetMs(), tables, happened: lines, transactions };
    },
    byName: {
      tables: async (body) => tablesOf(forUser.parse(body).user),
      "start-over": async (body) => startOver(forUser.parse(body).user),
      "time-to-live": async (body) => sweep(forUser.parse(body).user),
      race: async (body) => race(forUser.parse(body).user),
      async "log-out"(body) {
        const { user } = forUser.parse(body);
        const answer = await logOut(user);
        return { answer, tables: await tablesOf(user) };
      },
      arm(body) {
        const { fault, times } = armed.parse(body);
        met = proxy.arm(fault, times);
        say(fault === "throttle" ? "the database throttles now" : "the next answer will be lost");
        return Promise.resolve({ met: 0 });
      },
      disarm() {
        disarm();
        return Promise.resolve({ met: met() });
      },
      "move-clock"(body) {
        const { milliseconds } = move.parse(body);
        clock.moveBy(milliseconds);
        say(`the functions' clock is ${Math.round(milliseconds / 60_000)} minutes later`);
        return Promise.resolve({ clockOffsetMs: clock.offsetMs() });
      },
    },
  };
}
