import { SingleBar } from "cli-progress";

/** Says on the standard error how far a step is: on a terminal in one line, else now and then. */
export interface Progress {
  at(done: number): void;
  end(): void;
}

const LINE_EVERY_MS = 15_000;

/** @param total of what `at` counts. */
export function startProgress(what: string, total = 1): Progress {
  const counted = total > 1 ? ": {value} of {total}, {eta_formatted} left" : "";
  const bar = new SingleBar({
    format: `${what}${counted} ({duration_formatted})`,
    ...{ stream: process.stderr, noTTYOutput: true, notTTYSchedule: LINE_EVERY_MS },
    // Seldom: it runs in the process that measures.
    ...{ fps: 2, hideCursor: true },
  });
  bar.start(total, 0);
  return {
    at: (done) => bar.update(done),
    end: () => bar.stop(),
  };
}
