import { setTimeout as sleep } from "node:timers/promises";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import type { Context } from "aws-lambda";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import type { GatewayResponse } from "../../src/http/reply.ts";
import type { PolicyModule } from "../../src/runtime/session-policy.ts";
import type { UserManagement } from "../../src/identity/manage-users.ts";
import { functionAt } from "../../test/functions/routes.ts";
import { eventV2, lambdaContext, type Sent } from "../../test/http/events.ts";
import { sendInCalls } from "./call-context.ts";
import { cheapHasher } from "../../test/support/cheap-hash.ts";
import { documentsOf, localClient } from "../../test/support/local-client.ts";
import type { AllTables } from "../../test/support/tables.ts";
import type { IdTokenIssuer } from "./id-tokens.ts";
import type { Product } from "./product.ts";

/**
 * One instance of every function, and of the operators' command line, with a client and a clock of its own.
 */
export interface FunctionInstance {
  /** A call through the gateway: `"POST /login"`. */
  send(
    route: string,
    sent: Omit<Sent, "method" | "path"> & { readonly address: string },
  ): Promise<GatewayResponse>;
  /** A direct invocation. Faults are thrown. */
  invoke(name: "login" | "admin-logout", event: unknown): Promise<unknown>;
  readonly users: UserManagement;
  close(): void;
}

export interface InstanceOptions {
  readonly product: Product;
  /** Of the proxy. */
  readonly endpoint: string;
  readonly tables: AllTables;
  readonly settings: FunctionSettings;
  readonly policyModule: PolicyModule;
  readonly issuer: IdTokenIssuer;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Virtual milliseconds to a real one: what a function's deadline is counted in. */
  readonly scale: number;
  /** When the client takes a request for lost, in real milliseconds. */
  readonly givesUpAfterMs: number;
  /**
   * By how much the store's waits and patience are shortened, so that a round that meets many faults does not
   * wait most of its time.
   */
  readonly haste: number;
  /** Told what the functions log as errors. */
  readonly onError: (lines: readonly unknown[]) => void;
}

/** Nobody chains what these methods give back. */
const vain = (): never => undefined as never;

/** As the client of the functions has it. */
const TRIES = 3;
const FUNCTION_TIMEOUT_MS = 29_000;

export function startInstance(options: InstanceOptions): FunctionInstance {
  const { product, tables, settings, clock, scale, haste, issuer, policyModule } = options;
  const client = localClient(options.endpoint, {
    retryStrategy: new ConfiguredRetryStrategy(TRIES, (attempt: number) => (attempt * 50) / haste),
    requestHandler: { requestTimeout: options.givesUpAfterMs, throwOnRequestTimeout: true },
  });
  sendInCalls(client);
  const waiting = {
    sleep: (milliseconds: number) => sleep(milliseconds / haste),
    stopwatch: () => performance.now() * haste,
  };
  const telemetry = product.createTelemetry(clock, {
    logger: { info: () => undefined, warn: () => undefined, error: (_, ...lines) => options.onError(lines) },
    makeMetrics: () => ({ addMetric: vain, publishStoredMetrics: vain }),
  });
  const parts = {
    ...waiting,
    documents: documentsOf(client),
    tables,
    settings,
    clock,
    telemetry,
    policyModule,
    newJwksCache: issuer.newJwksCache,
  };
  const store = product.wireStore(parts);
  const directory = product.wireDirectory(parts)!;
  const functions = product.wireFunctions({ ...parts, store });
  const context = (): Context => lambdaContext(FUNCTION_TIMEOUT_MS * scale);

  return {
    async send(route, { address, ...sent }) {
      const [method = "", path = ""] = route.split(" ");
      const event = eventV2({ ...sent, method, path });
      const http = { ...event.requestContext.http, sourceIp: address };
      const placed = { ...event, requestContext: { ...event.requestContext, http } };
      return (await functions[functionAt(route)](placed, context())) as GatewayResponse;
    },
    invoke: (name, event) => functions[name](event, context()),
    users: product.createUserManagement({
      directory,
      sessions: store,
      hasher: cheapHasher(),
      sleep: waiting.sleep,
    }),
    close: () => client.destroy(),
  };
}
