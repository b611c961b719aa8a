import { StoreUnavailableError } from "../src/dynamodb/errors.ts";
import { withinTime } from "../src/dynamodb/time-left.ts";
import type { SessionView, UserView } from "../src/api/parts/views.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import { forgeryProblem, resolveCaller } from "../src/http/caller.ts";
import { faultProblem } from "../src/http/fault-problem.ts";
import type { Problem } from "../src/http/problem.ts";
import type { OriginSettings } from "../src/http/same-origin.ts";
import { showSession, showUser } from "../src/http/views.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { preflightAnswer, toGuardProblem, type GuardAnswer, type GuardProblem } from "./problem.ts";
import { readGuardedRequest, type GuardedRequest, type HeaderValues, type RequestLike } from "./request.ts";
import { checkRules, ruleProblem, type GuardRules } from "./rules.ts";

/** Who makes a call, and by which session: what `GET /session` answers. Times are ISO 8601. */
export interface Caller {
  readonly user: UserView;
  readonly session: SessionView;
}

export type { GuardAnswer };

/** What came of a check. */
export type GuardOutcome =
  | ({ readonly outcome: "live" } & Caller)
  /** Answer with it. It is 401, 403, or 503 where the sessions could not be asked. */
  | { readonly outcome: "refused"; readonly problem: GuardProblem };

/** What a check may be told beside the request. */
export interface CheckOptions extends GuardRules {
  /** For headers that come alone. Without it they are held to the rule of a call that changes something. */
  readonly method?: string;
  /** Milliseconds until the platform ends the call, as a Lambda context has it. */
  readonly remainingMs?: () => number;
}

/**
 * Checks the sessions of requests. It reads sessions and records their activity; it never starts or ends
 * one.
 */
export interface Guard {
  /**
   * Whether a request comes with a live session that keeps the rules: one read of the database, of one unit.
   * What came with the cookie and may change something must come from the own origin or an allowed one.
   * @throws TypeError for what is no request, and for a rule that cannot be right.
   * @throws Error where the guard is not set up: no settings in the environment, no access to the table.
   */
  check(request: RequestLike | HeaderValues, options?: CheckOptions): Promise<GuardOutcome>;
  /**
   * The answer to a CORS preflight, or `undefined` for any other request. A preflight carries no token
   * (Fetch standard), and what is behind a guard must not answer it: code that does not look at the method
   * would do the work. It allows the setting `allowedOrigins`, and says nothing to others.
   */
  preflight(request: RequestLike | HeaderValues): GuardAnswer | undefined;
}

/** What a guard is made of. */
export interface GuardParts {
  readonly store: Pick<SessionStore, "validate">;
  /** Callers with a provider's access tokens. */
  readonly bound?: BoundCallers | undefined;
  readonly settings: OriginSettings;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Told why a store could not be asked, and of a touch that failed. */
  readonly onFault: (fault: unknown) => void;
}

/** These change nothing (RFC 9110 section 9.2.1). */
const SAFE_METHODS: readonly (string | undefined)[] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/** The guard over a store. */
export function makeGuard({ store, bound, settings, clock, onFault }: GuardParts): Guard {
  async function decide(request: GuardedRequest, options: GuardRules): Promise<Caller | Problem> {
    const rules = checkRules(options);
    const foreign = isUnsafe(request) ? forgeryProblem(request, settings) : undefined;
    if (foreign !== undefined) return foreign;
    const caller = await resolveCaller(request, store, { ...rules, bound });
    if (caller.outcome === "refused") return caller.problem;
    const { session } = caller;
    return (
      ruleProblem(session, rules, clock()) ?? { user: showUser(session.user), session: showSession(session) }
    );
  }

  async function checkRequest(request: GuardedRequest, rules: GuardRules): Promise<GuardOutcome> {
    let decision: Caller | Problem;
    try {
      decision = await decide(request, rules);
    } catch (fault) {
      if (!(fault instanceof StoreUnavailableError)) throw fault;
      onFault(fault);
      decision = faultProblem(fault, request.requestId);
    }
    return "session" in decision
      ? { outcome: "live", ...decision }
      : { outcome: "refused", problem: toGuardProblem(decision, request, settings) };
  }

  return {
    async check(source, { method, remainingMs, ...rules } = {}) {
      const read = readGuardedRequest(source);
      const request = { ...read, method: method ?? read.method };
      const check = () => checkRequest(request, rules);
      return remainingMs === undefined ? check() : withinTime(remainingMs, check);
    },
    preflight: (source) => preflightAnswer(readGuardedRequest(source), settings),
  };
}

/**
 * Whether the same-origin rule applies. Browsers open a WebSocket by a GET that carries the cookie whichever
 * page asks for it, without a preflight (RFC 6455 section 10.2).
 */
function isUnsafe({ method, headers }: GuardedRequest): boolean {
  const opensWebSocket = headers.get("upgrade")?.toLowerCase() === "websocket";
  return opensWebSocket || !SAFE_METHODS.includes(method);
}
