import { GET_SESSION } from "../../src/api/get-session.ts";
import { createSecretValues } from "../secrets.ts";
import type { ApiModel } from "./api-model.ts";
import { readAppClients, type AppClient } from "./app-clients.ts";
import { readBuses, type BusesModel } from "./bus-model.ts";
import type { SynthesizedStack } from "./cloud-assembly.ts";
import { readEventApis, type EventApiModel } from "./event-api-model.ts";
import { readFunctions, type FunctionModel } from "./function-model.ts";
import { readHttpApis } from "./http-apis.ts";
import { localValues } from "./local-values.ts";
import { readMappings, type MappingModel } from "./mapping-model.ts";
import { eventApiIdsOf, queueNames } from "./outbox-references.ts";
import { constructIdOf } from "./references.ts";
import { globalIds, resolveStacks, type GlobalId } from "./resolved-stacks.ts";
import { DEFAULT_REGION, refuseUnsupported, readOr, type OnUnsupported } from "./resource.ts";
import { readRestApis } from "./rest-apis.ts";
import { readSite, type SiteModel } from "./site-model.ts";
import { readTables, type TableModel } from "./table-model.ts";
import { tellPlaceholders, type Provided } from "./placeholders.ts";

/** What of a template runs on this machine, or of several that belong together. */
export interface StackModel {
  readonly stackName: string;
  readonly region: string;
  readonly tables: readonly TableModel[];
  readonly functions: readonly FunctionModel[];
  /** The one that has the session's own routes comes first. */
  readonly apis: readonly ApiModel[];
  /** What a distribution serves before the API, where there is one. */
  readonly site: SiteModel | undefined;
  /** The functions that get the changes of a table. */
  readonly mappings: readonly MappingModel[];
  readonly buses: BusesModel;
  /** The names of the queues. */
  readonly queues: readonly string[];
  /** AppSync's, which clients connect to. */
  readonly eventApis: readonly EventApiModel[];
  /** Of Cognito user pools. */
  readonly appClients: readonly AppClient[];
  /** Those outputs that a local stack has a value for. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ModelOptions {
  /** Where the first API answers: `http://localhost:3000`. */
  readonly url: string;
  /** Where the others do, in the order of {@link addressesOf}. */
  readonly otherUrls?: readonly string[];
  /** Appended to every table's name, so that several stacks can share one database. */
  readonly tableNameSuffix?: string;
  /** The values of secrets; made up unless given. */
  readonly secretsIn?: (text: string) => string;
  /** Told of each thing that does not run here, and that is left out; without it, it is an error. */
  readonly onUnsupported?: OnUnsupported;
  /** What somebody provides in the place of that. */
  readonly provided?: Provided;
}

const API_TYPES = ["AWS::ApiGatewayV2::Api", "AWS::ApiGateway::RestApi"];

/** The logical ids of the APIs; the one with the session's own routes comes first. */
export function apiIdsOf(stacks: readonly SynthesizedStack[]): string[] {
  const globalId = globalIds(stacks);
  const [key, path] = [`${GET_SESSION.method} ${GET_SESSION.path}`, GET_SESSION.path.slice(1)];
  const found = stacks.flatMap((stack) => {
    const all = Object.entries(stack.template.Resources);
    const main = all
      .filter(
        ([
          ,
          {
            Properties: { RouteKey, PathPart },
          },
        ]) => RouteKey === key || PathPart === path,
      )
      .map(([, { Properties }]) => JSON.stringify(Properties["ApiId"] ?? Properties["RestApiId"]));
    return all
      .filter(
        ([, { Type, Properties }]) => API_TYPES.includes(Type) && Properties["ProtocolType"] !== "WEBSOCKET",
      )
      .map(([id]) => ({ id: globalId(stack, id), isMain: main.includes(JSON.stringify({ Ref: id })) }));
  });
  return found.sort((one, other) => Number(other.isMain) - Number(one.isMain)).map(({ id }) => id);
}

/** Who answers at which address, by logical id, in their order: the first address is the stack's own. */
export interface Addresses {
  readonly apis: readonly string[];
  readonly eventApis: readonly string[];
  readonly count: number;
  /** The place of an Event API's address; the first one's is the stack's own too. */
  readonly eventApiPlace: (logicalId: string) => number;
}

/** Each API has an address of its own, and each further Event API one after those. */
export function addressesOf(stacks: readonly SynthesizedStack[]): Addresses {
  const globalId = globalIds(stacks);
  const apis = apiIdsOf(stacks);
  const eventApis = stacks.flatMap((stack) => eventApiIdsOf(stack, (id) => globalId(stack, id)));
  const ofApis = Math.max(apis.length, 1);
  return {
    apis,
    eventApis,
    count: ofApis + Math.max(eventApis.length - 1, 0),
    eventApiPlace(logicalId) {
      const index = eventApis.indexOf(logicalId);
      return index < 1 ? 0 : ofApis + index - 1;
    },
  };
}

/**
 * Reads templates. Resources that mean nothing on one machine (roles, log groups, alarms) are left out.
 * @throws LocalStackError naming the resource and what is not supported, where `onUnsupported` is not given.
 */
export function readStack(stacks: readonly SynthesizedStack[], options: ModelOptions): StackModel {
  const { url } = options;
  const onUnsupported = once(options.onUnsupported ?? refuseUnsupported);
  const region = stacks.find((stack) => stack.region !== undefined)?.region ?? DEFAULT_REGION;
  const suffix = options.tableNameSuffix ?? "";
  const globalId = globalIds(stacks);
  const addresses = addressesOf(stacks);
  const urlAt = (place: number): string => (place === 0 ? url : (options.otherUrls?.[place - 1] ?? url));
  const apis = addresses.apis.map((logicalId, index) => ({
    logicalId,
    apiId: index === 0 ? "local" : `local${index + 1}`,
    url: urlAt(index),
  }));
  const eventApiUrls = addresses.eventApis.map((id) => urlAt(addresses.eventApiPlace(id)));
  const apiOf = (id: string) => apis.find(({ logicalId }) => logicalId === id) ?? { apiId: id, url };
  const names = functionNames(stacks, globalId);
  const functionNameOf = (id: string): string => names.get(id) ?? id;
  const { resources, outputs, parameters } = resolveStacks(stacks, {
    places: { region, url, suffix, apiOf, functionNameOf, eventApiIds: addresses.eventApis },
    globalId,
    lenient: options.onUnsupported !== undefined,
    local: localValues({
      ...{ region, url, apis, eventApiUrls },
      secretsIn: options.secretsIn ?? createSecretValues(),
    }),
  });
  const assetPath = (key: string) => stacks.map((stack) => stack.assetPath(key)).find(Boolean);
  const functions = readFunctions(resources, {
    assetPath,
    nameOf: ({ logicalId }) => functionNameOf(logicalId),
  });
  const tables = readTables(resources, suffix);
  const reading = { resources, functions, onUnsupported };
  const apiIdOf = (logicalId: string): string => apiOf(logicalId).apiId;
  const read = [...readHttpApis(reading, apiIdOf), ...readRestApis(reading, apiIdOf)];
  const told = <T>(what: string, one: () => T): T | undefined =>
    readOr<T | undefined>(what, one, (why) => {
      onUnsupported(why);
      return undefined;
    });
  const model: StackModel = {
    stackName: stacks.map(({ stackName }) => stackName).join(", "),
    region,
    tables,
    functions: functions.functions,
    apis: apis.flatMap(({ logicalId }) => read.filter((api) => api.logicalId === logicalId)),
    site: told("The distribution", () => readSite(resources, assetPath)),
    mappings: readMappings(resources, functions, tables, onUnsupported),
    buses: readBuses(resources, functions, onUnsupported),
    queues: stacks.flatMap((stack) => queueNames(stack, (id) => globalId(stack, id))),
    eventApis: readEventApis(reading, addresses.eventApiPlace),
    appClients: readAppClients(resources),
    outputs,
  };
  if (options.onUnsupported !== undefined) {
    tellPlaceholders(resources, functions, { onUnsupported, parameters, provided: options.provided });
  }
  return model;
}

/** Several routes may lead to one thing that does not run. */
function once(onUnsupported: OnUnsupported): OnUnsupported {
  const told = new Set<string>();
  return (why) => {
    if (!told.has(why)) onUnsupported(why);
    told.add(why);
  };
}

/** By logical id: `FunctionName`, else the construct's id; its logical id where another has the same. */
function functionNames(stacks: readonly SynthesizedStack[], globalId: GlobalId): Map<string, string> {
  const all = stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources)
      .filter(([, { Type }]) => Type === "AWS::Lambda::Function")
      .map(([id, resource]) => {
        const given = resource.Properties["FunctionName"];
        const name = typeof given === "string" ? given : constructIdOf(id, resource);
        return { id: globalId(stack, id), name };
      }),
  );
  const isAlone = (name: string) => all.filter((other) => other.name === name).length === 1;
  return new Map(all.map(({ id, name }) => [id, isAlone(name) ? name : id]));
}
