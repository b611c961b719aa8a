/** Says on the standard error how far a step is: on a terminal in one line, else now and then. */
export interface Progress {
  at(done: number): void;
  /** Says how long the step took. */
  end(): void;
}

const EVERY_MS = { terminal: 200, file: 15_000 } as const;

/** @param total of what `at` counts; a step that is not counted has none. */
export function startProgress(what: string, total?: number): Progress {
  const { isTTY } = process.stderr;
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const say = (text: string): void =>
    void process.stderr.write(isTTY ? `\r\x1b[K${what}${text}` : `${what}${text}\n`);
  let shownAt = -Infinity;
  if (isTTY) say(" ...");
  return {
    at(done) {
      if (performance.now() - shownAt < (isTTY ? EVERY_MS.terminal : EVERY_MS.file)) return;
      shownAt = performance.now();
      const rate = done / seconds();
      const left = rate > 0 && total !== undefined ? `, ${Math.ceil((total - done) / rate)} s left` : "";
      const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
      say(`: ${done.toLocaleString("en")}${of} (${rate.toFixed(rate < 10 ? 1 : 0)} a second${left})`);
    },
    end: () => say(`: ${seconds().toFixed(0)} s${isTTY ? "\n" : ""}`),
  };
}
