"use client";

import { createContext, useContext, useSyncExternalStore } from "react";
import type { SessionKeeper, SessionState } from "../session-keeper.ts";
import type { SignedInView } from "../../src/api/parts/shapes.ts";

export const SessionContext = createContext<SessionKeeper | undefined>(undefined);

/** The session of this page, and what can be done with it. */
export interface SessionAccess extends Omit<SessionKeeper, "state" | "subscribe" | "start"> {
  readonly state: SessionState;
}

/**
 * The session of this page. The component renders again when it changes. The functions stay the same.
 * @throws Error outside of a `SessionProvider`.
 */
export function useSession(): SessionAccess {
  const keeper = useContext(SessionContext);
  if (keeper === undefined) throw new Error("useSession needs a <SessionProvider> around the component");
  const state = useSyncExternalStore(keeper.subscribe, keeper.state, keeper.state);
  const { client, askAgain, check, leave, logIn, logOut } = keeper;
  return { state, client, askAgain, check, leave, logIn, logOut };
}

/**
 * Who is signed in, for components that are shown to nobody else.
 * @throws Error where nobody is, and outside of a `SessionProvider`.
 */
export function useSignedIn(): SignedInView {
  const { state } = useSession();
  if (state.status !== "signed-in") throw new Error("useSignedIn is for components shown to signed-in users");
  return state;
}
