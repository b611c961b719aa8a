import { onActivity } from "./activity.ts";
import type { SignedInView } from "../src/api/parts/shapes.ts";
import { expectKnown } from "./expect.ts";
import type { ApiAnswer, Failure } from "./request.ts";
import type { SessionClient } from "./session-client.ts";
import { toSessionEnded, type SessionEnded } from "./session-ended.ts";

/** Whether somebody is signed in on this page. */
export type SessionState =
  | { readonly status: "asking" }
  /** The API does not say. */
  | { readonly status: "unsure"; readonly failure: Failure }
  /**
   * `ended`: why not any more, where the browser still had a session's token. `again`: who was signed in, for
   * a person who comes from the notice of an ended session to sign in again. It is kept nowhere else, since
   * the next person at this computer may be another.
   */
  | { readonly status: "signed-out"; readonly ended?: SessionEnded; readonly again?: string }
  /** `ended`: the session has ended since; the page stays as it is below the notice. */
  | (SignedInView & { readonly status: "signed-in"; readonly ended?: SessionEnded });

export interface KeeperOptions {
  /** Milliseconds between two questions while no push connection tells of changes; see `watchSession`. */
  readonly intervalMs?: number;
  /** `false`: makes no push connection; see `watchSession`. @default true */
  readonly push?: boolean;
  /**
   * Records that somebody is at work: it asks `GET /session` when the page is used, at most every half
   * minute. Leave it off where the page's own calls record activity.
   * @default true
   */
  readonly recordActivity?: boolean;
}

/** The session of a page as a value that changes: what {@link SessionState} it is in, and what changes it. */
export interface SessionKeeper extends Pick<SessionClient, "logIn" | "logOut"> {
  readonly client: SessionClient;
  readonly state: () => SessionState;
  /** Calls `onChange` after each change. @returns what ends it. */
  readonly subscribe: (onChange: () => void) => () => void;
  /** Begins: asks who is signed in, and watches. @returns what ends it. */
  readonly start: () => () => void;
  /** Asks again who is signed in. */
  readonly askAgain: () => void;
  /** After a refusal as not signed in: finds out whether the session has ended, and why. */
  readonly check: () => void;
  /** Leaves the page of an ended session for the sign-in. */
  readonly leave: () => void;
}

const OPTIONS = ["intervalMs", "push", "recordActivity"] as const satisfies (keyof KeeperOptions)[];

/**
 * Holds a page's session, watches it, and records that somebody is at work.
 * @throws TypeError that names an option which there is not, and those that there are.
 */
export function createSessionKeeper(client: SessionClient, options: KeeperOptions = {}): SessionKeeper {
  expectKnown("createSessionKeeper", options, OPTIONS);
  const { recordActivity = true, ...watchOptions } = options;
  const listeners = new Set<() => void>();
  let state: SessionState = { status: "asking" };
  let watching: AbortController | undefined;
  let isStarted = false;
  /** While the page itself replaces or ends its session, news of the old one would be news to nobody. */
  let changing = 0;
  /** How often the page has changed its session: an answer asked for before a change says nothing after. */
  let changes = 0;

  function set(next: SessionState): void {
    if (next === state) return;
    const before = liveId(state);
    state = next;
    if (liveId(next) !== before) watch();
    for (const listener of listeners) listener();
  }

  function watch(): void {
    watching?.abort();
    watching = undefined;
    if (!isStarted || changing > 0 || liveId(state) === undefined) return;
    watching = new AbortController();
    const { signal } = watching;
    const onEnded = (ended: SessionEnded): void => set(endedState(state, ended));
    client.watch({ ...watchOptions, onEnded, signal });
    if (recordActivity) onActivity(() => void ask(false), signal);
  }

  async function ask(isWatch: boolean): Promise<void> {
    const askedAt = changes;
    const answer = await client.session({ watch: isWatch }).catch((mistake: unknown): Failure => {
      // eslint-disable-next-line no-console -- Nobody awaits this, and people are shown more than "asking".
      console.error(mistake);
      return { outcome: "unreachable" };
    });
    if (askedAt === changes) set(answeredState(state, answer));
  }

  async function change<T>(make: () => Promise<T>): Promise<T> {
    changes++;
    changing++;
    watch();
    try {
      return await make();
    } finally {
      changes++;
      changing--;
      watch();
    }
  }

  return {
    client,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    start() {
      isStarted = true;
      void ask(false);
      watch();
      return () => {
        isStarted = false;
        watch();
      };
    },
    askAgain() {
      if (state.status !== "signed-in") set({ status: "asking" });
      void ask(false);
    },
    check: () => void ask(true),
    logIn: (credentials, choice) => change(async () => signingIn(await client.logIn(credentials, choice))),
    logOut: () =>
      change(async () => {
        const answer = await client.logOut();
        if (answer.outcome === "ok") set({ status: "signed-out" });
        return answer;
      }),
    leave: () => set({ status: "signed-out", ...(state.status === "signed-in" && { again: state.user.id }) }),
  };

  type Login = Awaited<ReturnType<SessionClient["logIn"]>>;

  /** A choice at the limit is a change of the session like the login that asked for it. */
  function signingIn(answer: Login): Login {
    if (answer.outcome === "signed-in") {
      const { user, session } = answer;
      set({ status: "signed-in", user, session });
    }
    if (answer.outcome !== "session-limit") return answer;
    const { choose } = answer;
    return { ...answer, choose: (choice) => change(async () => signingIn(await choose(choice))) };
  }
}

/** The session that is to be watched. */
const liveId = (state: SessionState): string | undefined =>
  state.status === "signed-in" && state.ended === undefined ? state.session.id : undefined;

const endedState = (before: SessionState, ended: SessionEnded): SessionState =>
  before.status === "signed-in"
    ? { ...before, ended: before.ended ?? ended }
    : { status: "signed-out", ended };

/** What an answer to "who am I" makes of what was known before. */
function answeredState(before: SessionState, answer: ApiAnswer<SignedInView>): SessionState {
  if (answer.outcome === "ok") {
    // Without `live`: a state may be shown or logged, and that is a secret.
    const { user, session } = answer.value;
    // An ended session stays so below its notice, also if somebody signed in meanwhile in another tab.
    return before.status === "signed-in" && before.ended !== undefined
      ? before
      : { status: "signed-in", user, session };
  }
  const ended = answer.outcome === "refused" ? toSessionEnded(answer.problem.body) : undefined;
  if (ended !== undefined) {
    const isNews = before.status === "signed-in" || ended.code !== "no_session";
    return isNews ? endedState(before, ended) : { status: "signed-out" };
  }
  return before.status === "signed-in" ? before : { status: "unsure", failure: answer };
}
