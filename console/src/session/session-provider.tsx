import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { toSessionEnded, watchSession, type SessionEnded } from "../../../client/watch-session.ts";
import { logIn, logOut, whoAmI } from "../api/calls.ts";
import { noteAnswer } from "../api/connection.ts";
import { NOT_SIGNED_IN, notSignedIn } from "../api/not-signed-in.ts";
import { SessionContext } from "./session-context.ts";
import type { SessionAccess, SessionState } from "./session-state.ts";
import { useActivity } from "./use-activity.ts";

/** Holds the page's session, watches it, and records that somebody is at work. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [state, setState] = useState<SessionState>({ status: "asking" });
  // While the page itself replaces or ends its session, an answer about the old one would be news to nobody.
  const [isChanging, setChanging] = useState(false);
  const watching = useRef<AbortController>(undefined);
  /**
   * How often the page has changed its session: an answer asked for before a change says nothing after it.
   */
  const changes = useRef(0);
  const queries = useQueryClient();

  const sessionId = state.status === "signed-in" && state.ended === undefined ? state.session.id : undefined;
  useEffect(() => {
    if (sessionId === undefined || isChanging) return;
    const controller = new AbortController();
    watching.current = controller;
    watchSession({
      onEnded: (ended) => setState(ending(ended)),
      signal: controller.signal,
      fetch: (url, init) => noting(fetch(url, init), controller.signal),
    });
    return () => controller.abort();
  }, [sessionId, isChanging]);

  const access = useMemo<SessionAccess>(() => {
    async function ask(options: { readonly watch?: true } = {}): Promise<void> {
      const askedAt = changes.current;
      const answer = await whoAmI(options);
      if (askedAt === changes.current) setState((before) => asked(before, answer));
    }
    async function changing<T>(change: () => Promise<T>): Promise<T> {
      watching.current?.abort();
      changes.current++;
      setChanging(true);
      try {
        return await change();
      } finally {
        changes.current++;
        setChanging(false);
      }
    }
    return {
      state,
      askAgain: () => {
        setState((before) => (before.status === "signed-in" ? before : { status: "asking" }));
        void ask();
      },
      check: () => void ask({ watch: true }),
      logIn: (login) =>
        changing(async () => {
          const answer = await logIn(login);
          if (answer.outcome === "ok") {
            const { user, session } = answer.value;
            setState({ status: "signed-in", user, session });
          }
          return answer;
        }),
      logOut: () =>
        changing(async () => {
          const answer = await logOut();
          if (answer.outcome === "ok") {
            setState({ status: "signed-out" });
            queries.clear();
          }
          return answer;
        }),
      leave: () => {
        setState((before) => ({
          status: "signed-out",
          ...(before.status === "signed-in" && { again: before.user.id }),
        }));
        queries.clear();
      },
    };
  }, [state, queries]);

  const first = useRef(access.askAgain);
  useEffect(() => first.current(), []);
  useEffect(() => {
    notSignedIn.addEventListener(NOT_SIGNED_IN, access.check);
    return () => notSignedIn.removeEventListener(NOT_SIGNED_IN, access.check);
  }, [access.check]);
  useActivity(sessionId === undefined ? undefined : access.askAgain);
  return <SessionContext value={access}>{children}</SessionContext>;
}

/** Whether the watching gets answers tells of the connection as well. An end of the watching says nothing. */
async function noting(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  try {
    const response = await answer;
    noteAnswer(true);
    return response;
  } catch (error) {
    if (!signal.aborted) noteAnswer(false);
    throw error;
  }
}

function ending(ended: SessionEnded): (before: SessionState) => SessionState {
  return (before) =>
    before.status === "signed-in"
      ? { ...before, ended: before.ended ?? ended }
      : { status: "signed-out", ended };
}

/** What an answer to "who am I" makes of what was known before. */
function asked(before: SessionState, answer: Awaited<ReturnType<typeof whoAmI>>): SessionState {
  if (answer.outcome === "ok") {
    // An ended session stays so below its notice, whoever signed in meanwhile in another tab.
    return before.status === "signed-in" && before.ended !== undefined
      ? before
      : { status: "signed-in", ...answer.value };
  }
  const ended = answer.outcome === "refused" ? toSessionEnded(answer.problem.body) : undefined;
  if (ended !== undefined) {
    const isNews = before.status === "signed-in" || ended.code !== "no_session";
    return isNews ? ending(ended)(before) : { status: "signed-out" };
  }
  return before.status === "signed-in" ? before : { status: "unsure", failure: answer };
}
