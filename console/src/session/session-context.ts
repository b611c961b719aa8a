import { createContext, use } from "react";
import type { SignedIn } from "../../../src/api/get-session.ts";
import type { SessionAccess } from "./session-state.ts";

export const SessionContext = createContext<SessionAccess | undefined>(undefined);

/** @throws Error outside of the session provider. */
export function useSession(): SessionAccess {
  const access = use(SessionContext);
  if (access === undefined) throw new Error("there is no session provider here");
  return access;
}

/** Who is signed in, for pages that are shown to nobody else. @throws Error where nobody is. */
export function useSignedIn(): SignedIn {
  const { state } = useSession();
  if (state.status !== "signed-in") throw new Error("nobody is signed in");
  return state;
}
