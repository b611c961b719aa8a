/** Memory over the baseline, in bytes. */
export interface MemoryUse {
  /** The highest heap in use, and the most resident, that was seen. */
  readonly peakHeapBytes: number;
  readonly peakRssBytes: number;
  /** The heap in use at the end. */
  readonly heapLeftBytes: number;
}

/**
 * Collects garbage and watches this process's memory from then on. The process is started with `--expose-gc`,
 * and has nothing else to do.
 */
export function watchMemory(sampleEveryMs: number): { look(): void; collect(): void; end(): MemoryUse } {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("start it with --expose-gc");
  collect();
  const baseline = process.memoryUsage();
  let [heap, rss] = [baseline.heapUsed, baseline.rss];
  const look = (): void => {
    const now = process.memoryUsage();
    [heap, rss] = [Math.max(heap, now.heapUsed), Math.max(rss, now.rss)];
  };
  const timer = setInterval(look, sampleEveryMs);
  return {
    look,
    collect() {
      collect();
    },
    end() {
      clearInterval(timer);
      return {
        peakHeapBytes: heap - baseline.heapUsed,
        peakRssBytes: rss - baseline.rss,
        heapLeftBytes: process.memoryUsage().heapUsed - baseline.heapUsed,
      };
    },
  };
}
