import { expect, test } from "vitest";
import { eventsDocument } from "../../openapi/events.ts";
import { endEvent, eventsLost, startEvents, suspectedEvent } from "../../src/outbox/make-events.ts";
import { detailTypeOf, EVENT_SOURCE } from "../../src/outbox/names.ts";
import type { SeenSession } from "../../src/outbox/stream-record.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { problemsOfEvent } from "../support/event-schemas.ts";

const NOW = Date.UTC(2030, 0, 1);
const device = { label: "Chrome on Windows", class: "desktop" } as const;
const session: SeenSession = {
  ...{ id: "s".repeat(43) as SessionId, userId: "alice", identitySource: "passwords", device, era: "1" },
  ...{ createdAt: NOW, lastSeenAt: NOW, idleExpiresAt: NOW + 1000, expiresAt: NOW + 2000 },
  contention: { devices: [device, device], displacements: 5 },
};
const removal = { session, at: NOW, byTtl: true, ending: undefined, era: "1" };
const place = { ...device, before: { ...device, label: "curl on Linux" }, switches: [{}, {}] };
const suspected = suspectedEvent(session, { suspectedAt: NOW + 500, place });
const events = [...startEvents(session), endEvent(removal), suspected, eventsLost(NOW)];
const toldAs = (detail: (typeof events)[number]) => ({
  source: EVENT_SOURCE,
  "detail-type": detailTypeOf(detail.kind),
  detail,
});

test.each(events.map((event) => [event.kind, event] as const))(
  "an event %s is as the schema says, and has nothing that the schema does not name",
  (_, event) => {
    expect(problemsOfEvent(toldAs(event))).toEqual([]);
    const schemas = eventsDocument()["$defs"] as Record<
      string,
      { properties: Record<string, { const?: string }> }
    >;
    const properties = Object.values(schemas).find(
      ({ properties: { kind } }) => kind?.const === event.kind,
    )?.properties;
    expect(Object.keys(properties ?? {})).toEqual(expect.arrayContaining(Object.keys(event)));
  },
);

test("an event with another's detail, another source or a time that is none is not; one with a new member is", () => {
  const [started, , ended] = events.map(toldAs);
  expect(problemsOfEvent({ ...started, detail: ended!.detail })).not.toEqual([]);
  expect(problemsOfEvent({ ...started, source: "aws.events" })).not.toEqual([]);
  expect(problemsOfEvent({ ...started, detail: { ...started!.detail, time: "yesterday" } })).not.toEqual([]);
  expect(problemsOfEvent({ ...started, detail: { ...started!.detail, added: 1 }, resources: [] })).toEqual(
    [],
  );
});
