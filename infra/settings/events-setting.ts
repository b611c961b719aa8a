import type { EventBus, IEventBus } from "aws-cdk-lib/aws-events";
import { isDeployTime } from "../deploy-time.ts";
import { SettingError, type GivenSetting } from "./setting-error.ts";
import { fieldsOf } from "./setting-fields.ts";
import { ACCEPTED_BOOLEANS, asBoolean, fromJsonText, toBoolean } from "./setting-values.ts";

/** How sessions tell what happens to them. */
export interface SessionEventOptions {
  /**
   * The bus of Amazon EventBridge that gets the events: of the stack's Region, and of any account.
   * @default the account's default bus
   */
  readonly bus?: EventBus | IEventBus;
  /**
   * Whether the page of a session that ends is told at once, by AWS AppSync Events. It costs while a page
   * is connected; asking each 3 s costs some 150 times as much.
   * @default true
   */
  readonly push?: boolean;
  /**
   * Whether what happened is kept for people to read: 90 days of a user's sign-ins, 35 days of everybody's,
   * counters by the hour, and who may share an account (`docs/design/activity.md`).
   * @default true
   */
  readonly activity?: boolean;
}

/** The setting `events`, read. */
export interface EventsSetting {
  readonly bus?: EventBus | IEventBus;
  readonly push: boolean;
  readonly activity: boolean;
}

const FIELDS = { bus: true, push: true, activity: true } as const satisfies Record<
  keyof SessionEventOptions,
  true
>;
const ALL_ON: EventsSetting = { push: true, activity: true };
const ALSO = `${ACCEPTED_BOOLEANS}, or `;
const ACCEPTED = `${ALSO}an object with ${Object.keys(FIELDS).join(", ")}`;

/**
 * Whether sessions tell what happens to them, and how; `undefined` where they do not.
 * @throws {@link SettingError} naming the field.
 */
export function readEvents(given: GivenSetting | undefined): EventsSetting | undefined {
  if (given === undefined) return ALL_ON;
  const setting = { ...given, value: fromJsonText(given, ACCEPTED) };
  const isOn = asBoolean(setting.value);
  if (isOn !== undefined) return isOn ? ALL_ON : undefined;
  const { bus, push, activity } = fieldsOf<SessionEventOptions>(setting, FIELDS, { also: ALSO });
  return {
    ...(bus.value !== undefined && { bus: toBus(bus) }),
    push: push.value === undefined ? true : toBoolean(push),
    activity: activity.value === undefined ? true : toBoolean(activity),
  };
}

function toBus(given: GivenSetting): IEventBus {
  const { value } = given;
  if (typeof value === "object" && value !== null && !isDeployTime(value) && "eventBusArn" in value)
    return value as IEventBus;
  throw SettingError.forValue(given, "an EventBus of aws-events, given as a prop");
}
