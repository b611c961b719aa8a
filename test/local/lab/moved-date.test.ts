import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { createLabClock } from "../../../local/lab/clock.ts";

const HOUR_MS = 60 * 60 * 1000;
const MODULE = new URL("../../../local/lab/moved-date.ts", import.meta.url).href;

/** A thread whose clock is the lab's; it says what time it is each time that it is asked. */
const THREAD = `
const { parentPort, workerData } = require("node:worker_threads");
import(${JSON.stringify(MODULE)}).then(({ moveDate }) => {
  moveDate(workerData);
  parentPort.on("message", () => parentPort.postMessage({
    now: Date.now(),
    made: new Date().getTime(),
    given: new Date(5).getTime(),
    parsed: Date.parse("1970-01-01T00:00:01Z"),
    utc: Date.UTC(1970, 0, 1, 0, 0, 2),
    isDate: new Date() instanceof Date,
    text: Date.parse(Date()),
  }));
});`;

test("a thread's Date follows the lab's clock at once, and this thread's does not", async () => {
  const clock = createLabClock();
  const thread = new Worker(THREAD, { eval: true, workerData: clock.shared });
  const look = () =>
    new Promise<Record<string, unknown>>((resolve) => {
      thread.once("message", resolve);
      thread.postMessage("look");
    });
  try {
    for (const moves of [0, 1, 2]) {
      if (moves > 0) clock.moveBy(HOUR_MS);
      const before = Date.now();
      const { now, made, text, ...rest } = await look();
      const after = Date.now();
      for (const time of [now, made]) {
        expect(time).toBeGreaterThanOrEqual(before + moves * HOUR_MS);
        expect(time).toBeLessThanOrEqual(after + moves * HOUR_MS);
      }
      expect(Math.abs(Number(text) - Number(now))).toBeLessThan(2000);
      expect(rest).toEqual({ given: 5, parsed: 1000, utc: 2000, isDate: true });
      expect(clock.now() - Date.now()).toBeGreaterThanOrEqual(moves * HOUR_MS - 1000);
    }
    clock.reset();
    expect(Math.abs(Number((await look())["now"]) - Date.now())).toBeLessThan(HOUR_MS / 2);
  } finally {
    await thread.terminate();
  }
});
