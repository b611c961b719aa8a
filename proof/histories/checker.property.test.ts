import fc from "fast-check";
import { expect, test } from "vitest";
import { checkHistory } from "./checker.ts";
import type { History, Operation } from "./history.ts";
import { simulatedHistories } from "./simulated-history.ts";

/**
 * For a longer search: `CHECKER_SEED=7 CHECKER_RUNS=5000 npx vitest run proof/histories/checker.property`.
 */
const SEED = Number(process.env["CHECKER_SEED"] ?? 20_261);
const RUNS = Number(process.env["CHECKER_RUNS"] ?? 300);

test("histories of a system that keeps the rules are accepted, however its operations overlap", () => {
  const counts = { accepted: 0, undecided: 0 };
  fc.assert(
    fc.property(simulatedHistories, (history) => {
      const result = checkHistory(history);
      if (result.verdict === "undecided") {
        counts.undecided++;
        return;
      }
      if (result.verdict === "violation") throw new Error(result.explanation);
      counts.accepted++;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(counts.undecided).toBeLessThanOrEqual(RUNS / 100);
});

/** Changes one answer; nothing where the history has none to change. */
type Corruption = (history: History) => readonly Operation[] | undefined;

const change = (history: History, id: number, answer: Operation["answer"]): readonly Operation[] =>
  history.operations.map((operation) => (operation.id === id ? { ...operation, answer } : operation));

const finalLook = (history: History, session: string): Operation =>
  history.operations.findLast(({ call }) => call.call === "validate" && call.session === session)!;

const LIVE = { answer: "live", idleExpiresAt: 1e9, expiresAt: 1e9 } as const;

function displacing({ operations }: History) {
  return operations.flatMap((operation) =>
    operation.answer.answer === "loggedIn" && operation.answer.displaced.length > 0
      ? [{ operation, answer: operation.answer }]
      : [],
  );
}

const CORRUPTIONS: readonly {
  readonly name: string;
  readonly corrupt: Corruption;
  /**
   * Below one where a login without an answer, or a clock, could now and then really have done what was made
   * up.
   */
  readonly leastRejected: number;
}[] = [
  {
    name: "a displaced session called live again",
    leastRejected: 1,
    corrupt(history) {
      const [victim] = displacing(history).flatMap(({ answer }) => answer.displaced);
      return victim === undefined ? undefined : change(history, finalLook(history, victim).id, LIVE);
    },
  },
  {
    name: "a list of displaced sessions with one missing",
    leastRejected: 0.95,
    corrupt(history) {
      const login = displacing(history).at(-1);
      if (login === undefined) return undefined;
      return change(history, login.operation.id, {
        ...login.answer,
        displaced: login.answer.displaced.slice(1),
      });
    },
  },
  {
    name: "a login that said nothing changed, and ended somebody",
    leastRejected: 1,
    corrupt(history) {
      const login = displacing(history).at(-1);
      if (login === undefined) return undefined;
      const { session } = login.answer;
      const untold = change(history, login.operation.id, { answer: "unavailable", effect: "none" });
      // A login without an answer could have done it.
      const { userId } = login.operation.call;
      if (history.operations.some(({ call, answer }) => call.userId === userId && answer.answer === "lost")) {
        return undefined;
      }
      const told = untold.filter(({ call }) => !("session" in call && call.session === session));
      return JSON.stringify(told).includes(`"${session}"`) ? undefined : told;
    },
  },
  {
    name: "a refused login that ended somebody",
    leastRejected: 0.95,
    corrupt(history) {
      const refused = history.operations.find(({ answer }) => answer.answer === "limit");
      if (refused?.answer.answer !== "limit") return undefined;
      const [victim] = refused.answer.sessions;
      const look = finalLook(history, victim!);
      return look.answer.answer === "live"
        ? change(history, look.id, { answer: "dead", reason: "displaced" })
        : undefined;
    },
  },
  {
    name: "one live session more than the limit",
    leastRejected: 1,
    corrupt(history) {
      const login = displacing(history).findLast(
        ({ answer }) => finalLook(history, answer.session).answer.answer === "live",
      );
      if (login === undefined) return undefined;
      const [victim] = login.answer.displaced;
      const { idleExpiresAt, expiresAt } = login.answer;
      const kept = { ...login.answer, displaced: login.answer.displaced.slice(1) };
      const untold = { ...history, operations: change(history, login.operation.id, kept) };
      return change(untold, finalLook(history, victim!).id, { answer: "live", idleExpiresAt, expiresAt });
    },
  },
];

const SAMPLES = 30;

test.each(CORRUPTIONS)("histories with $name are rejected", ({ corrupt, leastRejected }) => {
  const verdicts: string[] = [];
  for (const history of fc.sample(simulatedHistories, { numRuns: 700, seed: SEED })) {
    const operations = corrupt(history);
    if (operations !== undefined) verdicts.push(checkHistory({ ...history, operations }).verdict);
    if (verdicts.length === SAMPLES) break;
  }
  expect(verdicts.length).toBeGreaterThan(SAMPLES / 2);
  const rejected = verdicts.filter((verdict) => verdict === "violation").length;
  expect(rejected / verdicts.length).toBeGreaterThanOrEqual(leastRejected);
});
