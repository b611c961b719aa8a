import { sharedGuard } from "./create-guard.ts";
import type { Caller, CheckOptions, Guard } from "./guard.ts";
import type { RequestLike } from "./request.ts";
import { checkRules, type GuardRules } from "./rules.ts";

/** What an adapter takes: the rules for a caller, and a guard. */
export interface RequireSessionOptions extends GuardRules {
  /** @default one that all adapters of the process share, made of its environment at the first request */
  readonly guard?: Guard;
}

/** An answer as it goes out. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * What an adapter does with a request: let it through, with who makes it; or answer in place of the handler.
 */
export type Decision =
  | { readonly outcome: "live"; readonly caller: Caller }
  /** `refused` is a problem, `preflight` is not. */
  | { readonly outcome: "refused" | "preflight"; readonly answer: WholeAnswer };

/**
 * What all adapters have in common. Rules that cannot be right throw here, where the handler is made.
 * @throws TypeError that names the first such rule.
 */
export function sessionRequirement({ guard, ...rules }: RequireSessionOptions = {}) {
  checkRules(rules);
  return async (request: RequestLike, options: Pick<CheckOptions, "remainingMs"> = {}): Promise<Decision> => {
    const used = guard ?? sharedGuard();
    const preflight = used.preflight(request);
    if (preflight !== undefined) return { outcome: "preflight", answer: preflight };
    const checked = await used.check(request, { ...rules, ...options });
    if (checked.outcome === "refused") {
      const { status, headers, body } = checked.problem;
      return { outcome: "refused", answer: { status, headers, body: JSON.stringify(body) } };
    }
    const { user, session } = checked;
    return { outcome: "live", caller: { user, session } };
  };
}

/**
 * The caller that an adapter put on a request.
 * @throws Error where none did: a handler that forgot the guard must not go on as if there were a caller.
 */
export function callerOn(request: { readonly caller?: Caller | null }): Caller {
  if (request.caller) return request.caller;
  throw new Error("no caller is known: requireSession() does not come before this handler");
}
