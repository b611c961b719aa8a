import type { CheckResult } from "./checker.ts";
import type { Answer } from "./history.ts";
import type { Injected, RoundResult } from "./round.ts";
import type { RoundPlan } from "./plan.ts";

/** A round that broke an invariant. */
export interface ViolationReport {
  /** The round's own seed: with it as `--seed` the round is run again. */
  readonly seed: string;
  readonly profile: string;
  readonly invariant: string;
  /** For people: the smallest part of the history that is still wrong. */
  readonly explanation: string;
  /** What functions logged as errors in that round. */
  readonly errors: readonly unknown[];
}

type Counts = Record<string, number>;

/** What a run did, so that nobody need take an empty one for a proof. */
export interface RunReport {
  readonly seed: string;
  elapsedMs: number;
  /** Each of them one history, checked. */
  rounds: number;
  readonly roundsByProfile: Counts;
  operations: number;
  readonly operationsByCall: Counts;
  readonly answers: Counts;
  readonly injected: Injected;
  /** Sessions that logins said they displaced. */
  displaced: number;
  /** The most calls under way at once within one round. */
  mostInFlight: number;
  /** Histories whose check was given up: neither a yes nor a no. */
  undecided: number;
  /** Which they were, and why. */
  readonly undecidedRounds: string[];
  readonly violations: ViolationReport[];
}

export function newReport(seed: string, injected: Injected): RunReport {
  return {
    seed,
    elapsedMs: 0,
    rounds: 0,
    roundsByProfile: {},
    operations: 0,
    operationsByCall: {},
    answers: {},
    injected: { ...injected },
    displaced: 0,
    mostInFlight: 0,
    undecided: 0,
    undecidedRounds: [],
    violations: [],
  };
}

/** Adds a round and what the checker says of it. */
export function addRound(report: RunReport, plan: RoundPlan, result: RoundResult, check: CheckResult): void {
  const { history, raw, injected, mostInFlight, errors } = result;
  report.rounds++;
  count(report.roundsByProfile, plan.profile.name);
  for (const { call, answer } of history.operations) {
    report.operations++;
    count(report.operationsByCall, call.call);
    count(report.answers, nameOf(answer));
    if (answer.answer === "loggedIn") report.displaced += answer.displaced.length;
  }
  for (const [kind, times] of Object.entries(injected)) report.injected[kind as keyof Injected] += times;
  report.mostInFlight = Math.max(report.mostInFlight, mostInFlight);
  if (check.verdict === "undecided") {
    report.undecided++;
    report.undecidedRounds.push(`${plan.seed} (${plan.profile.name}): ${check.why}`);
  }
  const found = [
    ...(check.verdict === "violation" ? [check] : []),
    ...raw.map(({ invariant, explanation }) => ({ invariant, explanation })),
  ];
  for (const { invariant, explanation } of found) {
    report.violations.push({
      seed: plan.seed,
      profile: plan.profile.name,
      invariant,
      explanation,
      errors,
    });
  }
}

const count = (counts: Counts, name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);

function nameOf(answer: Answer): string {
  switch (answer.answer) {
    case "dead":
      return `dead: ${answer.reason}`;
    case "unavailable":
      return `unavailable, effect ${answer.effect}`;
    case "loggedIn":
    case "limit":
    case "refused":
    case "live":
    case "done":
    case "notFound":
    case "lost":
    case "fault":
      return answer.answer;
  }
}

/** One line for a terminal. */
export function progressLine(report: RunReport): string {
  const { elapsedMs, rounds, operations, undecided, violations } = report;
  return [
    duration(elapsedMs),
    `${rounds} rounds`,
    `${operations} operations (${perSecond(report)}/s)`,
    `${faultsOf(report)} faults`,
    `${undecided} undecided`,
    `${violations.length} violations`,
  ].join(", ");
}

const faultsOf = ({ injected }: RunReport): number =>
  Object.values(injected).reduce((sum, times) => sum + times, 0);

const perSecond = ({ operations, elapsedMs }: RunReport): number =>
  Math.round(operations / Math.max(1, elapsedMs / 1000));

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** The summary of a run, in Markdown, which is also how a terminal shows it. */
export function summary(report: RunReport): string {
  const whole: Counts = {
    "rounds (histories checked)": report.rounds,
    operations: report.operations,
    "operations a second": perSecond(report),
    "most calls under way at once in a round": report.mostInFlight,
    "sessions displaced": report.displaced,
    "faults injected": faultsOf(report),
    undecided: report.undecided,
    violations: report.violations.length,
  };
  return [
    `Seed \`${report.seed}\`, ${duration(report.elapsedMs)}.`,
    ...report.undecidedRounds.map((round) => `Undecided: ${round}`),
    table("", whole),
    table("operations", report.operationsByCall),
    table("answers", report.answers),
    table("faults injected", report.injected),
    table("rounds by circumstances", report.roundsByProfile),
  ].join("\n\n");
}

function table(title: string, counts: Counts): string {
  const rows = Object.entries(counts);
  const names = Math.max(title.length, ...rows.map(([name]) => name.length));
  const numbers = Math.max(5, ...rows.map(([, number]) => String(number).length));
  const line = (name: string, number: string): string =>
    `| ${name.padEnd(names)} | ${number.padStart(numbers)} |`;
  return [
    line(title, "count"),
    `| ${"-".repeat(names)} | ${"-".repeat(numbers - 1)}: |`,
    ...rows.map(([name, number]) => line(name, String(number))),
  ].join("\n");
}

/** A violation for a person, and how to see it again. */
export function describeViolation({
  seed,
  profile,
  invariant,
  explanation,
  errors,
}: ViolationReport): string {
  const logged = errors.length === 0 ? [] : ["Logged by the functions:", JSON.stringify(errors, null, 2)];
  return [
    `VIOLATION of ${invariant}, in the round with the seed ${seed} (${profile}):`,
    explanation,
    ...logged,
    `Again: npm run prove -- --seed ${seed} --rounds 1 --profile ${profile}`,
  ].join("\n\n");
}
