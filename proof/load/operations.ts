import {
  checkEnded,
  checkLive,
  giveUp,
  idsOf,
  logInAs,
  send,
  type OperationContext,
  type OperationName,
} from "./checked-calls.ts";
import type { KnownUser } from "./known-user.ts";
import { LOST_SESSION, UNEXPECTED } from "./load-errors.ts";

const ENDED_SHARE = 0.15;
const USERS_IN_AN_ADMIN_LOGOUT = 3;
const TRIES_TO_FIND = 12;

/**
 * Draws one operation by the mix and carries it out. What the users' sessions do not allow becomes a login.
 */
export async function operate(context: OperationContext): Promise<void> {
  const { mix, random } = context;
  const total = Object.values(mix).reduce((sum, weight) => sum + weight, 0);
  let drawn = random.next() * total;
  const name = (Object.keys(mix) as OperationName[]).find((each) => (drawn -= mix[each]) < 0) ?? "validate";
  await OPERATIONS[name](context);
}

const OPERATIONS: Readonly<Record<OperationName, (context: OperationContext) => Promise<void>>> = {
  validate: validateSome,
  "login (trusted)": (context) => logIn(context, false),
  "login (password)": (context) => logIn(context, true),
  logout: logOut,
  "list own": listOwn,
  "end one": endOne,
  "admin logout": adminLogout,
};

async function validateSome(context: OperationContext): Promise<void> {
  const { random } = context;
  const user = find(context, (each) => each.live.length + each.ended.length > 0);
  if (user === undefined) return logIn(context, false);
  const ofEnded = random.next() < ENDED_SHARE || user.live.length === 0;
  const ended = ofEnded ? random.pick(user.ended) : undefined;
  if (ended !== undefined) return checkEnded(context, user, ended);
  const session = random.pick(user.live);
  if (session !== undefined) await checkLive(context, user, session);
}

async function logIn(context: OperationContext, withPassword: boolean): Promise<void> {
  const user = find(context, (each) => !withPassword || each.hasPassword);
  if (user?.begin() !== true) return;
  await logInAs(context, user, withPassword);
}

async function logOut(context: OperationContext): Promise<void> {
  const user = take(context, ({ live }) => live.length > 0);
  const session = user && context.random.pick(user.live);
  if (user === undefined || session === undefined) return logIn(context, false);
  const { status } = await send(context, "logout", { method: "POST", path: "/logout", token: session.token });
  if (status !== 204) {
    giveUp(context, user, `logout of ${user.userId}: ${status}`);
    return;
  }
  user.endAll("session_logged_out");
  user.finish();
}

async function listOwn(context: OperationContext): Promise<void> {
  const user = find(context, ({ live }) => live.length > 0);
  const session = user && context.random.pick(user.live);
  if (user === undefined || session === undefined) return logIn(context, false);
  const mark = user.mark();
  const { status, body } = await send(context, "list own", {
    method: "GET",
    path: "/sessions",
    token: session.token,
  });
  if (!user.wasStill(mark) && (status === 200 || status === 401)) return;
  const listed = idsOf(body["sessions"]).toSorted().join();
  const known = user.live
    .map(({ id }) => id)
    .toSorted()
    .join();
  if (status === 401) {
    context.errors.note(LOST_SESSION, `${user.userId} ${session.id}: GET /sessions answered 401`);
  } else if (status !== 0 && (status !== 200 || listed !== known)) {
    context.errors.note(
      UNEXPECTED,
      `GET /sessions of ${user.userId}: ${status}, [${listed}] instead of [${known}]`,
    );
  }
}

async function endOne(context: OperationContext): Promise<void> {
  const user = take(context, ({ live }) => live.length > 1);
  const [own, other] = user === undefined ? [] : user.live;
  if (user === undefined || own === undefined || other === undefined) return logIn(context, false);
  const { status } = await send(context, "end one", {
    method: "DELETE",
    path: `/sessions/${other.id}`,
    token: own.token,
  });
  if (status !== 204) {
    giveUp(context, user, `DELETE /sessions/{id} of ${user.userId}: ${status}`);
    return;
  }
  user.end(other.id, "session_logged_out");
  user.finish();
}

async function adminLogout(context: OperationContext): Promise<void> {
  const { admin } = context;
  const [session] = admin.live;
  if (session === undefined) throw new Error("the administrator is logged in before the load begins");
  // An administrators' logout is no activity of the administrator's own session, and would let it idle out.
  await checkLive(context, admin, session);
  const users = new Set<KnownUser>();
  for (let i = 0; i < USERS_IN_AN_ADMIN_LOGOUT; i++) {
    const user = take(context, () => true);
    if (user !== undefined) users.add(user);
  }
  const userIds = [...users].map(({ userId }) => userId);
  if (userIds.length === 0) return;
  const { status, body } = await send(context, "admin logout", {
    method: "POST",
    path: "/admin/logout",
    token: session.token,
    body: { userIds },
  });
  const counts = new Map(
    ((body["loggedOut"] ?? []) as { userId: string; sessionCount: number }[]).map((each) => [
      each.userId,
      each.sessionCount,
    ]),
  );
  for (const user of users) {
    const expected = user.live.length;
    if (status !== 200 || counts.get(user.userId) !== expected) {
      const found = String(counts.get(user.userId));
      giveUp(context, user, `admin logout of ${user.userId}: ${status}, ${found} sessions, not ${expected}`);
      continue;
    }
    user.endAll("session_revoked");
    user.finish();
  }
}

function find(
  { users, random }: OperationContext,
  suits: (user: KnownUser) => boolean,
): KnownUser | undefined {
  for (let i = 0; i < TRIES_TO_FIND; i++) {
    const user = random.pick(users);
    if (user !== undefined && !user.isGivenUp && suits(user)) return user;
  }
  return undefined;
}

/** Finds a user and takes the turn. */
function take(context: OperationContext, suits: (user: KnownUser) => boolean): KnownUser | undefined {
  const user = find(context, (each) => !each.isBusy && suits(each));
  return user?.begin() === true ? user : undefined;
}
