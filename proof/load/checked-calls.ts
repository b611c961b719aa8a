import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { call, type Answer, type Request } from "./calls.ts";
import type { KnownSession, KnownUser } from "./known-user.ts";
import { GHOST, LOST_SESSION, UNEXPECTED, WRONG_REASON, type LoadErrors } from "./load-errors.ts";
import type { Random } from "./random.ts";
import type { Tally } from "./tally.ts";

/** What the load does, and how much of it: per thousand operations. */
export const MIX = {
  validate: 900,
  "login (trusted)": 40,
  "login (password)": 10,
  logout: 12,
  "list own": 20,
  "end one": 12,
  "admin logout": 6,
} as const;
export type OperationName = keyof typeof MIX;
export type Mix = Readonly<Record<OperationName, number>>;

/** The password of every directory user of the load. */
export const LOAD_PASSWORD = DEMO_PASSWORD;

export interface OperationContext {
  readonly url: string;
  readonly users: readonly KnownUser[];
  readonly admin: KnownUser;
  readonly random: Random;
  readonly errors: LoadErrors;
  readonly tally: Tally;
  readonly mix: Mix;
}

/** Sends a request and counts its answer. */
export async function send(
  context: OperationContext,
  name: OperationName,
  request: Request,
): Promise<Answer> {
  const answer = await call(context.url, request, context.errors);
  context.tally.add(name, answer);
  return answer;
}

/** Asks for a session that should be live. */
export async function checkLive(
  context: OperationContext,
  user: KnownUser,
  session: KnownSession,
): Promise<void> {
  const mark = user.mark();
  const { status, body } = await send(context, "validate", {
    method: "GET",
    path: "/session",
    token: session.token,
  });
  if (status === 0 || (status === 401 && !user.wasStill(mark))) return;
  if (status === 401) {
    context.errors.note(LOST_SESSION, `${user.userId} ${session.id}: ${String(body["code"])}`);
    return;
  }
  const shown = `${idOf(body["user"])} ${idOf(body["session"])}`;
  if (status !== 200 || shown !== `${user.userId} ${session.id}`) {
    context.errors.note(UNEXPECTED, `GET /session of ${user.userId} ${session.id}: ${status} ${shown}`);
  }
}

/** Asks for a session that is over: no change of the user's others can bring it back. */
export async function checkEnded(
  context: OperationContext,
  user: KnownUser,
  session: KnownUser["ended"][number],
): Promise<void> {
  const { status, body } = await send(context, "validate", {
    method: "GET",
    path: "/session",
    token: session.token,
  });
  const what = `${user.userId} ${session.id}`;
  if (status === 200) context.errors.note(GHOST, `${what}, ${session.code}`);
  else if (status === 401 && body["code"] !== session.code) {
    context.errors.note(WRONG_REASON, `${what}: ${String(body["code"])} instead of ${session.code}`);
  } else if (status !== 401 && status !== 0) {
    context.errors.note(UNEXPECTED, `GET /session of ended ${what}: ${status}`);
  }
}

/** Logs a user in whose turn has been taken, and gives the turn back. */
export async function logInAs(
  context: OperationContext,
  user: KnownUser,
  withPassword: boolean,
): Promise<void> {
  const { userId } = user;
  const { status, body } = withPassword
    ? await send(context, "login (password)", {
        method: "POST",
        path: "/login",
        body: { username: userId, password: LOAD_PASSWORD, deliver: "token" },
      })
    : await send(context, "login (trusted)", {
        method: "POST",
        path: "/2015-03-31/functions/login/invocations",
        body: { user: { id: userId } },
      });
  const token = body["token"];
  if (status !== (withPassword ? 201 : 200) || typeof token !== "string") {
    giveUp(context, user, `login of ${userId}: ${status} ${String(body["code"])}`);
    return;
  }
  const displaced = idsOf(body["displaced"]);
  const expected = Math.max(0, user.live.length + 1 - user.limit);
  const known = displaced.map((id) => user.end(id, "session_displaced"));
  user.began({ id: idOf(body["session"]), token });
  if (displaced.length !== expected || known.includes(false)) {
    giveUp(context, user, `login of ${userId} displaced ${displaced.length}, expected were ${expected}`);
    return;
  }
  user.finish();
}

/**
 * A user of whom it is no longer known what must be so keeps the turn for good: one wrong answer is one
 * error, not a thousand.
 */
export function giveUp({ errors }: OperationContext, user: KnownUser, why: string): void {
  errors.note(UNEXPECTED, why);
  user.giveUp();
}

export const idOf = (shown: unknown): string => String((shown as { id?: unknown } | undefined)?.id);
export const idsOf = (shown: unknown): string[] => (Array.isArray(shown) ? shown.map(idOf) : []);
