import { createActivityReader } from "../../src/activity/reader.ts";
import type { ActivityRecord } from "../../src/activity/activity.ts";
import { createActivityWriter } from "../../src/activity/writer.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createActivityTable, testClient } from "../support/dynamodb.ts";

export const HOUR = 60 * 60_000;
export const DAY = 24 * HOUR;
/** Thirty minutes into an hour. */
export const NOW = Date.parse("2026-11-30T06:30:00Z");

export const PHONE = { label: "Safari on iPhone", class: "mobile" } as const;
export const LAPTOP = { label: "Firefox on macOS", class: "desktop" } as const;

/** A store of activity on a table of its own, whose clock stands until it is moved. */
export async function createTestActivity(documents: DocumentClient = testClient()) {
  const tableName = await createActivityTable();
  const time = { now: NOW };
  const dependencies = { documents, tableName, clock: () => time.now };
  return {
    ...dependencies,
    time,
    writer: createActivityWriter(dependencies),
    reader: createActivityReader(dependencies),
  };
}

export const started = (id: string, more: Partial<ActivityRecord> = {}): ActivityRecord => ({
  ...{ id, at: NOW, kind: "started", userId: "alice", sessionId: `session-${id}` },
  ...{ identitySource: "passwords", device: PHONE },
  ...more,
});

export const contention = (id: string, more: Partial<ActivityRecord> = {}): ActivityRecord => ({
  ...started(id),
  ...{ kind: "contention", devices: [PHONE, LAPTOP], suspicion: "displacements", times: 5 },
  ...more,
});
