import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import { startDynamoDbProxy, type ProxyObserver } from "../../test/support/dynamodb-proxy.ts";
import {
  createFaultPlan,
  FAULT_KINDS,
  type FaultKind,
  type FaultPlan,
} from "../../test/support/fault-plan.ts";
import { IndexLag } from "../../test/support/index-lag.ts";
import type { AllTables } from "../../test/support/tables.ts";
import { TtlAgent } from "../../test/support/ttl-agent.ts";
import { readEverything, runClients, type World } from "./clients.ts";
import type { History } from "./history.ts";
import { cheapHasher } from "../../test/support/cheap-hash.ts";
import { OIDC_SOURCE, type IdTokenIssuer } from "./id-tokens.ts";
import { startInstance } from "./instance.ts";
import { ClientKnowledge, passwordOf } from "./client-knowledge.ts";
import { Ledger } from "./ledger.ts";
import { LARGEST_SKEW_MS, type RoundPlan } from "./plan.ts";
import type { Product } from "./product.ts";
import { inspectTable, type RawViolation } from "./raw-check.ts";
import { Recorder } from "./recorder.ts";
import { VirtualTime } from "./virtual-time.ts";

/** Where rounds take place. */
export interface Arena {
  readonly product: Product;
  readonly databaseEndpoint: string;
  /** Past all proxies. */
  readonly documents: DynamoDBDocumentClient;
  /** Its rounds share them, each with users of its own: making tables takes longer than a round. */
  readonly tables: AllTables;
  readonly issuer: IdTokenIssuer;
}

export type Injected = Record<FaultKind | "crash" | "lost-answer" | "ttl-deletion", number>;

export interface RoundResult {
  readonly history: History;
  /** What the table itself says against the invariants, whatever anybody was answered. */
  readonly raw: readonly RawViolation[];
  readonly injected: Injected;
  readonly mostInFlight: number;
  /** What functions logged as errors, for whoever looks into a violation. */
  readonly errors: readonly unknown[];
}

/** Real milliseconds. */
const GIVES_UP_AFTER_MS = 1200;
const LONGEST_DELAY_MS = 25;
/** Real milliseconds that indexes lag at most: longer than most rounds' neighbouring operations are apart. */
const LONGEST_LAG_MS = 3000;
const HASTE = 5;
const TTL_EVERY_MS = 25;
const MOST_ERRORS = 20;

/**
 * One round: users, clients and functions come up, do what the seed says among the faults it says, and fall
 * quiet again.
 */
export async function runRound(plan: RoundPlan, arena: Arena): Promise<RoundResult> {
  const time = new VirtualTime(Date.now(), plan.scale);
  const now = () => time.now();
  const ledger = new Ledger(now);
  const lag = new IndexLag(() => performance.now());
  const agent = new TtlAgent(arena.documents);
  const observer: ProxyObserver = {
    arrived: (request) => {
      ledger.arrived(request);
      agent.notePassing(request);
    },
    over: (request, carriedOut) => {
      if (carriedOut !== undefined) lag.noteCarriedOut(request, carriedOut);
      ledger.over(request);
    },
  };
  const errors: unknown[] = [];
  const settings = settingsOf(plan);
  const policies = new Map(plan.users.map(({ id, policy }) => [id, policy]));
  const proxies = await Promise.all(
    plan.skewsMs.map(() => startDynamoDbProxy(arena.databaseEndpoint, observer)),
  );
  const instances = proxies.map((proxy, index) =>
    startInstance({
      ...arena,
      endpoint: proxy.endpoint,
      settings,
      policyModule: { policy: ({ id }: { id: string }) => policies.get(id) },
      clock: time.clock(plan.skewsMs[index] ?? 0),
      scale: plan.scale,
      givesUpAfterMs: GIVES_UP_AFTER_MS,
      haste: HASTE,
      onError: (lines) => {
        if (errors.length < MOST_ERRORS) errors.push(...lines);
      },
    }),
  );
  try {
    const knowledge = new ClientKnowledge();
    const credentials = await addUsers(plan, arena, knowledge);
    const faultPlans = proxies.map((proxy, index) => {
      const faults = createFaultPlan({
        seed: `${plan.seed}/instance-${index}`,
        rates: plan.profile.faults,
        longestDelayMs: LONGEST_DELAY_MS,
        givesUpAfterMs: GIVES_UP_AFTER_MS,
        indexes: { lag, longestMs: LONGEST_LAG_MS },
      });
      proxy.interfere(faults.interfere);
      return faults;
    });
    const recorder = new Recorder(now, ledger);
    const world: World = { plan, instances, knowledge, recorder, ledger, issuer: arena.issuer, now };
    const stopTtl = plan.profile.ttl === "at-once" ? keepSweeping(agent, now) : () => Promise.resolve();
    try {
      await runClients(world);
      await recorder.quiet();
    } finally {
      await stopTtl();
    }
    for (const proxy of proxies) proxy.interfere(() => undefined);
    await readEverything(world);
    const { rosters, violations } = await inspectTable(arena, plan, ledger, now());
    return {
      history: {
        seed: plan.seed,
        users: plan.users.map(({ id }) => id),
        skewMs: LARGEST_SKEW_MS + 1,
        timeouts: plan.timeouts,
        logoutAllSessions: plan.logoutAllSessions,
        credentials,
        operations: recorder.operations(),
        finalRosters: rosters,
      },
      raw: violations,
      injected: injectedIn(faultPlans, recorder, agent),
      mostInFlight: recorder.mostInFlight,
      errors,
    };
  } finally {
    for (const instance of instances) instance.close();
    await Promise.all(proxies.map((proxy) => proxy.stop()));
  }
}

const settingsOf = (plan: RoundPlan): FunctionSettings => ({
  era: "1",
  timeouts: plan.timeouts,
  logoutAllSessions: plan.logoutAllSessions,
  reauthWithin: "none",
  policy: { policyExport: "policy" },
  allowedOrigins: [],
  oidcSources: [OIDC_SOURCE],
});

/** Adds the users of the directory, past the proxies. @returns the name of each one's password. */
async function addUsers(
  { users }: RoundPlan,
  { product, documents, tables }: Arena,
  knowledge: ClientKnowledge,
): Promise<Record<string, string>> {
  const directory = product.wireDirectory({ documents, tables })!;
  const credentials: Record<string, string> = {};
  for (const { id: userName, source } of users) {
    if (source !== "passwords") continue;
    const name = knowledge.newCredentials(userName);
    credentials[userName] = name;
    const passwordHash = await cheapHasher().hash(passwordOf(name));
    const added = await directory.add({ userName, passwordHash, isAdmin: false, permissions: [] });
    if (added !== "added") throw new Error(`the user ${userName} is there already`);
  }
  return credentials;
}

/** @returns a function that ends it, once the sweep under way is over. */
function keepSweeping(agent: TtlAgent, now: () => number): () => Promise<void> {
  const over = new AbortController();
  const sweeping = (async () => {
    while (!over.signal.aborted) {
      await agent.sweep(now());
      await sleep(TTL_EVERY_MS);
    }
  })();
  return () => {
    over.abort();
    return sweeping;
  };
}

function injectedIn(faultPlans: readonly FaultPlan[], recorder: Recorder, agent: TtlAgent): Injected {
  const faults = FAULT_KINDS.map((kind) => [
    kind,
    faultPlans.reduce((sum, { injected }) => sum + injected[kind], 0),
  ]);
  return {
    ...(Object.fromEntries(faults) as Record<FaultKind, number>),
    ...recorder.fates,
    "ttl-deletion": agent.deleted,
  };
}
