import { wireBound } from "../../functions/wire-bound.ts";
import {
  wireDirectory,
  wireFunctions,
  wireOutbox,
  wirePushAuthorize,
  wireStore,
} from "../../functions/wiring.ts";
import { createDocumentClient } from "../../src/dynamodb/client.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import { createMetrics, createTelemetry } from "../../src/runtime/telemetry.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import { cognitoSource, createSigner } from "../../test/support/access-tokens.ts";
import { localClient } from "../../test/support/local-client.ts";
import { createTables } from "../../test/support/tables.ts";
import { environmentOf } from "../support/engine.ts";
import { SETTINGS as SESSION_SETTINGS } from "../support/seed.ts";
import type { CountedLog } from "./counts.ts";

export const MINUTE = 60_000;

const SETTINGS: FunctionSettings = {
  ...SESSION_SETTINGS,
  reauthWithin: 15 * MINUTE,
  policy: ONE_SESSION,
  allowedOrigins: [],
  // Hosts as long as AWS's.
  push: {
    url: `wss://${"x".repeat(26)}.appsync-realtime-api.eu-central-1.amazonaws.com/event/realtime`,
    host: `${"x".repeat(26)}.appsync-api.eu-central-1.amazonaws.com`,
    publishUrl: `https://${"x".repeat(26)}.appsync-api.eu-central-1.amazonaws.com/event`,
  },
};

export type CostWorld = Awaited<ReturnType<typeof createCostWorld>>;

/** All functions over tables of their own, with a clock that the counting moves. */
export async function createCostWorld(endpoint: string, logValidations: CountedLog) {
  const documents = createDocumentClient(environmentOf(endpoint));
  const client = localClient(endpoint);
  const tables = await createTables(client);
  client.destroy();
  const clock = { now: Date.UTC(2030, 0, 1) };
  const time = (): number => clock.now;
  // Each call takes 8 ms by this clock, so that its line has always the same length.
  let ticks = 0;
  const telemetry = createTelemetry(() => (ticks += 8), {
    makeMetrics: () => createMetrics("SingleSession/Sessions"),
    logRoutine: () => logValidations === "all",
  });
  // Signs the access tokens of a user pool.
  const signer = await createSigner(time);
  const settings = { ...SETTINGS, oidcSources: [cognitoSource()] };
  const { newJwksCache } = signer;
  const parts = { documents, tables, settings, telemetry, clock: time, newJwksCache };
  const [store, directory] = [wireStore(parts), wireDirectory(parts)];
  if (directory === undefined) throw new Error("there is no directory");
  const handlers = {
    ...wireFunctions({ ...parts, bound: wireBound(parts) }),
    // What it asks of the targets is no matter of DynamoDB: one call each.
    outbox: wireOutbox({
      ...parts,
      putEvents: (events) => Promise.resolve(events.map(() => undefined)),
      sendToQueue: () => Promise.reject(new Error("nothing may fail here")),
      publishHint: () => Promise.resolve(),
    }),
    "push-authorize": wirePushAuthorize({ telemetry }),
  };
  return { clock, signer, directory, store, tables, handlers, close: () => documents.destroy() };
}
