import { RemovalPolicy } from "aws-cdk-lib";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import { checkCache } from "./authorizer.ts";
import { readBaseline, type BaselineProps } from "./baseline.ts";
import type { FunctionId } from "./function-ids.ts";
import { functionIdsOf } from "./functions-asked-for.ts";
import { SettingError, type GivenSetting } from "./settings/setting-error.ts";
import { toBoolean, toOneOf } from "./settings/setting-values.ts";
import { checkPropNames, readSettings, type Settings } from "./settings/settings.ts";
import { OTHER_PROPS, type SingleSessionProps } from "./single-session-props.ts";

/** The props of a `SingleSession`, checked; what was not given has its default. */
export interface CheckedProps {
  readonly settings: Settings;
  /** The functions that routes and callers invoke. */
  readonly called: readonly FunctionId[];
  readonly baseline: BaselineProps;
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
  readonly logRetention: RetentionDays;
}

/** DynamoDB's tables have no snapshot for CloudFormation to take. */
const REMOVAL_POLICIES = Object.values(RemovalPolicy).filter((policy) => policy !== RemovalPolicy.SNAPSHOT);
const RETENTION_DAYS: readonly unknown[] = Object.values(RetentionDays).filter(Number);
const ACCEPTED_RETENTION = `a member of RetentionDays: ${RETENTION_DAYS.join(", ")} (9999: for ever)`;

/** @throws {@link SettingError} for the first prop that cannot be right. */
export function readProps(props: SingleSessionProps): CheckedProps {
  checkPropNames(props, OTHER_PROPS);
  const settings = readSettings(props);
  const { called, others } = functionIdsOf(settings);
  const baseline = readBaseline(props, [...called, ...others]);
  if (props.authorizerCache !== undefined) checkCache(props.authorizerCache);
  const removalPolicy = readIf(
    "removalPolicy",
    props.removalPolicy,
    (given) => toOneOf(given, REMOVAL_POLICIES),
    RemovalPolicy.RETAIN,
  );
  return {
    settings,
    called,
    baseline,
    removalPolicy,
    // What is to go with the stack could not.
    deletionProtection: readIf(
      "deletionProtection",
      props.deletionProtection,
      toBoolean,
      removalPolicy !== RemovalPolicy.DESTROY,
    ),
    logRetention: readIf("logRetention", props.logRetention, toRetention, RetentionDays.THREE_MONTHS),
  };
}

function readIf<T>(name: string, value: unknown, read: (given: GivenSetting) => T, otherwise: T): T {
  return value === undefined ? otherwise : read({ name, source: "prop", value });
}

function toRetention(given: GivenSetting): RetentionDays {
  if (!RETENTION_DAYS.includes(given.value)) throw SettingError.forValue(given, ACCEPTED_RETENTION);
  return given.value as RetentionDays;
}
