import type { ActivityDevice, ActivityRecord, AdministratorsAct } from "../../src/activity/activity.ts";
import { measureLive } from "../../src/activity/live.ts";
import { createActivityWriter } from "../../src/activity/writer.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createSessionsTable } from "./dynamodb.ts";
import { seedSessions } from "./seed-sessions.ts";
import { Draws } from "./seeded.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ERA = "1";

/** A user id that a spreadsheet would calculate. */
export const FORMULA_USER = '=HYPERLINK("https://example.com","pay")';

const DEVICES: readonly ActivityDevice[] = [
  { label: "Chrome on Windows", class: "desktop" },
  { label: "Safari on iOS", class: "mobile" },
  { label: "Firefox on macOS", class: "desktop" },
  { label: "Chrome on Android", class: "mobile" },
];
const OUTCOMES = { displaced: 3, logged_out: 4, expired: 6, revoked: 1 } as const;
const SUSPICIONS = ["displacements", "returns", "places"] as const;

export interface ToSeed {
  readonly documents: DocumentClient;
  /** The activity table. */
  readonly tableName: string;
  readonly users: number;
  /** What is seeded ends here, and begins 35 days before; epoch milliseconds. */
  readonly now: number;
}

/** What has been put, for tests to compare with. */
export interface Seeded {
  readonly records: readonly ActivityRecord[];
}

/**
 * Keeps the activity of so many users of the last 35 days, by the writer that the outbox has, and measures
 * live sessions by the day, and of the last day by the hour. Each user signs in once and the session ends;
 * every tenth is refused at the limit, every tenth suspected of sharing (the first ten within the last two
 * hours), every hundredth logged out by staff. The same numbers give the same activity.
 */
export async function seedActivity({ documents, tableName, users, now }: ToSeed): Promise<Seeded> {
  const records = Array.from({ length: users }, (_, index) => activityOf(index, now)).flat();
  const writer = createActivityWriter({ documents, tableName, clock: () => now });
  const { lost } = await writer.putAll(records.toSorted((one, other) => one.at - other.at));
  if (lost.length > 0) throw new Error(`${lost.length} records were not kept: ${String(lost[0]?.error)}`);
  await measurePast({ documents, tableName, users, now });
  return { records };
}

function activityOf(index: number, now: number): ActivityRecord[] {
  const draws = new Draws("activity", index);
  const userId = index === 1 ? FORMULA_USER : `user-${index}`;
  const [device, other] = [draws.pick(DEVICES), draws.pick(DEVICES)];
  const at = now - Math.round(pastOf(draws));
  const end = Math.min(at + Math.round(draws.between(1, 9) * HOUR), now);
  const reason = draws.weighted(OUTCOMES);
  const of = { userId, sessionId: `session-of-${index}`, device } as const;
  const by = {
    displaced: { id: userId, device: other.label },
    logged_out: { id: userId },
    expired: undefined,
    revoked: { id: "staff" },
  }[reason];
  const more: ActivityRecord[] = [];
  if (index % 10 === 0) more.push({ id: `denied-${index}`, at, kind: "denied", userId, device });
  if (index % 25 === 0) more.push({ id: `throttled-${index}`, at, kind: "throttled" });
  if (index % 10 === 1) more.push(suspicionOf(index, index < 100 ? now - (1 + index) * MINUTE : at, userId));
  if (index % 100 === 0) more.push(actOf(index, end, userId));
  return [
    { ...of, id: `started-${index}`, at, kind: "started", identitySource: "passwords" },
    { ...of, id: `ended-${index}`, at: end, kind: "ended", reason, startedAt: at, ...(by && { by }) },
    ...more,
  ];
}

/** How long ago something was: on most days in office hours of UTC, and a quarter of all in the last day. */
function pastOf(draws: Draws): number {
  const days = draws.chance(0.25) ? 0 : draws.whole(1, 33);
  return days * DAY + draws.between(0, 1) * draws.between(0.5, 1) * DAY + MINUTE;
}

function suspicionOf(index: number, at: number, userId: string): ActivityRecord {
  const suspicion = SUSPICIONS[Math.floor(index / 10) % SUSPICIONS.length] ?? "places";
  const [one, two, three] = DEVICES as readonly [ActivityDevice, ActivityDevice, ActivityDevice];
  return {
    ...{ id: `suspicion-${index}`, at, userId, sessionId: `session-of-${index}` },
    kind: suspicion === "places" ? "suspected" : "contention",
    devices: index % 20 === 1 ? [one, two] : [one, three],
    suspicion,
    times: suspicion === "displacements" ? 5 : 3,
  };
}

function actOf(index: number, at: number, userId: string): ActivityRecord {
  const act: AdministratorsAct = {
    ...{ action: "log_out_users", actor: "staff", targets: [userId], targetCount: 1, sessionCount: 1 },
    outcome: index % 500 === 0 ? "refused" : "done",
    reason: "=left the company",
    requestId: `request-${index}`,
  };
  return { id: `act-${index}`, at, kind: "administered", act };
}

/** Measures how many sessions were live then, of a table that has as many then. */
async function measurePast({ documents, tableName, users, now }: ToSeed): Promise<void> {
  const draws = new Draws("live");
  const sessionsTable = await createSessionsTable();
  const hoursAgo = [...Array.from({ length: 34 }, (_, day) => 24 * (34 - day)), ...hoursOfTheLastDay()];
  for (const ago of hoursAgo) {
    const at = now - ago * HOUR;
    const sessions = Math.ceil((users / 100) * draws.between(0.5, 1));
    // They are over before the next measurement.
    const left = at + MINUTE - Date.now();
    await seedSessions(
      documents,
      sessionsTable,
      { era: ERA, timeouts: { idle: left, absolute: left }, logoutAllSessions: true },
      [{ userId: "somebody", sessions }],
    );
    await measureLive({
      documents,
      tableName,
      sessionsTable,
      era: ERA,
      clock: () => at,
      jitter: Math.random,
    });
  }
}

const hoursOfTheLastDay = (): readonly number[] => Array.from({ length: 24 }, (_, hour) => 23 - hour);
