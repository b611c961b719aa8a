import { propsOf, readSources } from "../../infra/settings/setting-sources.ts";
import { readSettings, type Settings } from "../../infra/settings/settings.ts";

/** Sources of settings, of which a test gives what it is about. */
export interface Sources {
  readonly props?: object;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/**
 * The settings of these sources, as the app passes them on, on a machine where every policy function is one.
 */
export function read({ props = {}, environment = {}, context = {} }: Sources): Settings {
  const passedOn = propsOf(
    readSources(
      (name) => environment[name],
      (name) => context[name],
    ),
  );
  return readSettings(
    { ...passedOn, ...props },
    { folder: "/nowhere", prove: () => ({ outcome: "function" }) },
  );
}

/** The message that something is refused with. @throws Error where it is not. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}
