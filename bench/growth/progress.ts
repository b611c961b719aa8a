/**
 * Says on stderr how far something is, and how long it will take: on a terminal in one line, else now and
 * then.
 */
export interface Progress {
  at(done: number): void;
  /** Ends the line. */
  end(): void;
}

const EVERY_MS = { terminal: 200, file: 15_000 } as const;

/** @param from what was done before it began, which no time was taken for. */
export function startProgress(what: string, total: number, from = 0): Progress {
  const { isTTY } = process.stderr;
  const startedAt = performance.now();
  let shownAt = -Infinity;
  return {
    at(done) {
      const now = performance.now();
      const isDue = now - shownAt >= (isTTY ? EVERY_MS.terminal : EVERY_MS.file);
      if (!isDue && done < total) return;
      shownAt = now;
      const rate = (done - from) / ((now - startedAt) / 1000);
      const left = rate > 0 ? `, ${Math.ceil((total - done) / rate)} s left` : "";
      const counts = `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
      const line = `${what}: ${counts} (${rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("en")} a second${left})`;
      process.stderr.write(isTTY ? `\r\x1b[K${line}` : `${line}\n`);
    },
    end() {
      if (isTTY) process.stderr.write("\r\x1b[K");
    },
  };
}
