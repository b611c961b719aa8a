import { readSettings, type Settings } from "../../infra/settings.ts";
import type { SettingSources } from "../../infra/setting-sources.ts";

/** Sources of settings, of which a test gives what it is about. */
export interface Sources {
  readonly props?: SettingSources["props"];
  readonly environment?: SettingSources["environment"];
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The settings of these sources, on a machine where every policy function is one. */
export function read({ props = {}, environment = {}, context = {} }: Sources): Settings {
  return readSettings(
    { props, environment, context: (name) => context[name] },
    { folder: "/nowhere", prove: () => ({ outcome: "function" }) },
  );
}
