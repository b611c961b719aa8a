"use client";

import { useEffect, useState, type ReactNode } from "react";
import { createSessionClient, type SessionClient } from "../session-client.ts";
import { createSessionKeeper, type KeeperOptions } from "../session-keeper.ts";
import { SessionContext } from "./session-context.ts";

export interface SessionProviderProps extends KeeperOptions {
  /** @default createSessionClient(): the routes of the page's own origin, with the cookie */
  readonly client?: SessionClient;
  readonly children?: ReactNode;
}

/**
 * Holds the session of the page for `useSession`: asks who is signed in, watches the session while it is
 * live, and records that somebody is at work. The first props count.
 */
export function SessionProvider({ client, children, ...options }: SessionProviderProps): ReactNode {
  const [keeper] = useState(() => createSessionKeeper(client ?? createSessionClient(), options));
  useEffect(() => keeper.start(), [keeper]);
  return <SessionContext.Provider value={keeper}>{children}</SessionContext.Provider>;
}
