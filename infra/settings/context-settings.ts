import type { IConstruct } from "constructs";
import type { ConsoleBranding } from "../console/branding.ts";
import { readConsoleContext } from "../console/console-setting.ts";
import { readMonitorSetting, type MonitorProps } from "../monitor/monitor-props.ts";
import type { GivenSetting } from "./setting-error.ts";
import { propsOf, readSources } from "./setting-sources.ts";
import type { SingleSessionProps } from "../single-session-props.ts";

/** Environment variables by name, as `process.env` has them. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings that the environment of the synth (`SINGLE_USER_SESSION`, `LOGOUT_ALL_SESSIONS`) and then the
 * CDK context give, as props: `new SingleSession(this, "Sessions", { ...settingsFromContext(this), era: "2"
 * })`. Props beside them win. The constructs themselves read props only, so that a context value of the same
 * name in somebody's app changes nothing.
 * @throws SettingError where a setting is given under both of its names. What a value cannot be is said by
 * the construct, which names the source: `idleTimeout (context)`.
 */
export function settingsFromContext(
  scope: IConstruct,
  environment: Environment = process.env,
): SingleSessionProps {
  return propsOf(
    readSources(
      (name) => environment[name],
      (name) => scope.node.tryGetContext(name) as unknown,
    ),
  );
}

/** What {@link stackPropsFromContext} gives: props of `SingleSessionStack`. */
export interface StackPropsFromContext {
  readonly sessions: SingleSessionProps;
  readonly console?: boolean | ConsoleBranding;
  readonly monitor?: boolean | MonitorProps;
}

/**
 * The same for `SingleSessionStack`, with the contexts `console` and `monitor`: `new SingleSessionStack(app,
 * "S", stackPropsFromContext(app))`.
 * @throws SettingError also for a `console` or a `monitor` that is neither a boolean nor options.
 */
export function stackPropsFromContext(
  scope: IConstruct,
  environment: Environment = process.env,
): StackPropsFromContext {
  const given = (name: string): GivenSetting => ({
    name,
    source: "context",
    value: (scope.node.tryGetContext(name) as unknown) ?? undefined,
  });
  const [console, monitor] = [given("console"), given("monitor")];
  return {
    sessions: settingsFromContext(scope, environment),
    ...(console.value !== undefined && { console: readConsoleContext(console) }),
    ...(monitor.value !== undefined && { monitor: readMonitorSetting(monitor) }),
  };
}
