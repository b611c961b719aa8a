/**
 * The bulk revoke of many users, call after call as an operator would make them, in a fresh process that
 * measures its own memory.
 */
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { DocumentClient } from "../../src/dynamodb/document-client.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import { runAsChild, taskOf, tell } from "../support/measuring-child.ts";
import type { RevokeMeasurement, RevokeTask } from "./messages.ts";
import { MEASURED_AT, SETTINGS, userIdOf } from "./population.ts";

const SAMPLE_EVERY_MS = 2;

const { tableName, first, users, chunk } = taskOf() as RevokeTask;

await runAsChild(async (stop) => {
  const documents = createDocumentClient();
  const requests: Record<string, number> = {};
  const store = createSessionStore({
    documents: counting(documents, requests),
    tableName,
    settings: SETTINGS,
    clock: () => MEASURED_AT,
  });
  // Connections and whatever is made at first use belong to the baseline.
  await store.revoke({ userIds: ["nobody"], revokedBy: "growth" });
  for (const name of Object.keys(requests)) Reflect.deleteProperty(requests, name);

  const collect = globalThis.gc;
  if (collect === undefined) throw new Error("it needs --expose-gc");
  collect();
  const baseline = process.memoryUsage();
  let [peakHeap, peakRss] = [baseline.heapUsed, baseline.rss];
  const look = (): void => {
    const { heapUsed, rss } = process.memoryUsage();
    peakHeap = Math.max(peakHeap, heapUsed);
    peakRss = Math.max(peakRss, rss);
  };
  const timer = setInterval(look, SAMPLE_EVERY_MS);
  const startedAt = performance.now();
  let [done, calls, collecting] = [0, 0, 0];
  while (done < users && !stop.aborted) {
    const count = Math.min(chunk, users - done);
    await revoke(Array.from({ length: count }, (_, index) => userIdOf(first + done + index)));
    look();
    // Each call of an operator is an invocation of its own: the garbage of one is not memory that the next
    // one needs.
    const pausedAt = performance.now();
    collect();
    collecting += performance.now() - pausedAt;
    done += count;
    calls++;
  }
  const ms = performance.now() - startedAt - collecting;
  clearInterval(timer);
  if (stop.aborted) return;
  tell({
    users,
    calls,
    ms,
    requests,
    peakHeapBytes: peakHeap - baseline.heapUsed,
    peakRssBytes: peakRss - baseline.rss,
    heapLeftBytes: process.memoryUsage().heapUsed - baseline.heapUsed,
  } satisfies RevokeMeasurement);
  documents.destroy();

  async function revoke(userIds: readonly string[]): Promise<void> {
    const { loggedOut, unfinished } = await store.revoke({ userIds, revokedBy: "growth" });
    const ended = loggedOut.reduce((sum, { sessionCount }) => sum + sessionCount, 0);
    if (ended !== userIds.length || unfinished.length > 0)
      throw new Error(`${ended} of ${userIds.length} sessions were ended`);
  }
});

/** The client, counting what is sent by kind. */
function counting(documents: DocumentClient, requests: Record<string, number>): DocumentClient {
  return {
    send(command) {
      const name = command.constructor.name.replace(/Command$/, "");
      requests[name] = (requests[name] ?? 0) + 1;
      return documents.send(command);
    },
    destroy: () => documents.destroy(),
  };
}
