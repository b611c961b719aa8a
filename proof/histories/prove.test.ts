// Long: started first.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startDynamoDbLocal, type DynamoDbLocal } from "../../local/dynamodb-local.ts";
import { PROFILES } from "./profiles.ts";
import { describeViolation, summary, type RunReport } from "./report.ts";
import { runRounds } from "./run.ts";

/**
 * The same seeds each time, as many rounds under each circumstance: so that every fault is met however slow
 * the machine is.
 */
const FIXED_SEED = "always";
const ROUNDS_OF_EACH = 2;
/** And then others each time; the output names their seed. */
const NEW = { seed: `date-${Date.now()}`, minutes: 1.25 };
const LONGEST_MS = 600_000;

let database: DynamoDbLocal;
beforeAll(async () => {
  // Not the one of the other tests: it takes one transaction after the other, and rounds have deadlines.
  database = await startDynamoDbLocal();
});
afterAll(() => database.stop());

function expectNoViolation(report: RunReport): void {
  expect(report.violations.map(describeViolation).join("\n\n")).toBe("");
  // A history whose search found no end says nothing either way; many of them would make the run worth
  // nothing.
  expect(report.undecidedRounds.length, report.undecidedRounds.join("\n")).toBeLessThanOrEqual(
    Math.ceil(report.rounds / 10),
  );
}

/** A run that met nothing shows nothing. */
function expectMuchHappened(report: RunReport): void {
  const { answers, injected, operationsByCall } = report;
  expect(Object.entries(injected).filter(([, times]) => times === 0)).toEqual([]);
  for (const answer of ["loggedIn", "live", "limit", "refused", "lost", "unavailable, effect none"]) {
    expect(answers, answer).toHaveProperty([answer]);
  }
  for (const reason of ["displaced", "logged_out", "revoked", "expired", "unknown"]) {
    expect(answers, reason).toHaveProperty([`dead: ${reason}`]);
  }
  expect(Object.keys(operationsByCall)).toHaveLength(9);
  expect(report.displaced).toBeGreaterThan(0);
  expect(report.mostInFlight).toBeGreaterThan(2);
}

test(
  "rounds under every circumstance show no violation, and meet every fault",
  { timeout: LONGEST_MS },
  async () => {
    const reports: RunReport[] = [];
    for (const profile of Object.values(PROFILES)) {
      const seed = `${FIXED_SEED}-${profile.name}`;
      const { endpoint } = database;
      reports.push(await runRounds({ seed, rounds: ROUNDS_OF_EACH, profile, endpoint }));
    }
    for (const report of reports) expectNoViolation(report);
    expectMuchHappened(merged(reports));
  },
);

test("rounds that nobody has run before show no violation", { timeout: LONGEST_MS }, async () => {
  const report = await runRounds({ ...NEW, endpoint: database.endpoint });
  process.stdout.write(`\n${summary(report)}\n`);
  expectNoViolation(report);
});

function merged(reports: readonly RunReport[]): RunReport {
  const [first, ...others] = reports;
  if (first === undefined) throw new RangeError("no report");
  return others.reduce(
    (sum, report) => ({
      ...sum,
      rounds: sum.rounds + report.rounds,
      displaced: sum.displaced + report.displaced,
      mostInFlight: Math.max(sum.mostInFlight, report.mostInFlight),
      answers: added(sum.answers, report.answers),
      injected: added(sum.injected, report.injected) as RunReport["injected"],
      operationsByCall: added(sum.operationsByCall, report.operationsByCall),
    }),
    first,
  );
}

function added(one: Record<string, number>, other: Record<string, number>): Record<string, number> {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}
