import { BatchWriteCommand, DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { createInstance, type Instance, type Place } from "./functions.ts";
import { judge, type Came } from "./judge.ts";
import { InvariantError, Observer } from "./observer.ts";
import type { Plan } from "./plan.ts";
import type { Product } from "../histories/product.ts";
import { PASSWORD, placeOf, takeStep, type Answer, type Opened } from "./steps.ts";
import { sweepTtl } from "./ttl.ts";
import { turnClient, type Shared } from "./turn-client.ts";
import { Turns } from "./turns.ts";

const UNDISTURBED = { unprocessed: false, indexLags: false };
const START = Date.UTC(2030, 0, 1);
const WRITES_IN_A_BATCH = 25;

/**
 * Runs a plan against the database and looks at the table between any two requests.
 * @param onPlayed is told the requests in their order, in a few words each.
 * @returns how many requests its operations made.
 * @throws Error naming the invariant that does not hold, with the requests in their order.
 */
export async function runPlan(
  product: Product,
  place: Place,
  plan: Plan,
  onPlayed: (taken: string[]) => void = () => undefined,
): Promise<number> {
  const run = new Run(product, place, plan);
  try {
    await run.prepare();
    await run.play();
    onPlayed(run.turns.taken);
    return run.turns.taken.length;
  } catch (cause) {
    const { name, message } = cause as Error;
    const what = cause instanceof InvariantError ? message : `${name}: ${message}`;
    throw new Error([what, ...run.turns.taken].join("\n  "), { cause });
  } finally {
    await run.clean();
  }
}

class Run {
  readonly turns = new Turns();
  readonly #product: Product;
  readonly #place: Place;
  readonly #plan: Plan;
  readonly #observer: Observer;
  readonly #earlier: Opened[] = [];
  readonly #came: Came[] = [];
  readonly #shared: Shared;
  #now = START;
  /** How many writes there had been at the last look: reads change nothing. */
  #looked = 0;

  constructor(product: Product, place: Place, plan: Plan) {
    this.#product = product;
    this.#place = place;
    this.#plan = plan;
    const observer = new Observer(place.documents, place.tables.sessions, plan);
    this.#observer = observer;
    this.#shared = {
      documents: place.documents,
      turns: this.turns,
      disturbance: plan,
      named: (pk) => observer.name(pk),
      counts: { writes: 0 },
    };
  }

  /** What there was before: alice's logins, in peace. */
  async prepare(): Promise<void> {
    const { before, hasPassword, policy, ageMs } = this.#plan;
    const { directory, store } = this.#instance("before", 0, this.#peaceful());
    if (hasPassword) {
      await directory.add({ userName: "alice", passwordHash: PASSWORD, isAdmin: false, permissions: [] });
    }
    for (let index = 0; index < before; index++) {
      const answer = await store.login({
        user: { id: "alice", isAdmin: false, permissions: [] },
        identitySource: "trusted",
        device: { label: `before-${index}`, class: "desktop" },
        place: placeOf(`before-${index}`),
        policy: { ...policy, atLimit: "displace" },
      });
      if (answer.outcome !== "logged-in") throw new Error(`an earlier login answered ${answer.outcome}`);
      this.#earlier.push({ token: answer.token, id: answer.session.id });
      this.#now += 1;
    }
    this.#now += ageMs;
  }

  async play(): Promise<void> {
    const { clients, turns, tickMs, crash } = this.#plan;
    const first = await this.#observer.look(this.#now);
    for (const [client, { step, skewMs }] of clients.entries()) {
      const label = `client-${client}`;
      const came = { client, label, step: step.step };
      this.#ask(client, label).then(
        (answer) => {
          this.#came.push({ ...came, at: this.#now + skewMs, answer });
          for (const id of answer.ended) this.#observer.answeredEnded.set(id, `${step.step} ${client}`);
        },
        (error: unknown) => this.#came.push({ ...came, at: this.#now + skewMs, ...cameOf(error) }),
      );
    }
    await this.turns.play(turns, async () => {
      if (this.#shared.counts.writes > this.#looked) await this.#observer.look(this.#now);
      this.#looked = this.#shared.counts.writes;
      this.#now += tickMs;
    });
    const last = await this.#observer.look(this.#now);
    for (const [client, { step }] of clients.entries()) {
      if (this.#came.some((came) => came.client === client)) continue;
      if (crash?.client !== client) throw new Error(`${step.step} ${client} never answered`);
      this.#came.push({ client, label: `client-${client}`, step: step.step, at: this.#now });
    }
    const { store } = this.#instance("after", 0, this.#peaceful());
    await judge({
      plan: this.#plan,
      now: this.#now,
      first,
      last,
      observer: this.#observer,
      came: this.#came,
      opened: [...this.#earlier, ...this.#came.flatMap(({ answer }) => answer?.opened ?? [])],
      validate: (token, how) => store.validate(token, how),
    });
  }

  /** Removes all that the plan made. */
  async clean(): Promise<void> {
    const { documents, tables } = this.#place;
    const { pks } = this.#observer;
    for (let start = 0; start < pks.length; start += WRITES_IN_A_BATCH) {
      const chunk = pks.slice(start, start + WRITES_IN_A_BATCH);
      const deletes = chunk.map((pk) => ({ DeleteRequest: { Key: { pk } } }));
      await documents.send(new BatchWriteCommand({ RequestItems: { [tables.sessions]: deletes } }));
    }
    await documents.send(new DeleteCommand({ TableName: tables.users, Key: { userName: "alice" } }));
  }

  async #ask(client: number, label: string): Promise<Answer> {
    const { step, skewMs } = this.#plan.clients[client]!;
    return takeStep(step, {
      plan: this.#plan,
      instance: this.#instance(label, skewMs, this.#shared, client),
      label,
      earlier: (index) => this.#earlier[index % this.#earlier.length]!,
      sweep: () => {
        const undisturbed = { ...this.#peaceful(), turns: this.turns, counts: this.#shared.counts };
        return sweepTtl(turnClient(client, undisturbed), this.#place.tables.sessions, this.#now);
      },
    });
  }

  /** For what is done before and after the plan: each request at once, and none of them disturbed. */
  #peaceful(): Shared {
    const turns: Shared["turns"] = { take: (_client, _label, work) => work() };
    return { ...this.#shared, disturbance: UNDISTURBED, turns, counts: { writes: 0 } };
  }

  #instance(name: string, skewMs: number, shared: Shared, client = -1): Instance {
    return createInstance({
      product: this.#product,
      place: this.#place,
      plan: this.#plan,
      name,
      documents: turnClient(client, shared),
      clock: () => this.#now + skewMs,
      pause: () => shared.turns.take(client, "waits", () => Promise.resolve()),
    });
  }
}

/**
 * What the caller knows of an operation that failed: nothing happened, or nobody knows. Anything else is a
 * fault of the product.
 */
function cameOf(error: unknown): Pick<Came, "answer" | "error"> {
  const { name, effect } = error as { readonly name?: string; readonly effect?: string };
  if (name !== "StoreUnavailableError") return { error };
  return effect === "unknown" ? {} : { answer: { result: "unavailable", ended: [] } };
}
