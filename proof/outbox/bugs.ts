import type { Mutation } from "../mutations/mutation.ts";

const DELIVER = "src/outbox/deliver.ts";
const EVENT_ID = "src/outbox/event-id.ts";
const HANDLER = "functions/outbox-handler.ts";
const HINTS = "src/outbox/hints.ts";
const HOW_ENDED = "src/outbox/how-ended.ts";
const MAKE_EVENTS = "src/outbox/make-events.ts";
const OUTBOX = "src/outbox/outbox.ts";
const READ_ENDINGS = "src/outbox/read-endings.ts";
const RECORD = "src/outbox/stream-record.ts";

/** A rule of the outbox that is left out, and what the search then says. */
export interface OutboxBug extends Omit<Mutation, "caughtBy"> {
  readonly says: RegExp;
}

/** The rules of the outbox (src/outbox), each left out or turned round: none is there for nothing. */
export const OUTBOX_BUGS: readonly OutboxBug[] = [
  {
    name: "endings by plain reads only",
    about: "Beside the transaction that ends a session its ending may not be visible yet.",
    says: /right is one of|before the ending is readable/,
    patches: [
      {
        file: READ_ENDINGS,
        find: "  await Promise.all(\n    missing.map(",
        replace: "  await Promise.all(\n    missing.slice(0, 0).map(",
      },
    ],
  },
  {
    name: "endings that cannot be read are taken for none",
    about: "A database that is throttled for a while makes reasons that are wrong for ever.",
    says: /right is one of|before the ending is readable/,
    patches: [
      {
        file: OUTBOX,
        find: "    return { readings: readings.slice(0, readings.findIndex(needsEnding)), endings: NO_ENDINGS };",
        replace: "    return { readings: needsEnding === undefined ? [] : readings, endings: NO_ENDINGS };",
      },
    ],
  },
  {
    name: "an ending counts whatever the session did after it",
    about: "A revocation that ran out of time leaves an ending of a session that lives on.",
    says: /right is one of/,
    patches: [
      {
        file: HOW_ENDED,
        find: "  if (ending !== undefined && ending.endedAt + CLOCKS_DIFFER_MS >= session.lastSeenAt) {",
        replace: "  if (ending !== undefined) {",
      },
    ],
  },
  {
    name: "what TTL removed is judged like the rest",
    about: "An ending that a revocation left would say that an expired session was revoked.",
    says: /right is one of|TTL removed/,
    patches: [
      {
        file: RECORD,
        find: "?.principalId === TTL_PRINCIPAL;",
        replace: '?.principalId === "nobody";',
      },
    ],
  },
  {
    name: "a drop of what expired is unknown",
    about: "Commits delete expired sessions by ordinary deletes.",
    says: /right is one of/,
    patches: [
      {
        file: HOW_ENDED,
        find: "  if (timeoutOf(session) <= at + CLOCKS_DIFFER_MS) return",
        replace: "  if (timeoutOf(session) <= 0) return",
      },
    ],
  },
  {
    name: "sessions of another era end for no reason",
    about: "Changing the era ends everybody's session, and each is told when its user comes back.",
    says: /right is one of/,
    patches: [
      { file: HOW_ENDED, find: "  if (session.era !== era)", replace: '  if (session.era === "none")' },
    ],
  },
  {
    name: "the time of an expired session is that of its removal",
    about: "TTL is days late.",
    says: /right is one of/,
    patches: [
      {
        file: HOW_ENDED,
        find: '  if (byTtl) return { reason: "expired", time: timeoutOf(session) };',
        replace: '  if (byTtl) return { reason: "expired", time: at };',
      },
    ],
  },
  {
    name: "a restore is told",
    about: "Who copies a backup in tells the whole company that everybody has just signed in.",
    says: /which no record of the batch says/,
    patches: [{ file: RECORD, find: "<= LONGEST_LOGIN_MS", replace: "<= Number.MAX_SAFE_INTEGER" }],
  },
  {
    name: "ids by chance",
    about: "Consumers cannot drop repeats.",
    says: /the id of/,
    patches: [
      {
        file: EVENT_ID,
        find: "    .update(JSON.stringify([HASHED_FORM, kind, of]))",
        replace: "    .update(JSON.stringify([HASHED_FORM, kind, of, Math.random()]))",
      },
    ],
  },
  {
    name: "entries that the bus refused are not looked at",
    about: "PutEvents answers 200 and says of each entry whether it was taken.",
    says: /was told nowhere|before its start|others may be lost/,
    patches: [
      {
        file: DELIVER,
        find: 'const refusal = index < answers.length ? answers[index] : { code: "NoAnswer" };',
        replace: "const refusal = answers.length < 0 ? answers[index] : undefined;",
      },
    ],
  },
  {
    name: "what the bus refused goes nowhere",
    about: "There is no queue.",
    says: /was told nowhere|before its start|others may be lost/,
    patches: [{ file: OUTBOX, find: "  untold.push(...untoldEvents);", replace: "" }],
  },
  {
    name: "what the queue refused, too, is forgotten",
    about: "No record is ever answered as failed.",
    says: /was told nowhere|before its start|others may be lost/,
    patches: [
      {
        file: HANDLER,
        find: "failedFrom === undefined ? [] : [failureOf(failedFrom)]",
        replace: "failedFrom === undefined ? [] : [failureOf(failedFrom)].slice(1)",
      },
    ],
  },
  {
    name: "the last record that failed is answered, not the first",
    about: "Lambda goes on from there, and what failed before is lost.",
    says: /was told nowhere|before its start|others may be lost/,
    patches: [
      {
        file: OUTBOX,
        find: "const failed = Math.min(...dropped.map(({ index }) => index), readings.length);",
        replace:
          "const failed = dropped.length === 0 ? readings.length : Math.max(...dropped.map(({ index }) => index));",
      },
    ],
  },
  {
    name: "events in any order",
    about: "A session's end is told before its start.",
    says: /before its start/,
    patches: [
      {
        file: DELIVER,
        find: "    const turn = turnOf(one.thing);",
        replace: "    const turn = turnOf(one.thing) + String(later.length + first.length);",
      },
    ],
  },
  {
    name: "hints before the endings were read",
    about: "The page asks, and is told that nobody knows its session.",
    says: /before the ending is readable/,
    patches: [
      {
        file: OUTBOX,
        find: "  const { readings, endings } = await readBatch(dependencies, records);\n  const hintsFailed = await sendHints(dependencies, readings);",
        replace:
          "  const hintsFailed = await sendHints(dependencies, records.map(readRecord));\n  const { readings, endings } = await readBatch(dependencies, records);",
      },
    ],
  },
  {
    name: "hints for what TTL removed",
    about: "Nobody waits for them, and they come by thousands.",
    says: /that TTL removed/,
    patches: [{ file: HINTS, find: "reading.byTtl || ", replace: "" }],
  },
  {
    name: "hints for what is long over",
    about: "After an outage the pages of a day are told to ask at once.",
    says: /more than a minute ago/,
    patches: [{ file: HINTS, find: "now - reading.at > LATEST_MS", replace: "now < reading.at - LATEST_MS" }],
  },
  {
    name: "the whole device is told",
    about: "User agent and address leave the account with every event.",
    says: /more than its schema says|something secret/,
    patches: [
      {
        file: MAKE_EVENTS,
        find: 'const namedDevice = ({ label, class: deviceClass }: SeenSession["device"]) => ({ label, class: deviceClass });',
        replace: 'const namedDevice = (device: SeenSession["device"]) => device;',
      },
      {
        file: RECORD,
        find: "const DEVICE = z.object(",
        replace: "const DEVICE = z.looseObject(",
      },
    ],
  },
  {
    name: "nobody is told that events may be lost",
    about: "The stream forgets after 24 hours, and no destination gets what it forgot.",
    says: /and not that others may be lost/,
    patches: [
      { file: OUTBOX, find: "    if (now - at > NEARLY_FORGOTTEN_MS &&", replace: "    if (now - at < 0 &&" },
    ],
  },
  {
    name: "records that make no sense are passed over",
    about: "A change of the item's form would end all events without a word.",
    says: /unreadable of .* was told nowhere/,
    patches: [
      {
        file: OUTBOX,
        find: '    if (reading.reading !== "unreadable") return [];',
        replace: '    if (reading.reading !== "unreadable" || index >= 0) return [];',
      },
    ],
  },
  {
    name: "contention is not told",
    about: "The sign of a shared account is in a log line only.",
    says: /contention of .* was told nowhere/,
    patches: [
      {
        file: MAKE_EVENTS,
        find: "  if (contention === undefined) return [started];",
        replace: "  if (contention?.displacements !== 0) return [started];",
      },
    ],
  },
];
