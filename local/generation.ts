import { createGateway, type Gateway } from "./gateway/gateway.ts";
import type { Listener } from "./gateway/listener.ts";
import { LocalStackError } from "./errors.ts";
import {
  createFunctionRunner,
  type FunctionRunner,
  type InvocationRecord,
} from "./lambda/function-runner.ts";
import type { Lab } from "./lab/lab.ts";
import { createLocalEndpoints, createPushEndpoint } from "./local-endpoints.ts";
import { logSink } from "./log.ts";
import { apiHost } from "./model/local-values.ts";
import type { StackModel } from "./model/stack-model.ts";
import type { LocalProviders } from "./provider/local-providers.ts";
import type { Reroute } from "./provider/rerouted.ts";
import { withLocalRedirects } from "./provider/reroutes.ts";
import { startServices, type Kept, type Services } from "./services.ts";
import { createSite } from "./site/site.ts";
import type { LocalStackOptions } from "./stack-options.ts";

/** What runs of one synthesis of the app; after the next one, another takes its place. */
export interface Generation {
  readonly model: StackModel;
  readonly services: Services;
  readonly runners: ReadonlyMap<string, FunctionRunner>;
  /** Answers from now on: the first listener is that of the first API, and of all else that answers here. */
  serve(listeners: readonly Listener[]): void;
  stop(): Promise<void>;
}

/** What a generation stands on: the database and the addresses stay. */
export interface Ground {
  readonly databaseEndpoint: string;
  readonly url: string;
  readonly kept: Kept & { readonly invocations: InvocationRecord[] };
  readonly options: LocalStackOptions;
  readonly lab: Lab | undefined;
  readonly providers: LocalProviders | undefined;
}

const KEPT_INVOCATIONS = 10_000;

/** Starts the functions and services of a model. */
export async function startGeneration(model: StackModel, ground: Ground): Promise<Generation> {
  const { databaseEndpoint, url, kept, options, providers } = ground;
  await providers?.serve(model);
  const reroutes = providers?.reroutes() ?? [];
  const runners = createRunners(model, ground, reroutes);
  const stopRunners = () => Promise.all([...runners.values()].map((runner) => runner.stop()));
  const services = await startServices({
    ...{ model, databaseEndpoint, url, kept },
    invoke: (name, payload) => runnerNamed(runners, name).invoke(payload),
    invokeLater: (name, payload) => runnerNamed(runners, name).invokeLater(payload),
    log: logSink(options.log ?? "silent"),
    onEvent: options.onEvent ?? (() => undefined),
    schedules: options.schedules ?? false,
  }).catch(async (error: unknown) => {
    await stopRunners();
    throw error;
  });
  return {
    model,
    services,
    runners,
    serve: (listeners) =>
      serve(listeners, model, { databaseEndpoint, runners, services, lab: ground.lab, reroutes }),
    // Together: what a service waits for ends with the functions, and nothing is begun anew.
    stop: async () => {
      await Promise.all([services.stop(), stopRunners()]);
    },
  };
}

/** @throws LocalStackError naming those that there are. */
export function runnerNamed(runners: ReadonlyMap<string, FunctionRunner>, name: string): FunctionRunner {
  const runner = runners.get(name);
  if (runner === undefined) {
    throw new LocalStackError(`No function ${name}; there are ${[...runners.keys()].join(", ")}.`);
  }
  return runner;
}

function serve(
  [first, ...others]: readonly Listener[],
  model: StackModel,
  parts: {
    readonly databaseEndpoint: string;
    readonly runners: ReadonlyMap<string, FunctionRunner>;
    readonly services: Services;
    readonly lab: Lab | undefined;
    readonly reroutes: readonly Reroute[];
  },
): void {
  const { stackName, region, outputs, site, apis } = model;
  const { databaseEndpoint, runners, services, lab, reroutes } = parts;
  const invoke = (name: string, payload: string) => runnerNamed(runners, name).invoke(payload);
  const gateways = apis.map((api) =>
    withLocalRedirects(createGateway(api, { region, clock: Date.now, invoke }), reroutes),
  );
  const gateway = gateways[0] ?? createGateway(undefined, { region, clock: Date.now, invoke });
  // By the host that it has on AWS; one whose address was asked for has the one that it has here.
  const gatewayOf = (host: string): Gateway =>
    gateways[apis.findIndex(({ apiId }) => apiHost(apiId, region) === host)] ?? gateway;
  const otherwise = site === undefined ? gateway : createSite(site, apis[0], gateway, gatewayOf);
  const { operations, pushes, durable } = services;
  const pushAt = (place: number) => pushes.find((push) => push.place === place)?.server;
  const push = pushAt(0);
  for (const [place, listener] of [first, ...others].entries()) {
    const own = pushAt(place);
    listener?.serveUpgrades(own && ((...upgrade) => own.upgrade(...upgrade)));
  }
  const described = { stackName, region, outputs, databaseEndpoint };
  const local = createLocalEndpoints({ ...described, runners, operations, push, durable, otherwise });
  first?.serve(lab?.before(local, { model, port: first.port, invoke }) ?? local);
  for (const [index, listener] of others.entries()) {
    const own = pushAt(index + 1);
    listener.serve(own === undefined ? (gateways[index + 1] ?? gateway) : createPushEndpoint(own));
  }
}

function createRunners(
  model: StackModel,
  { databaseEndpoint, url, kept: { invocations }, options, lab }: Ground,
  reroutes: readonly Reroute[],
): ReadonlyMap<string, FunctionRunner> {
  const runnerOptions = {
    region: model.region,
    databaseEndpoint: lab?.databaseEndpoint ?? databaseEndpoint,
    clockOffset: lab?.clock.shared,
    reroutes,
    serviceEndpoint: url,
    environment: options.environment ?? {},
    environmentOf: options.environmentOf,
    log: logSink(options.log ?? "silent"),
    onInvocation: (record: InvocationRecord): void => {
      invocations.push(record);
      if (invocations.length > KEPT_INVOCATIONS) invocations.shift();
      options.onInvocation?.(record);
    },
  };
  return new Map(model.functions.map((fn) => [fn.name, createFunctionRunner(fn, runnerOptions)]));
}
