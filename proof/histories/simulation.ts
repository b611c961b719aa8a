import { SKEW_MS, USERS, type Dice, type Policy } from "./simulated-dice.ts";
import {
  ABSOLUTE,
  displacedBy,
  DONE,
  endingCall,
  IDLE,
  isLive,
  look,
  toldBy,
  type Simulated,
} from "./simulated-session.ts";
import type { Answer, Call, History, Operation } from "./history.ts";

/**
 * Histories that are right by construction: every operation really happens at one instant (a bulk revoke at
 * several), and is then said to have taken some time before and after. Written apart from the checker's
 * model, with exact clocks and exact states where that has possibilities, so that a mistake in one is not in
 * the other.
 */

/** A system of one thread that keeps the rules of design section 4. */
export class Simulation {
  readonly #sessions: Simulated[] = [];
  readonly #operations: Operation[] = [];
  readonly #directory = new Map(USERS.map((user) => [user as string, { enabled: true, password: 0 }]));
  readonly #usedTokens = new Set<string>();
  /** What bulk revokes have still to do. */
  #later: { readonly at: number; readonly act: () => void }[] = [];
  readonly #policies: readonly Policy[];
  readonly #all: boolean;
  #now = 0;

  constructor(policies: readonly Policy[], all: boolean) {
    this.#policies = policies;
    this.#all = all;
  }

  run(throws: readonly Dice[]): History {
    for (const one of throws) {
      this.#advance(this.#now + one.wait);
      this.#perform(one);
    }
    this.#advance(this.#now + 30_000);
    for (const simulated of this.#sessions) {
      this.#now += 10;
      const { id: session, userId } = simulated;
      const answer = look(simulated, this.#now, false);
      this.#record({ call: "validate", session, userId, watch: true }, answer, 4, 4);
    }
    return {
      seed: "simulated",
      users: USERS,
      skewMs: SKEW_MS,
      timeouts: { idle: IDLE, absolute: ABSOLUTE },
      logoutAllSessions: this.#all,
      credentials: Object.fromEntries(USERS.map((user) => [user, "password 0"])),
      operations: this.#operations.toSorted((a, b) => a.invokedAt - b.invokedAt),
    };
  }

  #advance(to: number): void {
    const due = this.#later.filter(({ at }) => at <= to).toSorted((a, b) => a.at - b.at);
    this.#later = this.#later.filter((later) => !due.includes(later));
    for (const { act } of due) act();
    this.#now = to;
  }

  #record(call: Call, answer: Answer, before: number, after: number, more: Partial<Operation> = {}): void {
    const answeredAt = this.#now + after;
    this.#operations.push({
      id: this.#operations.length,
      client: `c${this.#operations.length % 5}`,
      call,
      answer,
      invokedAt: this.#now - before,
      answeredAt,
      settledAt: answeredAt,
      ...more,
    });
  }

  #perform(one: Dice): void {
    const clock = Math.floor(this.#now) + one.skew;
    const { user: userId, fate, after } = one;
    // An answer comes after the instant; a token can only be used, and a call only refer to it, once it has
    // come.
    const known = this.#sessions.filter(
      ({ userId: owner, createdAt }) => owner === userId && createdAt + 9000 < this.#now,
    );
    const session = known.at(-1 - (one.pick % Math.max(1, Math.min(4, known.length))));
    const before = session === undefined ? one.before : Math.min(one.before, 500);
    if (one.kind === "login") {
      this.#login(one, clock, session);
      return;
    }
    if (one.kind === "validate") {
      if (session === undefined) return;
      const answer = look(session, clock, one.flag);
      const silent = fate === "none" && answer.answer === "live";
      const call: Call = { call: "validate", session: session.id, userId, watch: !one.flag };
      this.#record(call, silent ? { answer: "lost" } : answer, before, after);
      return;
    }
    if (/^(enable|adminLogout|disable|changePassword)$/.test(one.kind)) {
      this.#administer(one, before);
      return;
    }
    if (session === undefined) return;
    this.#endOwn(one, clock, session, known);
  }

  #administer(one: Dice, before: number): void {
    const { kind, user: userId, fate } = one;
    const user = this.#directory.get(userId)!;
    if (fate === "never" || fate === "none" || kind === "enable") {
      if (kind === "enable" && (fate === "answered" || fate === "lost")) user.enabled = true;
      const call = kind === "enable" || kind === "adminLogout" ? kind : "disable";
      this.#close({ call, userId }, DONE, before, one);
    } else if (kind === "changePassword") {
      user.password = this.#operations.length + 1;
      this.#revoke({ call: kind, userId, credentials: `password ${user.password}` }, one);
    } else {
      const call = kind === "disable" ? kind : "adminLogout";
      if (call === "disable") user.enabled = false;
      this.#revoke({ call, userId }, one);
    }
  }

  /** Records an operation that had its effect, unless its fate is to have had none. */
  #close(call: Call, answer: Answer, before: number, { fate, after }: Dice): void {
    this.#record(call, toldBy(fate, answer), before, after);
  }

  #endOwn(one: Dice, clock: number, session: Simulated, known: readonly Simulated[]): void {
    const { user: userId, fate } = one;
    const target = known[one.other % known.length]!;
    const call = endingCall(one, session, target, this.#all);
    const close = (answer: Answer): void => this.#close(call, answer, Math.min(one.before, 500), one);
    if (!isLive(session, clock)) {
      close(call.call === "logout" ? DONE : look(session, clock, false));
      return;
    }
    if (fate === "never" || fate === "none") {
      close(DONE);
      return;
    }
    const all = this.#sessions.filter((other) => other.userId === userId && isLive(other, clock));
    if (call.call === "endOne" && !all.includes(target)) {
      close({ answer: "notFound" });
      return;
    }
    const ended = all.filter((other) => {
      if (call.call === "logout") return call.all || other === session;
      return call.call === "endOne" ? other === target : other !== session;
    });
    for (const other of ended) other.dead = "logged_out";
    // To end all the others also drops those whose timeouts have passed.
    const isOfAll = call.call === "endOthers" || (call.call === "logout" && call.all);
    for (const other of this.#sessions) {
      if (isOfAll && other.userId === userId && !isLive(other, clock)) other.dead ??= "unknown";
    }
    close(call.call === "endOthers" ? { answer: "done", count: ended.length } : DONE);
  }

  #revoke(call: Call, one: Dice): void {
    const listed = this.#sessions.filter(
      (session) => session.userId === one.user && session.dead === undefined,
    );
    const isDone = one.fate === "answered";
    for (const [index, session] of listed.entries()) {
      const at = this.#now + ((one.pick * (index + 7)) % (one.after + 1));
      const act = (): void => {
        session.dead ??= "revoked";
      };
      if (isDone || (one.other + index) % 2 === 0) this.#later.push({ at, act });
    }
    this.#record(call, isDone ? DONE : { answer: "unavailable", effect: "unknown" }, one.before, one.after);
  }

  #login(one: Dice, clock: number, session: Simulated | undefined): void {
    const { user: userId, source, fate, before, after } = one;
    const policy = this.#policies[USERS.indexOf(userId)]!;
    const user = this.#directory.get(userId)!;
    const known = this.#sessions.filter(({ createdAt }) => createdAt + 9000 < this.#now);
    const ofOthers = known.filter((other) => other.userId !== userId);
    const presented = one.pick % 3 === 0 ? session : one.pick % 7 === 0 ? ofOthers.at(-1) : undefined;
    const mine = known.filter((other) => other.userId === userId);
    const end = one.other % 5 === 0 ? mine.slice(-1).map(({ id }) => id) : [];
    const tokenId = `token ${Math.floor(this.#operations.length / 3)}`;
    const password = one.other % 4 === 0 ? 0 : user.password;
    const call: Call = {
      call: "login",
      userId,
      policy,
      source,
      end,
      takeover: one.flag,
      ...(presented !== undefined && { presented: presented.id }),
      ...(source === "passwords" && { credentials: `password ${password}` }),
      ...(source === "oidc" && { tokenId }),
    };
    const lead = presented === undefined && end.length === 0 ? before : Math.min(before, 500);
    const tell = (answer: Answer, more?: Partial<Operation>): void =>
      this.#record(call, answer, lead, after, more);
    const isProven =
      source === "trusted" ||
      (source === "passwords"
        ? user.enabled && user.password === password
        : !this.#usedTokens.has(`${userId} ${tokenId}`));
    if (!isProven) {
      tell({ answer: "refused" });
      return;
    }

    const live = this.#sessions.filter((other) => other.userId === userId && isLive(other, clock));
    const others = live.filter((other) => other !== presented);
    const displaced = displacedBy(policy, others, end, one.flag);
    if (displaced === undefined) {
      tell({ answer: "limit", sessions: others.map(({ id }) => id) });
      return;
    }
    const id = `session-${this.#sessions.length}-${this.#operations.length}`;
    if (fate === "none" || fate === "never") {
      tell(toldBy(fate, DONE), { newSession: id });
      return;
    }

    for (const other of displaced) other.dead = "displaced";
    if (presented !== undefined && isLive(presented, clock)) presented.dead = "logged_out";
    for (const other of this.#sessions) {
      if (other.userId === userId && other.dead === undefined && !isLive(other, clock))
        other.dead = "unknown";
    }
    if (source === "oidc") this.#usedTokens.add(`${userId} ${tokenId}`);
    const times = { lastSeenAt: clock, idleExpiresAt: clock + IDLE, expiresAt: clock + ABSOLUTE };
    const created = { id, userId, createdAt: this.#now, ...times };
    this.#sessions.push(created);
    if (fate === "lost") {
      tell({ answer: "lost" }, { newSession: id });
      return;
    }
    const { idleExpiresAt, expiresAt } = created;
    tell({
      answer: "loggedIn",
      session: id,
      displaced: displaced.map((other) => other.id),
      idleExpiresAt,
      expiresAt,
    });
  }
}
