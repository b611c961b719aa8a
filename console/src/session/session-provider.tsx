import { useQueryClient } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { SessionProvider as Provider, useSession } from "../../../client/react/index.ts";
import { own } from "../api/calls.ts";
import { NOT_SIGNED_IN, notSignedIn } from "../api/not-signed-in.ts";

/** Holds the page's session, as the package's own provider does. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Provider client={own}>
      <SessionEffects />
      {children}
    </Provider>
  );
}

/** What the session's changes mean to the rest of the page, and the other way round. */
function SessionEffects(): ReactNode {
  const { state, check } = useSession();
  const queries = useQueryClient();
  useEffect(() => {
    // Nothing of one user is left for the next.
    if (state.status === "signed-out") queries.clear();
  }, [state.status, queries]);
  useEffect(() => {
    notSignedIn.addEventListener(NOT_SIGNED_IN, check);
    return () => notSignedIn.removeEventListener(NOT_SIGNED_IN, check);
  }, [check]);
  return null;
}
