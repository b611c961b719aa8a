import { Token, type Duration } from "aws-cdk-lib";
import type { ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { fieldsOf } from "../settings/setting-fields.ts";
import { nameOf, SettingError, type GivenSetting } from "../settings/setting-error.ts";
import { asBoolean, toBoolean, toMilliseconds, toWholeNumber } from "../settings/setting-values.ts";
import {
  ALARMS,
  OBJECTIVE_ALARMS,
  THRESHOLD_ALARMS,
  type AlarmDefinition,
  type AlarmName,
  type ObjectiveAlarm,
  type ThresholdAlarm,
} from "./alarms.ts";

/** When one alarm goes off. What is not given stays as it is by default. */
export interface AlarmOptions {
  /** It goes off at this value and above, in one period. */
  readonly threshold?: number;
  /** `5m` or a `Duration`; whole minutes, at most a day. */
  readonly period?: string | Duration;
  /** How many periods are looked at, 1 to 100; together at most a day. */
  readonly evaluationPeriods?: number;
  /** In how many of those it has to be so. */
  readonly datapointsToAlarm?: number;
}

/** What is promised, as a percentage over 30 days: 90 to 99.999. */
export interface Objectives {
  /**
   * Validations that are answered, with a yes or a reasoned no.
   * @default 99.9
   */
  readonly validations?: number;
  /**
   * Revocations that take effect.
   * @default 99.9
   */
  readonly revocations?: number;
}

/** Options of `SingleSession.monitor`. */
export interface MonitorProps {
  /**
   * Where alarms go, also as an ARN. Its policy, and that of its key, are made to allow it where this app
   * makes them.
   * @default none: the alarms only show their state, and the synth says so
   */
  readonly alarmTopic?: Topic | ITopic | string;
  /**
   * Where it is told that an alarm is over. Each alarm tells it once when it is new, too.
   * @default none
   */
  readonly okTopic?: Topic | ITopic | string;
  /**
   * 1 to 255 letters, digits, hyphens and underscores; `false`: no dashboard.
   * @default `<stack>-<construct>`, or the `namePrefix` of the sessions
   */
  readonly dashboardName?: string | false;
  /** Alarms that are to be different, by their names; `false` leaves one out. */
  readonly alarms?: Readonly<
    Partial<Record<ThresholdAlarm, AlarmOptions | false> & Record<ObjectiveAlarm, false>>
  >;
  /** What the alarms `slo-validations` and `slo-revocations` hold the service to. */
  readonly objectives?: Objectives;
  /**
   * Whether the queries of the runbook are saved in CloudWatch Logs Insights.
   * @default true
   */
  readonly savedQueries?: boolean;
}

/** What {@link readMonitorProps} makes of the props. */
export interface MonitorSettings extends Pick<MonitorProps, "alarmTopic" | "okTopic" | "dashboardName"> {
  readonly alarms: Readonly<Record<ThresholdAlarm, AlarmDefinition | false>>;
  readonly objectives: Readonly<Record<ObjectiveAlarm, number | false>>;
  readonly savedQueries: boolean;
}

const FIELDS = {
  alarmTopic: true,
  okTopic: true,
  dashboardName: true,
  alarms: true,
  objectives: true,
  savedQueries: true,
} as const satisfies Record<keyof MonitorProps, true>;

/** Of the objectives: the alarm of each. */
const OBJECTIVES = {
  "slo-validations": "validations",
  "slo-revocations": "revocations",
} as const satisfies Record<ObjectiveAlarm, keyof Objectives>;
const DEFAULT_OBJECTIVE = 99.9;

const DASHBOARD_NAME = /^[\w-]{1,255}$/;
const MINUTES_IN_A_DAY = 1440;

/**
 * The options of the monitor, checked.
 * @throws SettingError
 */
export function readMonitorProps(given: GivenSetting): MonitorSettings {
  const fields = fieldsOf<MonitorProps>(given, FIELDS);
  const { dashboardName, savedQueries } = fields;
  checkTopic(fields.alarmTopic);
  checkTopic(fields.okTopic);
  const name = dashboardName.value;
  if (name !== undefined && name !== false && !isDashboardName(name))
    throw SettingError.forValue(dashboardName, "1 to 255 letters, digits, hyphens and underscores, or false");
  if (savedQueries.value !== undefined && asBoolean(savedQueries.value) === undefined)
    throw SettingError.forValue(savedQueries, "true or false");
  const { alarmTopic, okTopic } = given.value as MonitorProps;
  return {
    ...(alarmTopic !== undefined && { alarmTopic }),
    ...(okTopic !== undefined && { okTopic }),
    ...(name !== undefined && { dashboardName: name as string | false }),
    savedQueries: asBoolean(savedQueries.value) ?? true,
    ...readAlarms(fields.alarms, fields.objectives),
  };
}

const isDashboardName = (name: unknown): boolean =>
  typeof name === "string" && !Token.isUnresolved(name) && DASHBOARD_NAME.test(name);

function checkTopic(given: GivenSetting): void {
  const { value } = given;
  if (value === undefined || (typeof value === "object" && value !== null && "topicArn" in value)) return;
  if (typeof value === "string" && (Token.isUnresolved(value) || /^arn:[^:]+:sns:.+/.test(value))) return;
  throw SettingError.forValue(given, "a Topic of aws-sns, or the ARN of one");
}

function readAlarms(
  alarms: GivenSetting,
  objectives: GivenSetting,
): Pick<MonitorSettings, "alarms" | "objectives"> {
  const names = [...THRESHOLD_ALARMS, ...(Object.keys(OBJECTIVE_ALARMS) as ObjectiveAlarm[])];
  const known = Object.fromEntries(names.map((name) => [name, true])) as Record<AlarmName, true>;
  const given = fieldsOf<Record<AlarmName, unknown>>({ ...alarms, value: alarms.value ?? {} }, known);
  const asked = fieldsOf<Objectives>(
    { ...objectives, value: objectives.value ?? {} },
    { validations: true, revocations: true },
  );
  return {
    alarms: Object.fromEntries(
      THRESHOLD_ALARMS.map((name) => [name, toDefinition(given[name], ALARMS[name])]),
    ) as unknown as MonitorSettings["alarms"],
    objectives: Object.fromEntries(
      (Object.keys(OBJECTIVES) as ObjectiveAlarm[]).map((name) => {
        const off = given[name].value;
        if (off !== undefined && off !== false) throw SettingError.forValue(given[name], "false");
        return [name, off === false ? false : toObjective(asked[OBJECTIVES[name]])];
      }),
    ) as unknown as MonitorSettings["objectives"],
  };
}

function toObjective(given: GivenSetting): number {
  const { value } = given;
  if (value === undefined) return DEFAULT_OBJECTIVE;
  if (typeof value === "number" && value >= 90 && value <= 99.999) return value;
  throw SettingError.forValue(given, "a percentage from 90 to 99.999");
}

function toDefinition(given: GivenSetting, usual: AlarmDefinition): AlarmDefinition | false {
  if (given.value === undefined) return usual;
  if (given.value === false) return false;
  const fields = fieldsOf<AlarmOptions>(
    given,
    { threshold: true, period: true, evaluationPeriods: true, datapointsToAlarm: true },
    { also: "false, or " },
  );
  const whole = (field: GivenSetting, otherwise: number, most: number): number =>
    field.value === undefined ? otherwise : toWholeNumber(field, 1, most);
  const minutes = fields.period.value === undefined ? usual.minutes : toMinutes(fields.period);
  const evaluationPeriods = whole(fields.evaluationPeriods, usual.evaluationPeriods, 100);
  if (minutes * evaluationPeriods > MINUTES_IN_A_DAY)
    throw new SettingError(
      `${nameOf(given)} looks at ${minutes * evaluationPeriods} minutes`,
      `evaluationPeriods times period of at most ${MINUTES_IN_A_DAY} minutes`,
    );
  return {
    ...usual,
    threshold: toThreshold(fields.threshold, usual.threshold),
    minutes,
    evaluationPeriods,
    datapointsToAlarm: whole(
      fields.datapointsToAlarm,
      Math.min(usual.datapointsToAlarm, evaluationPeriods),
      evaluationPeriods,
    ),
  };
}

function toThreshold(given: GivenSetting, otherwise: number): number {
  const { value } = given;
  if (value === undefined) return otherwise;
  if (typeof value === "number" && !Token.isUnresolved(value) && value > 0 && Number.isFinite(value))
    return value;
  throw SettingError.forValue(given, "a number above 0");
}

function toMinutes(given: GivenSetting): number {
  const minutes = toMilliseconds(given) / 60_000;
  if (Number.isInteger(minutes) && minutes <= MINUTES_IN_A_DAY) return minutes;
  throw SettingError.forValue(given, "whole minutes, at most a day");
}

/**
 * Whether the app is monitored: `false`, unless it is said otherwise, or how.
 * @throws SettingError for what is neither a boolean nor an object of options.
 */
export function readMonitorSetting(given: GivenSetting): false | MonitorProps {
  const { value } = given;
  if (value === undefined || value === null) return false;
  if (typeof value !== "object") return toBoolean(given) ? {} : false;
  readMonitorProps(given);
  return value;
}
