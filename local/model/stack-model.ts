import { readApi, type ApiModel } from "./api-model.ts";
import { readBuses, type BusesModel } from "./bus-model.ts";
import { readEventApi, type EventApiModel } from "./event-api-model.ts";
import { readMappings, type MappingModel } from "./mapping-model.ts";
import { eventApiDomains, outboxReference, queueNames } from "./outbox-references.ts";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import type { SynthesizedStack, Template, TemplateResource } from "./cloud-assembly.ts";
import { LocalStackError } from "../errors.ts";
import { readFunctions, type FunctionModel } from "./function-model.ts";
import { resolveIntrinsics, type Reference, type ResolveScope } from "./intrinsics.ts";
import { createSecretValues } from "../secrets.ts";
import { ACCOUNT_ID, functionArn, type ResolvedResource } from "./resource.ts";
import { readSite, type SiteModel } from "./site-model.ts";
import { DISTRIBUTION_HOST, sharedSiteReference, SITE_TYPES, siteReference } from "./site-references.ts";
import { readTables, TABLE_TYPES, type TableModel } from "./table-model.ts";

/** A Region that names nothing real here: DynamoDB Local shares one database among all. */
const DEFAULT_REGION = "eu-central-1";
const API_ID = "local";

/** What of a template runs on this machine. */
export interface StackModel {
  readonly stackName: string;
  readonly region: string;
  readonly tables: readonly TableModel[];
  readonly functions: readonly FunctionModel[];
  readonly api: ApiModel | undefined;
  /** What a distribution serves before the API, where there is one. */
  readonly site: SiteModel | undefined;
  /** The functions that get the changes of a table. */
  readonly mappings: readonly MappingModel[];
  readonly buses: BusesModel;
  /** The names of the queues. */
  readonly queues: readonly string[];
  /** AppSync's, which clients connect to. */
  readonly eventApi: EventApiModel | undefined;
  /** Those outputs that a local stack has a value for. */
  readonly outputs: Readonly<Record<string, string>>;
}

export interface ModelOptions {
  /** Where the HTTP API answers: `http://localhost:3000`. */
  readonly url: string;
  /** Appended to every table's name, so that several stacks can share one database. */
  readonly tableNameSuffix?: string;
}

/**
 * Reads a template. Resources that mean nothing on one machine (roles, log groups, alarms) are left out; what
 * of the rest cannot run here is refused.
 * @throws LocalStackError naming the resource and what is not supported.
 */
export function readStack(stack: SynthesizedStack, options: ModelOptions): StackModel {
  const region = stack.region ?? DEFAULT_REGION;
  const references = new Map<string, Reference>(pseudoParameters(stack.stackName, region));
  const scope: ResolveScope = { references };
  for (const [id, parameter] of Object.entries(stack.template.Parameters)) {
    const ref = defaultOf(parameter);
    if (ref !== undefined) references.set(id, { ref, attributes: {} });
  }
  const suffix = options.tableNameSuffix ?? "";
  for (const [id, resource] of Object.entries(stack.template.Resources)) {
    const known = referenceTo(id, resource, { region, suffix, url: options.url });
    if (known !== undefined) references.set(id, known);
  }

  const siteReferences = new Map(references);
  for (const [id, resource] of Object.entries(stack.template.Resources)) {
    const known = siteReference(id, resource, region);
    if (known !== undefined) siteReferences.set(id, known);
  }

  const local = localValues(region, options.url);
  const resources = Object.entries(stack.template.Resources).map(
    ([logicalId, resource]): ResolvedResource => {
      const constructId = constructIdOf(logicalId, resource);
      return {
        logicalId,
        type: resource.Type,
        constructId,
        properties: () => {
          const known = MAY_REFER_TO_BUCKETS.includes(resource.Type) ? siteReferences : references;
          return local(
            resolveIntrinsics(resource.Properties, { references: known, hasStandIns }, constructId),
          );
        },
      };
    },
  );
  const functionModels = readFunctions(resources, (key) => stack.assetPath(key));
  const tables = readTables(resources, suffix);
  return {
    stackName: stack.stackName,
    region,
    tables,
    functions: functionModels.functions,
    api: readApi(resources, functionModels),
    site: readSite(resources, (key) => stack.assetPath(key)),
    mappings: readMappings(resources, functionModels, tables),
    buses: readBuses(resources, functionModels),
    queues: queueNames(stack.template),
    eventApi: readEventApi(resources, functionModels),
    outputs: readOutputs(stack, scope, local),
  };
}

/** Beside a site's, those that name a bucket where what fails goes. */
const MAY_REFER_TO_BUCKETS = [...SITE_TYPES, "AWS::Lambda::EventSourceMapping"];

/**
 * The settings may name hosts, issuers and clients of anything; what does not run here is not asked either.
 */
const hasStandIns = (where: string): boolean => where.endsWith(`.${ENVIRONMENT.settings}`);

function defaultOf({ Type, Default }: Template["Parameters"][string]): Reference["ref"] | undefined {
  if (typeof Default === "number") return String(Default);
  if (typeof Default !== "string") return undefined;
  const isList = Type === "CommaDelimitedList" || Type.startsWith("List<");
  return isList ? Default.split(",").map((item) => item.trim()) : Default;
}

function pseudoParameters(stackName: string, region: string): [string, Reference][] {
  const values = {
    "AWS::Region": region,
    "AWS::AccountId": ACCOUNT_ID,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": stackName,
    "AWS::StackId": `arn:aws:cloudformation:${region}:${ACCOUNT_ID}:stack/${stackName}/local`,
  };
  return Object.entries(values).map(([name, ref]) => [name, { ref, attributes: {} }]);
}

function referenceTo(
  id: string,
  resource: TemplateResource,
  { region, suffix, url }: { readonly region: string; readonly suffix: string; readonly url: string },
): Reference | undefined {
  const given = (property: string): string | undefined => {
    const value = resource.Properties[property];
    return typeof value === "string" ? value : undefined;
  };
  if (TABLE_TYPES.includes(resource.Type)) {
    const name = (given("TableName") ?? id) + suffix;
    const arn = `arn:aws:dynamodb:${region}:${ACCOUNT_ID}:table/${name}`;
    return { ref: name, attributes: { Arn: arn, StreamArn: `${arn}/stream/local` } };
  }
  if (resource.Type === "AWS::Lambda::Function") {
    const name = given("FunctionName") ?? constructIdOf(id, resource);
    return { ref: name, attributes: { Arn: functionArn(region, name) } };
  }
  if (resource.Type === "AWS::ApiGatewayV2::Api") {
    return { ref: API_ID, attributes: { ApiEndpoint: url, ApiId: API_ID } };
  }
  if (resource.Type === "AWS::ApiGatewayV2::Stage") {
    return { ref: given("StageName") ?? id, attributes: {} };
  }
  if (resource.Type.startsWith("AWS::ApiGatewayV2::")) return { ref: id, attributes: {} };
  // No user pool runs here; one that looks like it lets the functions start.
  if (resource.Type === "AWS::Cognito::UserPool") {
    return { ref: `${region}_${id.replaceAll(/[^A-Za-z0-9]/g, "")}`, attributes: {} };
  }
  // Roles are named by what runs here, but nobody assumes them.
  if (resource.Type === "AWS::IAM::Role") {
    return { ref: id, attributes: { Arn: `arn:aws:iam::${ACCOUNT_ID}:role/${id}` } };
  }
  if (resource.Type === "AWS::Logs::LogGroup") {
    const arn = `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${id}:*`;
    return { ref: id, attributes: { Arn: arn } };
  }
  return outboxReference(id, resource, { region, url }) ?? sharedSiteReference(id, resource, region);
}

const PATH_METADATA = "aws:cdk:path";

/** `Stack/Sessions/login/Resource` is the function `login`. */
function constructIdOf(logicalId: string, resource: TemplateResource): string {
  const path = resource.Metadata[PATH_METADATA];
  return (typeof path === "string" ? path.split("/").at(-2) : undefined) ?? logicalId;
}

/**
 * Replaces the addresses that the APIs and the distribution would have on AWS by the one they have here,
 * wherever a template builds them, and references to secrets by values of this run.
 */
function localValues(region: string, url: string): (value: unknown) => unknown {
  const api = `https://${API_ID}.execute-api.${region}.amazonaws.com`;
  const push = eventApiDomains(region);
  const { host } = new URL(url);
  const secretsIn = createSecretValues();
  return function replace(value: unknown): unknown {
    if (typeof value === "string") {
      return secretsIn(value)
        .replaceAll(api, url)
        .replaceAll(`https://${DISTRIBUTION_HOST}`, url)
        .replaceAll(`https://${push.http}`, url)
        .replaceAll(`wss://${push.realtime}`, `ws://${host}`)
        .replaceAll(push.http, host)
        .replaceAll(push.realtime, host);
    }
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
}

/**
 * Outputs of things that do not run here (a dashboard's name, say) have no value to give and are left out.
 */
function readOutputs(
  stack: SynthesizedStack,
  scope: ResolveScope,
  local: (value: unknown) => unknown,
): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { Value }] of Object.entries(stack.template.Outputs)) {
    try {
      outputs[name] = String(local(resolveIntrinsics(Value, scope, `output ${name}`)));
    } catch (error) {
      if (!(error instanceof LocalStackError)) throw error;
    }
  }
  return outputs;
}
