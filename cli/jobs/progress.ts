import { Presets, SingleBar } from "cli-progress";
import { users } from "../messages.ts";

/** Shows how far something is: on standard error, where an answer for programs is not disturbed. */
export interface Progress {
  readonly update: (done: number) => void;
  readonly stop: () => void;
}

/** Where nobody watches, in a log: a line so often. */
const LINE_EVERY_MS = 10_000;

/**
 * A bar with the rate and the time left on a terminal, plain lines elsewhere.
 * @param doing what is done: `Logging out`.
 * @param done where it stands at the beginning, which is no part of the rate.
 */
export function showProgress(doing: string, total: number, done: number): Progress {
  const rate = rateFrom(done);
  return process.stderr.isTTY ? bar(doing, total, done, rate) : lines(doing, total, done, rate);
}

type Rate = (done: number) => number;

/** Users a second since the beginning. */
function rateFrom(first: number): Rate {
  const startedAt = performance.now();
  return (done) => ((done - first) * 1000) / Math.max(1, performance.now() - startedAt);
}

function bar(doing: string, total: number, done: number, rate: Rate): Progress {
  const format = `${doing} {bar} {percentage}% | {value} of ${users(total)} | {rate}/s | {left} left`;
  const shown = new SingleBar({ format, stream: process.stderr, hideCursor: true }, Presets.shades_classic);
  const payload = (now: number) => ({ rate: Math.round(rate(now)), left: timeLeft(total - now, rate(now)) });
  shown.start(total, done, payload(done));
  return { update: (now) => shown.update(now, payload(now)), stop: () => shown.stop() };
}

function lines(doing: string, total: number, done: number, rate: Rate): Progress {
  let saidAt = -Infinity;
  let said = done - 1;
  return {
    update(now) {
      if (now === said || performance.now() - saidAt < LINE_EVERY_MS) return;
      [said, saidAt] = [now, performance.now()];
      const left = timeLeft(total - now, rate(now));
      console.error(`${doing}: ${now} of ${users(total)}, ${Math.round(rate(now))}/s, ${left} left`);
    },
    stop: () => undefined,
  };
}

/** `2 h 5 min`, `3 min`, `20 s`; `?` where nothing has moved yet. */
export function timeLeft(left: number, rate: number): string {
  if (left === 0) return "0 s";
  if (rate <= 0) return "?";
  const seconds = Math.ceil(left / rate);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
