/** Tells a person how far a step is, on the standard error. */
export interface Progress {
  /** A block of this round is done; rounds count from 0. */
  round(round: number): void;
  done(): void;
}

/** On a terminal one line that changes; elsewhere a line a step. */
export function showProgress(what: string): Progress {
  const startedAt = performance.now();
  const isTerminal = process.stderr.isTTY;
  const show = (text: string): void => void process.stderr.write(`\r\x1b[K${what}${text}`);
  if (isTerminal) show(" ...");
  return {
    round: (round) => {
      if (isTerminal) show(`: round ${round + 1}`);
    },
    done() {
      const took = `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
      if (isTerminal) show(`: ${took}\n`);
      else process.stderr.write(`${what}: ${took}\n`);
    },
  };
}
