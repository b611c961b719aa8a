import { Session } from "node:inspector/promises";

/** One thread, after a full garbage collection. */
export interface ThreadHeap {
  readonly heapBytes: number;
  /** What keeps its event loop alive or could: sockets, timers, requests under way. */
  readonly activeResources: number;
}

interface Answer {
  readonly id: number;
  readonly result?: { readonly usedSize?: number; readonly result?: { readonly value?: unknown } };
}

const COLLECT = 1;
const USAGE = 2;
const RESOURCES = 3;
const REQUESTS = [
  { id: COLLECT, method: "HeapProfiler.collectGarbage" },
  { id: USAGE, method: "Runtime.getHeapUsage" },
  {
    id: RESOURCES,
    method: "Runtime.evaluate",
    params: { expression: "process.getActiveResourcesInfo().length", returnByValue: true },
  },
];
const PATIENCE_MS = 60_000;

/**
 * Collects the garbage of all threads of this process and measures them: this one first, then each worker.
 * Through the inspector, as a worker's heap can be reached in no other way; nothing stays attached
 * afterwards.
 */
export async function measureThreads(): Promise<readonly [main: ThreadHeap, ...workers: ThreadHeap[]]> {
  const session = new Session();
  session.connect();
  try {
    await session.post("HeapProfiler.collectGarbage");
    const main = {
      heapBytes: process.memoryUsage().heapUsed,
      activeResources: process.getActiveResourcesInfo().length,
    };
    return [main, ...(await measureWorkers(session))];
  } finally {
    session.disconnect();
  }
}

async function measureWorkers(session: Session): Promise<ThreadHeap[]> {
  const workers = new Map<string, { heapBytes?: number; activeResources?: number }>();
  const settled = Promise.withResolvers<undefined>();
  const settleWhenAll = (): void => {
    const all = [...workers.values()];
    if (all.every((worker) => worker.heapBytes !== undefined && worker.activeResources !== undefined)) {
      settled.resolve(undefined);
    }
  };
  session.on("NodeWorker.attachedToWorker", ({ params: { sessionId } }) => {
    workers.set(sessionId, {});
  });
  // A worker that ended (its function timed out) has nothing to measure any more.
  session.on("NodeWorker.detachedFromWorker", ({ params: { sessionId } }) => {
    workers.delete(sessionId);
    settleWhenAll();
  });
  session.on("NodeWorker.receivedMessageFromWorker", ({ params: { sessionId, message } }) => {
    const worker = workers.get(sessionId);
    const { id, result } = JSON.parse(message) as Answer;
    if (worker === undefined) return;
    if (id === USAGE && result?.usedSize !== undefined) worker.heapBytes = result.usedSize;
    if (id === RESOURCES) worker.activeResources = Number(result?.result?.value);
    settleWhenAll();
  });
  await session.post("NodeWorker.enable", { waitForDebuggerOnStart: false });
  for (const sessionId of workers.keys()) {
    for (const request of REQUESTS) {
      await session.post("NodeWorker.sendMessageToWorker", { sessionId, message: JSON.stringify(request) });
    }
  }
  settleWhenAll();
  const patience = setTimeout(
    () => settled.reject(new Error(`a thread of the stack did not answer within ${PATIENCE_MS / 1000} s`)),
    PATIENCE_MS,
  );
  try {
    await settled.promise;
  } finally {
    clearTimeout(patience);
    await session.post("NodeWorker.disable");
  }
  return [...workers.values()].map(({ heapBytes = 0, activeResources = 0 }) => ({
    heapBytes,
    activeResources,
  }));
}
