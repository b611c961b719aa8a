import type { IConstruct } from "constructs";
import { propsOf, readSources } from "./setting-sources.ts";
import { toBoolean } from "./setting-values.ts";
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
  readonly console?: boolean;
}

/**
 * The same for `SingleSessionStack`, with the context `console`: `new SingleSessionStack(app, "S",
 * stackPropsFromContext(app))`.
 * @throws SettingError also for a `console` that is no boolean.
 */
export function stackPropsFromContext(
  scope: IConstruct,
  environment: Environment = process.env,
): StackPropsFromContext {
  const value = (scope.node.tryGetContext("console") as unknown) ?? undefined;
  return {
    sessions: settingsFromContext(scope, environment),
    ...(value !== undefined && { console: toBoolean({ name: "console", source: "context", value }) }),
  };
}
