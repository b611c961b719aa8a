import { createContext, use, type ReactNode } from "react";
import type { ConsoleConfig } from "./config.ts";

const Context = createContext<ConsoleConfig | undefined>(undefined);

interface ConfigProviderProps {
  readonly config: ConsoleConfig;
  readonly children: ReactNode;
}

/** Gives the configuration of the deployment to every page. */
export function ConfigProvider({ config, children }: ConfigProviderProps): ReactNode {
  return <Context value={config}>{children}</Context>;
}

/** What the deployment has. @throws Error outside of {@link ConfigProvider}. */
export function useConfig(): ConsoleConfig {
  const config = use(Context);
  if (config === undefined) throw new Error("there is no configuration here");
  return config;
}
