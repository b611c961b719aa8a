import type { Located } from "./place.ts";
import { UsageError } from "./messages.ts";
import { ADMIN_CHECKS } from "./smoke-admin-checks.ts";
import { find, type Check, type Finding } from "./smoke-check.ts";
import { EDGE_CHECKS } from "./smoke-edge-checks.ts";
import { SESSION_CHECKS } from "./smoke-session-checks.ts";
import { SIGN_IN_CHECKS } from "./smoke-sign-in-checks.ts";
import { createWorld } from "./smoke-world.ts";

export interface SmokeOptions {
  /** Where people reach the API; else the console's or the API's URL that the stack tells of. */
  readonly url?: string | undefined;
  /** A URL behind the authorizer, or its path at `url`. */
  readonly protectedRoute?: string | undefined;
  readonly signal: AbortSignal;
  /** All of {@link CHECKS} unless given. */
  readonly checks?: readonly Check[];
  /** Called before each check. */
  readonly onCheck?: (name: string) => void;
}

/** A line of the table. */
export type Row = Finding & { readonly check: string; readonly milliseconds: number };

export interface SmokeResult {
  readonly rows: readonly Row[];
  /** Users that could not be removed. */
  readonly left: readonly string[];
}

export const CHECKS: readonly Check[] = [
  ...SIGN_IN_CHECKS,
  ...SESSION_CHECKS,
  ...ADMIN_CHECKS,
  ...EDGE_CHECKS,
];

/**
 * Runs all checks against a construct, and removes what they made, also when it is stopped or something
 * breaks.
 * @throws UsageError where the address of the API is not given.
 */
export async function runSmoke(located: Located, options: SmokeOptions): Promise<SmokeResult> {
  const url = withoutSlash(options.url ?? located.consoleUrl ?? located.apiUrl);
  if (url === undefined) {
    throw new UsageError(`${located.title} does not say where its API is; name it with --url.`);
  }
  const { protectedRoute, signal, checks = CHECKS } = options;
  const protectedUrl = protectedRoute?.startsWith("/") === true ? url + protectedRoute : protectedRoute;
  const { world, cleanUp } = createWorld({ located, url, protectedUrl, signal });
  const rows: Row[] = [];
  const left: string[] = [];
  try {
    for (const check of checks) {
      if (!signal.aborted) options.onCheck?.(check.name);
      const startedAt = performance.now();
      const finding: Finding = signal.aborted
        ? { outcome: "skipped", seen: "stopped" }
        : await find(check, world);
      rows.push({ check: check.name, ...finding, milliseconds: Math.round(performance.now() - startedAt) });
    }
  } finally {
    left.push(...(await cleanUp()));
  }
  return { rows, left };
}

const withoutSlash = (url: string | undefined): string | undefined => url?.replace(/\/+$/, "");
