import { useCallback, useEffect, useState } from "react";
import { toSessionEnded, watchSession, type SessionEnded } from "serverless-single-session/client";

export type SessionState =
  | { readonly status: "loading" }
  | { readonly status: "unavailable" }
  | { readonly status: "live"; readonly userId: string }
  /** `ended` says why, where a session of this page ended. */
  | { readonly status: "signed-out"; readonly ended?: SessionEnded };

/**
 * The session of this page. While it is live it is watched, so that the page knows within seconds that it
 * ended.
 */
export function useSession(): { state: SessionState; refresh: () => Promise<void> } {
  const [state, setState] = useState<SessionState>({ status: "loading" });

  const refresh = useCallback(async () => {
    setState(await readSession().catch((): SessionState => ({ status: "unavailable" })));
  }, []);
  useEffect(() => void refresh(), [refresh]);

  useEffect(() => {
    if (state.status !== "live") return undefined;
    const watching = new AbortController();
    watchSession({
      signal: watching.signal,
      onEnded: (ended) => setState({ status: "signed-out", ended }),
    });
    return () => watching.abort();
  }, [state.status]);

  return { state, refresh };
}

async function readSession(): Promise<SessionState> {
  const response = await fetch("/session");
  const body: unknown = await response.json();
  if (response.ok) return { status: "live", userId: (body as { user: { id: string } }).user.id };
  const ended = response.status === 401 ? toSessionEnded(body) : undefined;
  if (ended === undefined) return { status: "unavailable" };
  return ended.code === "no_session" ? { status: "signed-out" } : { status: "signed-out", ended };
}
