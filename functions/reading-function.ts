import { readPath } from "../src/api/parts/path.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import { resolveCaller } from "../src/http/caller.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type HttpCall,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import { refusingCursors } from "../src/http/pages.ts";
import { administratorProblem } from "../src/http/permission.ts";
import type { Reply } from "../src/http/reply.ts";
import type { HttpRequest } from "../src/http/request.ts";
import type { UserDirectory } from "../src/identity/directory.ts";
import { livePermissions, mayList } from "../src/identity/permissions.ts";
import type { Session } from "../src/sessions/session.ts";
import type { SessionStore } from "../src/sessions/store.ts";

/** What every function needs that only reads. */
export interface ReadingDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "validate">;
  /** `undefined` where there is no password directory. */
  readonly directory: Pick<UserDirectory, "get"> | undefined;
  readonly bound?: BoundCallers<HttpRequest> | undefined;
}

/** Replies to a call that reads; a cursor of another list is refused for it. */
export type Read<Dependencies> = (
  call: HttpCall,
  caller: Session,
  dependencies: Dependencies,
) => Promise<Reply>;

/**
 * A function that reads, and writes nothing, not even a touch.
 * @param administrators the reads of others' data, by path, for which one must be an administrator.
 * @param own any other call: it is about the caller's own.
 */
export function createReadingFunction<Dependencies extends ReadingDependencies>(
  dependencies: Dependencies,
  {
    administrators,
    own,
  }: {
    readonly administrators: Readonly<Record<string, Read<Dependencies>>>;
    readonly own: Read<Dependencies>;
  },
): HttpFunction {
  return createHttpFunction(dependencies, async (call) => {
    const { input: request, record } = call;
    const { store, bound, directory } = dependencies;
    const caller = await resolveCaller(request, store, { touch: false, bound, record });
    if (caller.outcome === "refused") return caller.problem;
    const { session } = caller;
    record.note({ userId: session.user.id, sessionId: session.id });
    const isAsked = ([path]: readonly [string, unknown]) => readPath(path, request.path) !== undefined;
    const [, ofOthers] = Object.entries(administrators).find(isAsked) ?? [];
    if (ofOthers !== undefined && !mayList(await livePermissions(directory, session.user))) {
      return administratorProblem();
    }
    const read = ofOthers ?? own;
    return refusingCursors(() => read(call, session, dependencies));
  });
}
