import fc from "fast-check";
import type { Handler } from "../../functions/wiring.ts";
import { lambdaContext } from "../../test/http/events.ts";
import { eventOf, type Input } from "./inputs.ts";
import type { Lane, LaneName } from "./lanes.ts";
import { isObject, outcomeOf, type Observation } from "./observation.ts";
import { problemsOf } from "./oracle.ts";
import { createPeople, LIVE_NAMES, USER_NAMES, type People } from "./people.ts";
import { fillIn } from "./placeholders.ts";
import { startService, type HandlerName, type Service } from "./service.ts";

/** An input that brought about what may not be, as small as it could be made, and how to see it again. */
export interface Failure {
  readonly lane: LaneName;
  readonly seed: number;
  readonly path: string;
  readonly input: Input;
  readonly problems: string;
}

/** How often each lane gave each answer. */
export type Counts = ReadonlyMap<LaneName, ReadonlyMap<string, number>>;

export interface Fuzzer {
  /**
   * Sends so many inputs of one lane; the same ones for the same seed. The first failure is shrunk and ends
   * it.
   */
  run(lane: Lane, options: { seed: number; inputs: number; path?: string }): Promise<Failure | undefined>;
  /** Sends one input and says what came of it. */
  observe(lane: Lane, input: Input): Promise<Observation>;
  readonly counts: Counts;
  /** The handlers as they are. */
  readonly handlers: Service["handlers"];
  stop(): Promise<void>;
}

const FORGIVEN_EVERY = 250;
const SHARED = [Object.prototype, Array.prototype, Function.prototype, String.prototype];
const shared = (): string =>
  SHARED.map((prototype) => Reflect.ownKeys(prototype).map(String).join()).join(";");

/**
 * @param endpoint of the database.
 * @param wrap puts something around each handler: for trying whether the oracle notices what it should.
 */
export async function createFuzzer(
  endpoint: string,
  wrap: (name: HandlerName, handler: Handler) => Handler = (_, handler) => handler,
): Promise<Fuzzer> {
  const service = await startService(endpoint);
  const people = await createPeople(service);
  const untouched = shared();
  const counts = new Map<LaneName, Map<string, number>>();
  let tried = 0;

  async function observe(lane: Lane, input: Input): Promise<Observation> {
    if (tried++ % FORGIVEN_EVERY === 0) await people.forgiveFailures();
    const before = await people.restore();
    const filled = await fillIn(input, service, people);
    const event = eventOf(filled.value);
    const handler = wrap(lane.handler, service.handlers[lane.handler]);
    service.log.take();
    const writes = service.tables.writes();
    const answer = await handler(event, lambdaContext()).then(
      (returned) => ({ returned }),
      (thrown: unknown) => ({ thrown }),
    );
    const lines = service.log.take();
    const after = service.tables.writes() === writes ? before : await people.look();
    const { presented, proven } = whatIsIn(event, people);
    return {
      lane: lane.name,
      handler: lane.handler,
      event,
      answer,
      lines,
      before,
      after,
      secrets: [...new Set([...people.secrets(), ...filled.secrets])],
      presented,
      proven: [...proven, ...filled.vouchedFor],
      prototypesChanged: shared() !== untouched,
    };
  }

  return {
    counts,
    handlers: service.handlers,
    observe,
    async run(lane, { seed, inputs, path }) {
      let hasFailed = false;
      const ofLane = counts.get(lane.name) ?? new Map<string, number>();
      counts.set(lane.name, ofLane);
      const property = fc.asyncProperty(lane.inputs, async (input) => {
        const observation = await observe(lane, input).catch((error: unknown) => {
          hasFailed = true;
          throw error;
        });
        const problems = problemsOf(observation);
        const outcome = outcomeOf(observation);
        if (!hasFailed) ofLane.set(outcome, (ofLane.get(outcome) ?? 0) + 1);
        hasFailed ||= problems.length > 0;
        if (problems.length > 0) throw new Error(problems.join("\n"));
      });
      const details = await fc.check(property, {
        seed,
        numRuns: inputs,
        ...(path !== undefined && { path }),
      });
      if (!details.failed) return undefined;
      const input = details.counterexample?.[0];
      if (input === undefined) throw new Error("fast-check gave no counterexample");
      const problems = details.errorInstance instanceof Error ? details.errorInstance.message : "unknown";
      return { lane: lane.name, seed, path: details.counterexamplePath ?? "", input, problems };
    },
    stop: () => service.stop(),
  };
}

/** Whose live tokens and whose passwords an event has, wherever they are in it. */
function whatIsIn(event: unknown, people: People): Pick<Observation, "presented" | "proven"> {
  const { body } = isObject(event) ? event : {};
  const decoded = typeof body === "string" ? Buffer.from(body, "base64").toString() : "";
  const text = `${JSON.stringify(event)} ${decoded}`;
  return {
    presented: LIVE_NAMES.map((name) => people.person(name)).filter(({ token }) => text.includes(token)),
    proven: USER_NAMES.filter((name) => text.includes(people.password(name))),
  };
}
