import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { DOCUMENTATION_URL } from "../../src/api/parts/problem-type.ts";

/** When an alarm goes off, unless it is set otherwise. */
export interface AlarmDefinition {
  /** What has happened, in its description. */
  readonly summary: string;
  /** It goes off at this value and above. */
  readonly threshold: number;
  /** The length of a period. */
  readonly minutes: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** What a period without a value means. */
  readonly missingData: TreatMissingData;
}

/** Most metrics have no value where nothing happened. */
const NOTHING_HAPPENED = TreatMissingData.NOT_BREACHING;
/** SQS may stop telling of a queue that nobody asks for anything, with the message still in it. */
const AS_BEFORE = TreatMissingData.IGNORE;

const once = (summary: string, threshold = 1, minutes = 5): AlarmDefinition => ({
  summary,
  threshold,
  minutes,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  missingData: NOTHING_HAPPENED,
});

/**
 * The alarms by their names; each has a page in `docs/operate/alarms/`. Those of the objectives are in
 * {@link OBJECTIVE_ALARMS}.
 */
export const ALARMS = {
  "function-errors": once("A function failed: it did not load, ran out of time, or threw."),
  "function-throttles": once("Lambda refused to run a function: too many ran at once."),
  "api-errors": once("The API answered 5xx.", 5),
  unavailable: once("The database or an identity provider could not be asked; callers got 503.", 5),
  faults: once("A call failed for no reason that is foreseen; the caller got 500."),
  "policy-faults": once("The session policy function failed, and logins were refused."),
  "touches-failed": once("The activity of live sessions could not be recorded; they expire too early.", 5),
  "database-throttled": once("DynamoDB refused requests to a table: too many at once.", 10),
  "revocations-unfinished": once(
    "An administrators' logout ran out of time; some users are still signed in.",
  ),
  "revocations-lost": {
    ...once("An event of a revocation was not carried out; somebody may be signed in who should not be."),
    missingData: AS_BEFORE,
  },
  "outbox-behind": once("What happened to sessions is told more than 5 minutes late.", 300),
  "outbox-silent": {
    ...once("The sessions table changes, and nothing reads its stream: after 24 hours events are lost."),
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
  },
  "events-untold": {
    ...once("Events wait in a queue: the bus did not take them."),
    missingData: AS_BEFORE,
  },
  "events-dropped": once("Neither the bus nor the queue took an event; it is lost unless that ends in time."),
  "events-lost": once("The outbox reads changes that are nearly a day old; some before them may be lost."),
  "hints-failed": once("Pages were not told that their session has ended; they find out when they ask.", 10),
  guessing: once("Many logins failed or were throttled: somebody may be guessing passwords.", 100),
  contention: once("Many pairs of devices keep displacing each other: shared accounts.", 10, 60),
} as const satisfies Record<string, AlarmDefinition>;

/** An alarm that has a threshold. */
export type ThresholdAlarm = keyof typeof ALARMS;
export const THRESHOLD_ALARMS = Object.keys(ALARMS) as ThresholdAlarm[];

/** The alarms of the objectives: they go off when the allowance of a month is used up too fast. */
export const OBJECTIVE_ALARMS = {
  "slo-validations": "Validations fail so often that the month's allowance will not last.",
  "slo-revocations": "Revocations fail so often that the month's allowance will not last.",
} as const satisfies Record<string, string>;
export type ObjectiveAlarm = keyof typeof OBJECTIVE_ALARMS;

/** An alarm of `sessions.monitor()`, and the name of its page. */
export type AlarmName = ThresholdAlarm | ObjectiveAlarm;
export const ALARM_NAMES: readonly AlarmName[] = [
  ...THRESHOLD_ALARMS,
  ...(Object.keys(OBJECTIVE_ALARMS) as ObjectiveAlarm[]),
];

/** Where the documentation tells what to do. */
export const runbookOf = (name: AlarmName): string => `${DOCUMENTATION_URL}operate/alarms/${name}`;
