import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { FAULT_KINDS, type FaultKind } from "../../test/support/fault-plan.ts";
import { localDocuments } from "../../test/support/local-client.ts";
import { createTables } from "../../test/support/tables.ts";
import { checkHistory } from "./checker.ts";
import { createIdTokenIssuer } from "./id-tokens.ts";
import { planRound } from "./plan.ts";
import { loadProduct, type Product } from "./product.ts";
import type { Profile } from "./profiles.ts";
import { addRound, newReport, type RunReport } from "./report.ts";
import { runRound, type Arena, type Injected } from "./round.ts";

export interface RunOptions {
  /** Of the whole run; or `seed/index`, as reports name a round, to begin with that round. */
  readonly seed: string;
  /** No round is begun after so long. One minute, unless `rounds` is given. */
  readonly minutes?: number;
  readonly rounds?: number;
  /** How many rounds run at once; 3 unless given. */
  readonly workers?: number;
  /** This checkout's, unless given. */
  readonly product?: Product;
  /** The circumstances of every round; else the seed chooses them. */
  readonly profile?: Profile;
  /** Of a DynamoDB Local; where it is not given, one is started for the run. */
  readonly endpoint?: string;
  /** Called after each round. */
  readonly onProgress?: (report: RunReport) => void;
  /** Ends the run after the rounds that are under way. */
  readonly signal?: AbortSignal;
  /** Go on after a violation. */
  readonly keepGoing?: boolean;
}

const ROUNDS_AT_ONCE = 3;
const MINUTE = 60_000;

/**
 * Runs rounds and checks each one's history; a round's seed is `seed/index`. It ends when the time is up, the
 * rounds are done, or an invariant was broken.
 */
export async function runRounds(options: RunOptions): Promise<RunReport> {
  if (options.endpoint !== undefined) return runIn(options.endpoint, options);
  const database = await startDynamoDbLocal();
  try {
    return await runIn(database.endpoint, options);
  } finally {
    await database.stop();
  }
}

const NOTHING_INJECTED = Object.fromEntries(
  [...FAULT_KINDS, "crash", "lost-answer", "ttl-deletion"].map((kind) => [kind, 0]),
) as Record<FaultKind, number> & Injected;

async function runIn(databaseEndpoint: string, options: RunOptions): Promise<RunReport> {
  const { rounds = Infinity, workers = ROUNDS_AT_ONCE, keepGoing = false } = options;
  const minutes = options.minutes ?? (options.rounds === undefined ? 1 : Infinity);
  const { seed, first } = splitSeed(options.seed);
  const documents = localDocuments(databaseEndpoint);
  const arena: Arena = {
    product: options.product ?? (await loadProduct()),
    databaseEndpoint,
    documents,
    tables: await createTables(documents),
    issuer: await createIdTokenIssuer(),
  };
  const report = newReport(options.seed, NOTHING_INJECTED);
  const startedAt = performance.now();
  let begun = 0;
  const isOver = (): boolean =>
    begun >= rounds ||
    performance.now() - startedAt >= minutes * MINUTE ||
    options.signal?.aborted === true ||
    (!keepGoing && report.violations.length > 0);

  const work = async (): Promise<void> => {
    while (!isOver()) {
      const index = first + begun++;
      const plan = planRound(`${seed}/${index}`, `user-${index}`, options.profile);
      const result = await runRound(plan, arena);
      addRound(report, plan, result, checkHistory(result.history));
      report.elapsedMs = performance.now() - startedAt;
      options.onProgress?.(report);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  documents.destroy();
  return report;
}

function splitSeed(seed: string): { readonly seed: string; readonly first: number } {
  const [, base, index] = /^(.+)\/(\d+)$/.exec(seed) ?? [];
  return base === undefined ? { seed, first: 0 } : { seed: base, first: Number(index) };
}
