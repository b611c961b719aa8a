import type { DeviceAnswer, RaceResult, SessionRow, UserTables } from "../shapes.ts";
import type { Device } from "./devices.ts";
import { shortId } from "./dom.ts";
import { call } from "./lab-client.ts";

export interface Seen {
  /** Whether what was promised is what was seen. */
  readonly kept: boolean;
  readonly text: string;
  readonly race?: RaceResult;
}

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly promise: string;
  /** Does it, and reads the table. It says what it saw, whatever was promised. */
  run(scene: Scene): Promise<Seen>;
}

export interface Scene {
  readonly user: string;
  readonly devices: readonly [Device, Device, ...Device[]];
}

const tables = (user: string): Promise<UserTables> => call("tables", { user });
const liveIn = ({ sessions }: UserTables): readonly SessionRow[] => sessions.filter(({ live }) => live);
const first = (scene: Scene): Device => scene.devices[0];
const second = (scene: Scene): Device => scene.devices[1];
const said = ({ status, code }: DeviceAnswer): string =>
  code === undefined ? String(status) : `${status} ${code}`;
const sessions = (count: number): string => `${count} live ${count === 1 ? "session" : "sessions"}`;
const isOnly = (live: readonly SessionRow[], answer: DeviceAnswer | undefined): boolean =>
  live.length === 1 && live[0]?.id === answer?.sessionId;

export const SCENARIOS: readonly Scenario[] = [
  {
    id: "same-instant",
    title: "Sign in on all devices at the same instant",
    promise:
      "Each login is answered; one device stays signed in, and the others are told which displaced them.",
    async run({ user, devices }) {
      const answers = await Promise.all(devices.map((device) => device.ask("sign-in", user)));
      const looks = await Promise.all(devices.map((device) => device.ask("look", user)));
      const live = liveIn(await tables(user));
      const winner = looks.filter(({ status }) => status === 200);
      const told = looks.filter(
        ({ code, byDevice }) => code === "session_displaced" && byDevice !== undefined,
      );
      return {
        kept:
          answers.every(({ status }) => status === 201) &&
          winner.length === 1 &&
          told.length === devices.length - 1 &&
          isOnly(live, winner[0]),
        text:
          `Answers ${answers.map(said).join(", ")}; then ${looks.map(said).join(", ")}; the table has ` +
          `${sessions(live.length)}.`,
      };
    },
  },
  {
    id: "eight-at-once",
    title: "Eight logins at once",
    promise: "One of the eight is live. The usual way (list, delete, insert) leaves several.",
    async run({ user }) {
      const race = await call("race", { user });
      const ours = race.ours.live.filter(Boolean).length;
      const { failed } = race.ours;
      const usual = (race.usual.at(-1)?.live ?? []).filter(Boolean).length;
      return {
        // On a busy machine a login may give up waiting for the database; it may have been the one that won.
        kept: race.ours.inTable === 1 && (ours === 1 || (ours === 0 && failed > 0)) && usual > 1,
        text:
          `Here ${ours} of ${race.ours.logins} is live, and ${race.ours.inTable} in the table. ` +
          (failed > 0 ? `${failed} got no answer in time. ` : "") +
          `The usual way left ${usual} live in round ${race.usual.length}.`,
        race,
      };
    },
  },
  {
    id: "lost-answer",
    title: "Lose the database's next answer",
    promise:
      "The commit is done, its answer is lost: the login is answered all the same, and begins one session.",
    async run(scene) {
      await call("arm", { fault: "lose-answer", times: 1 });
      const answer = await first(scene).ask("sign-in", scene.user);
      const { met } = await call("disarm");
      const live = liveIn(await tables(scene.user));
      return {
        kept: met === 1 && answer.status === 201 && isOnly(live, answer),
        text:
          `${met} answer lost; the login got ${said(answer)}; the table has ${sessions(live.length)}, ` +
          `${live.map(({ id }) => shortId(id)).join(", ")}.`,
      };
    },
  },
  {
    id: "throttled-twice",
    title: "Throttle the database twice",
    promise: "The login takes a moment longer, and succeeds.",
    async run(scene) {
      await call("arm", { fault: "throttle", times: 2 });
      const begun = performance.now();
      const answer = await first(scene).ask("sign-in", scene.user);
      const took = Math.round(performance.now() - begun);
      const { met } = await call("disarm");
      const live = liveIn(await tables(scene.user));
      return {
        kept: met === 2 && answer.status === 201 && isOnly(live, answer),
        text:
          `Throttled ${met} times; ${said(answer)} after ${took} ms; the table has ` +
          `${sessions(live.length)}.`,
      };
    },
  },
  {
    id: "throttled-for-good",
    title: "Throttle it until the login gives up",
    promise: "503, and nothing has changed: a refused login signs nobody out.",
    async run(scene) {
      const before = await first(scene).ask("sign-in", scene.user);
      await call("arm", { fault: "throttle", times: 1_000_000 });
      const answer = await second(scene).ask("sign-in", scene.user);
      const { met } = await call("disarm");
      const live = liveIn(await tables(scene.user));
      const look = await first(scene).ask("look", scene.user);
      return {
        kept: met > 0 && answer.status === 503 && isOnly(live, before) && look.status === 200,
        text:
          `Throttled ${met} times; device 2 got ${said(answer)}; device 1 got ${said(look)}; the table ` +
          `has ${sessions(live.length)}, device 1's.`,
      };
    },
  },
  {
    id: "idle-timeout",
    title: "Move the clock by the idle timeout",
    promise: "The session is over at that moment, though nothing ran and its item is still there.",
    async run(scene) {
      const begun = await first(scene).ask("sign-in", scene.user);
      const row = (await tables(scene.user)).sessions.find(({ id }) => id === begun.sessionId);
      const minutes = row === undefined ? 0 : (row.idleExpiresAt - row.lastSeenAt) / 60_000;
      await call("move-clock", { milliseconds: minutes * 60_000 });
      const look = await first(scene).ask("look", scene.user);
      const left = (await tables(scene.user)).sessions.find(({ id }) => id === begun.sessionId);
      return {
        kept: begun.status === 201 && look.code === "session_expired" && left?.live === false,
        text:
          `${minutes} minutes later: ${said(look)}; its item is ` +
          `${left === undefined ? "gone" : "there"}, and ${left?.live === true ? "live" : "not live"}.`,
      };
    },
  },
  {
    id: "time-to-live",
    title: "Let time to live run",
    promise:
      "It takes the expired session away and never the roster, which lists it still; the next login " +
      "finds its way.",
    async run(scene) {
      const { user } = scene;
      const begun = await first(scene).ask("sign-in", user);
      const row = (await tables(user)).sessions.find(({ id }) => id === begun.sessionId);
      await call("move-clock", { milliseconds: (row?.expiresAt ?? 0) - (row?.createdAt ?? 0) + 60_000 });
      const { deleted, before, after } = await call("time-to-live", { user });
      const isThere = ({ sessions: all }: UserTables): boolean =>
        all.some(({ id }) => id === begun.sessionId);
      const isListed = after.roster?.entries.some(({ id }) => id === begun.sessionId) === true;
      const next = await second(scene).ask("sign-in", user);
      const live = liveIn(await tables(user));
      return {
        kept: isThere(before) && !isThere(after) && isListed && next.status === 201 && isOnly(live, next),
        text:
          `${deleted} ${deleted === 1 ? "item" : "items"} taken; the session is ` +
          `${isThere(after) ? "there" : "gone"}, the roster ` +
          `${isListed ? "lists it" : "does not list it"}; the next login got ${said(next)}, and the ` +
          `table has ${sessions(live.length)}.`,
      };
    },
  },
  {
    id: "administrator",
    title: "Log the user out as an administrator",
    promise: "When the call has been answered, no session of the user validates any more, anywhere.",
    async run(scene) {
      const begun = await first(scene).ask("sign-in", scene.user);
      const { answer, tables: after } = await call("log-out", { user: scene.user });
      const looks = await Promise.all(scene.devices.map((device) => device.ask("look", scene.user)));
      const { loggedOut = [] } = answer as {
        readonly loggedOut?: readonly { readonly sessionCount: number }[];
      };
      const live = liveIn(after);
      return {
        kept:
          begun.status === 201 &&
          loggedOut[0]?.sessionCount === 1 &&
          live.length === 0 &&
          looks[0]?.code === "session_revoked" &&
          looks.every(({ status }) => status === 401),
        text:
          `${loggedOut[0]?.sessionCount ?? 0} logged out; then ${looks.map(said).join(", ")}; the table ` +
          `has ${sessions(live.length)}.`,
      };
    },
  },
];
