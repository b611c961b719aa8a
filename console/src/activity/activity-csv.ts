import type { ActivityView } from "../../../src/api/parts/shapes.ts";

/**
 * The columns of an export. Its words are the API's, whatever the language of the page, so that programs can
 * read it.
 */
const COLUMNS: readonly (readonly [string, (record: ActivityView) => string | number | undefined])[] = [
  ["time", ({ time }) => time],
  ["kind", ({ kind }) => kind],
  ["userId", ({ userId }) => userId],
  ["sessionId", ({ sessionId }) => sessionId],
  ["identitySource", ({ identitySource }) => identitySource],
  ["device", ({ device, devices }) => (device ?? devices?.[0])?.label],
  ["deviceClass", ({ device, devices }) => (device ?? devices?.[0])?.class],
  ["otherDevice", ({ devices }) => devices?.[1].label],
  ["suspicion", ({ suspicion }) => suspicion],
  ["times", ({ times }) => times],
  ["endReason", ({ reason }) => reason],
  ["endedBy", ({ by }) => by?.id],
  ["endedByDevice", ({ by }) => by?.device],
  ["startedAt", ({ startedAt }) => startedAt],
  ["action", ({ act }) => act?.action],
  ["actor", ({ act }) => act?.actor],
  ["outcome", ({ act }) => act?.outcome],
  ["targets", ({ act }) => act?.targets.join(" ")],
  ["targetCount", ({ act }) => act?.targetCount],
  ["sessionCount", ({ act }) => act?.sessionCount],
  ["reason", ({ act }) => act?.reason],
  ["requestId", ({ act }) => act?.requestId],
  ["id", ({ id }) => id],
];

export const ACTIVITY_HEADER: readonly string[] = COLUMNS.map(([name]) => name);

/** A record as cells, in the order of {@link ACTIVITY_HEADER}. */
export const activityCells = (record: ActivityView): readonly string[] =>
  COLUMNS.map(([, cell]) => String(cell(record) ?? ""));

/** With the time, so that several are told apart. */
export const activityFileName = (now: Date): string =>
  `activity-${now.toISOString().slice(0, 19).replaceAll(":", "-")}.csv`;
