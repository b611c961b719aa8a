import { Backoff, type BackoffDependencies } from "../dynamodb/backoff.ts";

/** Why a service did not take a thing. */
export interface Refusal {
  /** The service's own code, or the name of the error. */
  readonly code: string;
  /** What was thrown, where no answer came. */
  readonly error?: unknown;
}

/**
 * Gives some things to a service. The answer has an entry for each, in their order: `undefined` where it was
 * taken. What it throws counts as a refusal of all of them.
 */
export type Send<Thing> = (things: readonly Thing[]) => Promise<readonly (Refusal | undefined)[]>;

export interface Refused<Thing> {
  readonly thing: Thing;
  readonly refusal: Refusal;
}

export interface DeliverOptions<Thing> {
  readonly send: Send<Thing>;
  /** Things of one turn are sent one after another, in their order. */
  readonly turnOf: (thing: Thing) => string;
}

/** What both EventBridge and SQS take in one call. */
export const LARGEST_CALL = 10;
const TRIES = 3;
const BACKOFF = { firstMs: 100, longestMs: 2000, patienceMs: 15_000 };

interface Waiting<Thing> {
  readonly thing: Thing;
  readonly tries: number;
}

/**
 * Gives things to a service, ten a call, what was refused up to three times. The calls for things of one turn
 * are made in order: a later one waits until an earlier one was taken, or was refused for good.
 * @returns what was refused for good, in the order given. All else was taken.
 */
export async function deliver<Thing>(
  dependencies: BackoffDependencies,
  things: readonly Thing[],
  options: DeliverOptions<Thing>,
): Promise<Refused<Thing>[]> {
  const backoff = new Backoff(dependencies, BACKOFF);
  const refusals = new Map<Thing, Refusal>();
  let waiting: readonly Waiting<Thing>[] = things.map((thing) => ({ thing, tries: 0 }));
  while (waiting.length > 0) {
    const { first, later } = firstOfEachTurn(waiting, options);
    const failed = (await Promise.all(inCalls(first).map((call) => sendOnce(options, call)))).flat();
    for (const { thing, refusal } of failed) refusals.set(thing, refusal);
    const taken = new Set(first.map(({ thing }) => thing));
    for (const { thing } of failed) taken.delete(thing);
    for (const thing of taken) refusals.delete(thing);
    const again = first.filter(({ thing, tries }) => !taken.has(thing) && tries + 1 < TRIES);
    // Earlier ones first, so that each is still the first of its turn.
    waiting = [...again.map(({ thing, tries }) => ({ thing, tries: tries + 1 })), ...later];
    if (again.length > 0 && (await backoff.wait()) === "out-of-patience") {
      for (const { thing } of later) refusals.set(thing, { code: "OutOfPatience" });
      break;
    }
  }
  return things.flatMap((thing) => {
    const refusal = refusals.get(thing);
    return refusal === undefined ? [] : [{ thing, refusal }];
  });
}

/** What can be sent now, and what must wait for it. */
function firstOfEachTurn<Thing>(
  waiting: readonly Waiting<Thing>[],
  { turnOf }: Pick<DeliverOptions<Thing>, "turnOf">,
) {
  const taken = new Set<string>();
  const first: Waiting<Thing>[] = [];
  const later: Waiting<Thing>[] = [];
  for (const one of waiting) {
    const turn = turnOf(one.thing);
    (taken.has(turn) ? later : first).push(one);
    taken.add(turn);
  }
  return { first, later };
}

function inCalls<Thing>(waiting: readonly Waiting<Thing>[]): Thing[][] {
  const things = waiting.map(({ thing }) => thing);
  const calls: Thing[][] = [];
  for (let start = 0; start < things.length; start += LARGEST_CALL)
    calls.push(things.slice(start, start + LARGEST_CALL));
  return calls;
}

/** @returns those that were not taken. */
async function sendOnce<Thing>(
  { send }: Pick<DeliverOptions<Thing>, "send">,
  things: readonly Thing[],
): Promise<Refused<Thing>[]> {
  try {
    const answers = await send(things);
    return things.flatMap((thing, index) => {
      // No entry is no yes.
      const refusal = index < answers.length ? answers[index] : { code: "NoAnswer" };
      return refusal === undefined ? [] : [{ thing, refusal }];
    });
  } catch (error) {
    const refusal = { code: error instanceof Error ? error.name : "Error", error };
    return things.map((thing) => ({ thing, refusal }));
  }
}
