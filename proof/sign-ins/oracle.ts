import type { SessionId } from "../../src/sessions/token.ts";
import type { Database } from "../model/database.ts";
import type { Operation, Result } from "../model/call.ts";
import { placeOf, SESSIONS } from "../model/request.ts";
import { sessionKey } from "../../src/sessions/table.ts";

/** What ended a sign-in's session for good, as an answer said. */
export const END_KINDS = [
  "displaced",
  "shut out by a newer sign-in",
  "logged out",
  "signed out with all others",
  "ended by its user",
  "revoked",
  "revoked alone",
  "expired",
  "refused",
] as const;
export type EndKind = (typeof END_KINDS)[number];

/** A session that a history may make. */
export interface KnownSession {
  readonly name: string;
  readonly id: SessionId;
  readonly signIn?: string;
  readonly signedInAt?: number;
}

export interface Called {
  readonly operation: Operation;
  /** In the order of events. */
  readonly step: number;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly skewMs: number;
}

/** What one era says of a sign-in says nothing of its session in another. */
const inEra = ({ settings }: Operation, signIn: string): string => `${signIn}, era ${settings?.era ?? ""}`;

/** `logout` and its like use full seconds, and clocks are off. */
const MARGIN_MS = 6000;
const OPAQUE_DOUBT_MS = 5000;

/**
 * Knows what a correct system must not answer any more: a sign-in whose end was told never has a live session
 * again (I7, I8), of each sign-in there is one session ever (I7), and no more tokens validate than the limit
 * allows (I4).
 */
export class Oracle {
  readonly refused = Object.fromEntries(END_KINDS.map((kind) => [kind, 0])) as Record<EndKind, number>;
  readonly #sessions: () => readonly KnownSession[];
  readonly #limit: number;
  readonly #logoutAll: boolean;
  readonly #dead = new Map<string, { readonly step: number; readonly kind: EndKind }>();
  readonly #out = new Set<SessionId>();
  readonly #made = new Map<string, number>();

  constructor(sessions: () => readonly KnownSession[], limit: number, logoutAll: boolean) {
    this.#sessions = sessions;
    this.#limit = limit;
    this.#logoutAll = logoutAll;
  }

  /** What is wrong with the database between two events. */
  look(before: Database, after: Database, time: number): string | undefined {
    if (before.items === after.items) return undefined;
    const isThere = ({ items }: Database, id: SessionId): boolean =>
      items[placeOf(SESSIONS, sessionKey(id))] !== undefined;
    for (const { id, signIn } of this.#sessions()) {
      if (signIn === undefined || isThere(before, id) || !isThere(after, id)) continue;
      const made = (this.#made.get(signIn) ?? 0) + 1;
      this.#made.set(signIn, made);
      if (made > 1) return `I7: the sign-in ${signIn} has made ${made} sessions`;
    }
    const live = [...this.#out].filter((id) => {
      const item = after.items[placeOf(SESSIONS, sessionKey(id))];
      return (
        item !== undefined && time < (item["idleExpiresAt"] as number) && time < (item["expiresAt"] as number)
      );
    });
    if (live.length > this.#limit)
      return `I4: ${live.length} sessions validate, and the limit is ${this.#limit}`;
    return undefined;
  }

  /** What is wrong with an answer; otherwise it notes what the answer promises. */
  answered(
    called: Called,
    step: number,
    result: Result,
    isEnding: (id: SessionId) => boolean,
  ): string | undefined {
    const { call } = called.operation;
    if (result.result === "fault") return `${called.operation.name} failed: ${result.message}`;
    if (call.call === "use") {
      const dead = this.#dead.get(call.signIn) ?? this.#dead.get(inEra(called.operation, call.signIn));
      if (dead !== undefined && called.step > dead.step) {
        if (result.result === "used") return `I7, I8: ${call.signIn} is live after it was ${dead.kind}`;
        if (result.result === "nothing-done") this.refused[dead.kind]++;
      }
    }
    this.#note(called, step, result, isEnding);
    return undefined;
  }

  #note(
    { operation, time, skewMs }: Called,
    step: number,
    result: Result,
    isEnding: (id: SessionId) => boolean,
  ): void {
    const { call } = operation;
    const kill = (names: readonly (string | undefined)[], kind: EndKind): void => {
      for (const name of names)
        if (name !== undefined && !this.#dead.has(name)) this.#dead.set(name, { step, kind });
    };
    const namesOf = (ids: readonly SessionId[]) =>
      this.#sessions().flatMap(({ id, signIn }) => (ids.includes(id) ? [signIn] : []));
    const before = (moment: number, but: readonly string[] = []) =>
      this.#sessions().flatMap(({ signIn, signedInAt = Infinity }) =>
        signIn !== undefined && signedInAt < moment && !but.includes(signIn) ? [signIn] : [],
      );
    switch (result.result) {
      case "used":
      case "logged-in":
        this.#out.add(result.session);
        kill(namesOf(result.displaced), "displaced");
        if (
          (call.call === "use" || call.call === "login") &&
          this.#limit === 1 &&
          call.policy.atLimit === "displace"
        ) {
          const own = this.#sessions().find(({ id }) => id === result.session);
          const moment = own?.signedInAt ?? time - OPAQUE_DOUBT_MS - MARGIN_MS;
          kill(before(moment, [own?.signIn ?? ""]), "shut out by a newer sign-in");
        }
        return;
      case "spent":
        if (call.call === "logoutSignIn") kill([call.signIn], "logged out");
        return;
      case "ended":
        if (call.call === "logoutSignIn") kill([call.signIn], "logged out");
        kill(namesOf(result.sessions), call.call === "revokeOne" ? "revoked alone" : "ended by its user");
        if (call.call === "endOthers" || (this.#logoutAll && call.call.startsWith("logout")))
          kill(
            before(time - MARGIN_MS, "session" in call ? [call.session] : []),
            "signed out with all others",
          );
        return;
      case "revoked":
        // Its clock may be slow by less than what it adds for that.
        kill(before(time + Math.min(0, skewMs)), "revoked");
        return;
      case "nothing-done": {
        if (call.call === "logoutSignIn") kill([inEra(operation, call.signIn)], "logged out");
        if (call.call !== "use") return;
        const own = inEra(operation, call.signIn);
        // One that was never spent may still be admitted where the timeout is longer.
        if (result.why === "expired" && this.#made.has(call.signIn)) kill([own], "expired");
        if (/^(unknown|ended)/.test(result.why)) {
          // Its ending may be visible before its delete is; then it may still be read as live for a moment.
          const ids = this.#sessions().flatMap(({ id, signIn }) => (signIn === call.signIn ? [id] : []));
          if (!ids.some(isEnding)) kill([own], "refused");
        }
        return;
      }
      case "disabled":
      case "unfinished":
      case "validated":
      case "unavailable":
      case "fault":
        return;
    }
  }
}
