import { setImmediate } from "node:timers/promises";
import type { SessionSettings } from "../../src/sessions/dependencies.ts";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import { sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { Draws } from "../../test/support/seeded.ts";
import { recordingClient, type Sent } from "../model/execution.ts";
import type { Operation, Result } from "../model/call.ts";
import { runOperation, sessionOf } from "../model/operation.ts";
import type { ModelledProduct } from "../model/product.ts";
import { askOf, placeOf, SESSIONS } from "../model/request.ts";
import { SETTINGS, START } from "../model/scenario.ts";
import { showRequest } from "../model/show.ts";
import { Oracle, type Called, type EndKind, type KnownSession } from "./oracle.ts";
import { nextCall, type Cast } from "./next-call.ts";
import { SimulatedDatabase, type Pending } from "./simulated-database.ts";

/** What a history came to. */
export interface HistoryReport {
  /** What is wrong, and what led there; `undefined`: nothing. */
  readonly violation: { readonly what: string; readonly trace: readonly string[] } | undefined;
  /** How often a sign-in was refused whose end had been told, by what ended it. */
  readonly refused: Readonly<Record<EndKind, number>>;
  readonly operations: number;
}

const OPERATIONS = 14;
const MOST_AT_ONCE = 3;
const MOST_EVENTS = 4000;
const ERAS = ["1", "2"];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const LONG = { idle: "none", absolute: 30 * 24 * HOUR } as const;

interface Running {
  readonly called: Called;
  readonly sent: Sent[];
  readonly pending: Map<number, Pending>;
  readonly answered: Set<number>;
  result: Result | undefined;
}

/** A made-up history of one user: whatever the seed says happens, at the grain of single reads and writes. */
export async function runHistory(product: ModelledProduct, seed: string): Promise<HistoryReport> {
  return new History(product, new Draws(seed)).run();
}

class History {
  readonly #product: ModelledProduct;
  readonly #draws: Draws;
  readonly #database: SimulatedDatabase;
  readonly #oracle: Oracle;
  readonly #cast: Cast;
  readonly #signIns = new Map<string, SignIn>();
  readonly #sessions: KnownSession[] = [];
  readonly #memories = ERAS.map(() => [new Set<SessionId>(), new Set<SessionId>()]);
  readonly #settings: SessionSettings;
  readonly #trace: string[] = [];
  #running: Running[] = [];
  #time = START;
  #step = 0;
  #begun = 0;
  #isLong = false;

  constructor(product: ModelledProduct, draws: Draws) {
    this.#product = product;
    this.#draws = draws;
    this.#database = new SimulatedDatabase(draws);
    const policy: SessionPolicy = {
      limit: draws.pick([1, 1, 2, 2, 3]),
      atLimit: draws.pick(["displace", "displace", "displace", "deny", "ask"]),
    };
    this.#settings = { ...SETTINGS, logoutAllSessions: draws.chance(0.4) };
    this.#oracle = new Oracle(() => this.#sessions, policy.limit, this.#settings.logoutAllSessions);
    this.#cast = { policy, signIns: this.#signIns, made: [] };
  }

  async run(): Promise<HistoryReport> {
    let what: string | undefined;
    for (let events = 0; events < MOST_EVENTS && what === undefined; events++) {
      if (this.#begun >= OPERATIONS && this.#running.length === 0) break;
      const before = this.#database.now;
      what = await this.#event();
      what ??= this.#oracle.look(before, this.#database.now, this.#time);
    }
    return {
      violation: what === undefined ? undefined : { what, trace: this.#trace },
      refused: this.#oracle.refused,
      operations: this.#begun,
    };
  }

  async #event(): Promise<string | undefined> {
    this.#step++;
    const mayBegin = this.#begun < OPERATIONS && this.#running.length < MOST_AT_ONCE;
    if (this.#running.length === 0 && this.#draws.chance(0.35)) {
      this.#timePasses();
      return undefined;
    }
    if (this.#draws.chance(0.05)) this.#database.removeExpired(this.#time, 1);
    if (mayBegin && (this.#running.length === 0 || this.#draws.chance(0.15))) return this.#begin();
    return this.#advance(this.#draws.pick(this.#running));
  }

  /** Long leaps only where nothing is under way: what a leap does to a running call is the clocks' doing. */
  #timePasses(): void {
    const leap = this.#draws.pick([
      SECOND,
      7 * SECOND,
      7 * SECOND,
      MINUTE,
      5 * MINUTE,
      31 * MINUTE,
      13 * HOUR,
    ]);
    this.#time += leap;
    if (this.#draws.chance(0.1)) this.#isLong = true;
    if (this.#draws.chance(0.3)) this.#database.removeExpired(this.#time, Infinity);
    this.#trace.push(`time passes: ${leap} ms`);
  }

  async #begin(): Promise<string | undefined> {
    const name = `op${this.#begun++}`;
    const call = nextCall(this.#draws, this.#cast, { name, time: this.#time });
    if ("signIn" in call) this.#know(call.signIn);
    const era = this.#draws.chance(0.85) ? 0 : 1;
    const settings = { era: ERAS[era]!, ...(this.#isLong && { timeouts: LONG }) };
    const skewMs = call.call === "revoke" ? this.#draws.pick([0, 0, -4000, 4000]) : 0;
    const operation: Operation = { name, call, skewMs, settings };
    if (call.call === "login") this.#knowLogin(name, call.signIn, settings.era);
    const running: Running = {
      called: { operation, step: this.#step, time: this.#time, skewMs },
      sent: [],
      pending: new Map(),
      answered: new Set(),
      result: undefined,
    };
    let waited = 0;
    const common = { settings: this.#settings, signIns: this.#signIns };
    void runOperation(this.#product, common, operation, {
      documents: recordingClient(running.sent),
      clock: () => this.#time + skewMs,
      sleep: () => Promise.resolve(),
      jitter: () => 0,
      stopwatch: () => (waited += 100),
      seenWhole: this.#draws.pick(this.#memories[era]!),
    }).then((result) => {
      running.result = result;
    });
    this.#running.push(running);
    this.#trace.push(`${name} begins: ${JSON.stringify(call)} ${JSON.stringify(settings)} ${skewMs}`);
    await setImmediate();
    return this.#settled(running);
  }

  async #advance(running: Running): Promise<string | undefined> {
    const open = running.sent.filter(({ request }) => !running.answered.has(request.index));
    if (open.length === 0) throw new Error(`${running.called.operation.name} waits for nothing`);
    const sent = this.#draws.pick(open);
    const { index } = sent.request;
    const pending = running.pending.get(index) ?? { sent, batch: [] };
    running.pending.set(index, pending);
    const answer = this.#database.advance(pending);
    if (answer === undefined) return undefined;
    // Lost on the way: a transaction goes again under its token, a read is asked again.
    const isLost = this.#draws.chance(0.02) && askOf(sent.request).ask !== "write-each";
    this.#trace.push(
      `${running.called.operation.name}: ${showRequest(sent.request)} → ${isLost ? "LOST " : ""}${JSON.stringify(answer).slice(0, 200)}`,
    );
    running.answered.add(index);
    sent.settle(isLost ? { answer: "timeout" } : answer);
    await setImmediate();
    return this.#settled(running);
  }

  #settled(running: Running): string | undefined {
    const { result, called } = running;
    if (result === undefined) return undefined;
    this.#running = this.#running.filter((other) => other !== running);
    this.#trace.push(`${called.operation.name} answers ${JSON.stringify(result)}`);
    if (result.result === "logged-in" || result.result === "used") this.#cast.made.push(called.operation);
    return this.#oracle.answered(called, this.#step, result, (id) => this.#isEnding(id));
  }

  /** A commit is being applied to it, or a revoke has written its ending and has not come to its delete. */
  #isEnding(id: SessionId): boolean {
    if (this.#running.some(({ called }) => called.operation.call.call === "revoke")) return true;
    const place = placeOf(SESSIONS, sessionKey(id));
    return this.#database.now.running.some(({ parts }) => parts.some((part) => part.place === place));
  }

  #know(name: string): void {
    const signIn = this.#signIns.get(name)!;
    if (this.#sessions.some((session) => session.signIn === name)) return;
    for (const era of ERAS) {
      const id = this.#product.boundSessionId(era, signIn);
      this.#sessions.push({ name, id, signIn: name, signedInAt: signIn.signedInAt });
    }
  }

  #knowLogin(name: string, signIn: string | undefined, era: string): void {
    const id = sessionOf(this.#product, name, era);
    const signedInAt = signIn === undefined ? undefined : this.#signIns.get(signIn)!.signedInAt;
    this.#sessions.push({
      name,
      id,
      ...(signIn !== undefined && { signIn }),
      ...(signedInAt !== undefined && { signedInAt }),
    });
  }
}
