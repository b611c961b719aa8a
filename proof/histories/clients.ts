import { setTimeout as sleep } from "node:timers/promises";
import { Draws } from "../../test/support/seeded.ts";
import type { Call } from "./history.ts";
import type { IdTokenIssuer } from "./id-tokens.ts";
import type { FunctionInstance } from "./instance.ts";
import type { ClientKnowledge, KnownToken } from "./client-knowledge.ts";
import type { Ledger } from "./ledger.ts";
import { perform, performAdminLogout, performList } from "./perform.ts";
import type { RoundPlan } from "./plan.ts";
import type { Fate, Recorder } from "./recorder.ts";
import { nextChange, nextStep, type Step } from "./workload.ts";

/** Everything of a round that its clients act upon. */
export interface World {
  readonly plan: RoundPlan;
  readonly instances: readonly FunctionInstance[];
  readonly knowledge: ClientKnowledge;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  readonly issuer: IdTokenIssuer;
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
}

interface Client {
  readonly name: string;
  readonly address: string;
  /** The tokens it was given. */
  readonly own: KnownToken[];
}

/** The operator changes users of the directory in this share of the round's operations, where it has any. */
const OPERATOR_SHARE = 0.12;

/** Runs all clients of a round, and the operator, to their ends. */
export async function runClients(world: World): Promise<void> {
  const { plan } = world;
  const each = Math.ceil(plan.operations / plan.clients);
  await Promise.all([
    ...Array.from({ length: plan.clients }, (_, index) => runClient(world, index, each)),
    runOperator(world, Math.round(plan.operations * OPERATOR_SHARE)),
  ]);
}

/**
 * Validates every token that was ever given, one after the other and without touching; for when all is quiet.
 */
export async function readEverything(world: World): Promise<void> {
  const reader = newClient(world, "reader", 99);
  const draws = new Draws(world.plan.seed, "reader");
  for (const { session, userId, token } of world.knowledge.tokens) {
    const call = { call: "validate", session, userId, watch: true } as const;
    await makeCall(world, reader, { step: "call", call, secrets: { token } }, draws, { fate: "none" });
  }
}

async function runClient(world: World, index: number, steps: number): Promise<void> {
  const { plan } = world;
  const client = newClient(world, `client ${index + 1}`, index);
  const home = plan.users[index % plan.users.length]!;
  for (let nth = 0; nth < steps; nth++) {
    const draws = new Draws(plan.seed, "client", index, nth);
    await sleep(pauseMs(draws, plan));
    const step = await nextStep(draws, client.own, home, world);
    await take(world, client, step, draws);
  }
}

async function runOperator(world: World, steps: number): Promise<void> {
  const { plan, knowledge, ledger, recorder } = world;
  const users = plan.users.filter(({ source }) => source === "passwords");
  if (users.length === 0) return;
  const client = newClient(world, "operator", 98);
  const disabled = new Set<string>();
  for (let nth = 0; nth < steps; nth++) {
    const draws = new Draws(plan.seed, "operator", nth);
    await sleep(
      draws.between(0, 2 * TYPICAL_CALL_MS * (plan.operations / plan.clients / Math.max(1, steps))),
    );
    const { id: userId } = draws.pick(users);
    const step = nextChange(draws, { userId, isDisabled: disabled.has(userId) }, knowledge);
    if (step.call.call === "disable") disabled.add(userId);
    if (step.call.call === "enable") disabled.delete(userId);
    const context = await makeCall(world, client, step, draws, fateOf(draws, plan));
    await recorder.over(context);
    await ledger.quiet(context);
  }
}

function newClient({ plan }: World, name: string, index: number): Client {
  // The throttle counts by address: rounds that shared one would slow each other down.
  const draws = new Draws(plan.users[0]?.id ?? "", "address", index);
  const part = (): number => draws.whole(1, 254);
  return { name, address: `10.${part()}.${part()}.${part()}`, own: [] };
}

/** About what a call takes in real time. */
const TYPICAL_CALL_MS = 40;

/** Now and then a client does nothing for a while; where timeouts are short, long enough to be met by one. */
function pauseMs(draws: Draws, { profile, scale, timeouts }: RoundPlan): number {
  const { idle, absolute } = timeouts;
  switch (profile.timeouts) {
    case "long":
      return draws.chance(0.1) ? draws.between(0, 2 * TYPICAL_CALL_MS) : 0;
    case "short":
      return draws.chance(0.15) && idle !== "none" ? (draws.between(0.2, 1.3) * idle) / scale : 0;
    case "ttl":
      return draws.chance(0.2) ? (draws.between(0.5, 1.2) * (absolute + HOUR)) / scale : 0;
  }
}

const HOUR = 60 * 60_000;

function fateOf(draws: Draws, { profile }: RoundPlan): Fate {
  const afterMs = draws.between(0, 2 * TYPICAL_CALL_MS);
  const draw = draws.next();
  if (draw < profile.crashes) return { fate: "crash", afterMs };
  return draw < profile.crashes + profile.lostAnswers ? { fate: "lost-answer", afterMs } : { fate: "none" };
}

async function take(world: World, client: Client, step: Step, draws: Draws): Promise<void> {
  const { plan, recorder, instances } = world;
  const fate = fateOf(draws, plan);
  switch (step.step) {
    case "call": {
      const twin = step.twice === true ? { ...client, name: `${client.name}b` } : undefined;
      await Promise.all([
        makeCall(world, client, step, draws, fate),
        twin && makeCall(world, twin, step, draws, { fate: "none" }),
      ]);
      break;
    }
    case "admin-logout": {
      const instance = draws.pick(instances);
      const calls = step.userIds.map((userId) => ({ call: "adminLogout", userId }) as const);
      await recorder.record(client.name, fate, calls, async () => {
        const answers = await performAdminLogout(instance, step.userIds);
        const recorded = [...answers].map(([userId, answer]) => ({
          call: { call: "adminLogout", userId } as const,
          answer,
        }));
        return { recorded, result: undefined };
      });
      break;
    }
    case "list": {
      const { session, userId, token } = step.known;
      const instance = draws.pick(instances);
      const watch = (id: string): Call => ({ call: "validate", session: id, userId, watch: true });
      await recorder.record(client.name, fate, [watch(session)], async () => {
        const answer = await performList(instance, token, client.address);
        const recorded =
          "answer" in answer
            ? [{ call: watch(session), answer }]
            : [...answer].map(([id, seen]) => ({ call: watch(id), answer: seen }));
        return { recorded, result: undefined };
      });
    }
  }
}

/** @returns the id of the call in the ledger. */
async function makeCall(
  { recorder, knowledge, instances }: World,
  client: Client,
  { call, secrets }: Extract<Step, { step: "call" }>,
  draws: Draws,
  fate: Fate,
): Promise<string> {
  const instance = draws.pick(instances);
  const watch = call.call === "validate" && call.watch === true;
  const { context, result } = await recorder.record(client.name, fate, [call], async () => {
    const performed = await perform(instance, call, secrets, { address: client.address, watch });
    return { recorded: [{ call, answer: performed.answer }], result: performed };
  });
  if (result?.answer.answer === "limit") knowledge.offer(call.userId, result.answer.sessions);
  if (result?.answer.answer === "loggedIn" && result.token !== undefined) {
    const known = { session: result.answer.session, token: result.token, userId: call.userId };
    knowledge.learn(known);
    client.own.push(known);
  }
  return context;
}
