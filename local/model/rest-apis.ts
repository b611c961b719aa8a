import { z } from "zod";
import type { GatewayResponse } from "../gateway/proxy-response.ts";
import { LocalStackError } from "../errors.ts";
import {
  IDENTITY_SOURCE,
  type ApiModel,
  type AuthorizerModel,
  type RouteModel,
  type RouteTarget,
} from "./api-model.ts";
import { customAuthorizer } from "./custom-authorizer.ts";
import { functionIn, type FunctionModels } from "./function-model.ts";
import { readOr, type OnUnsupported, type ResolvedResource } from "./resource.ts";

const resourceSchema = z.object({ RestApiId: z.string(), ParentId: z.string(), PathPart: z.string() });
const stageSchema = z.object({ RestApiId: z.string(), StageName: z.string() });
const integrationSchema = z.object({
  Type: z.string(),
  Uri: z.string().default(""),
  IntegrationResponses: z
    .array(
      z.object({
        StatusCode: z.coerce.number().default(200),
        ResponseParameters: z.record(z.string(), z.string()).default({}),
      }),
    )
    .default([]),
});
const methodSchema = z.object({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  AuthorizationType: z.string().default("NONE"),
  AuthorizerId: z.string().optional(),
  Integration: integrationSchema,
});
const authorizerSchema = z.object({
  Type: z.string(),
  AuthorizerUri: z.string().default(""),
  IdentitySource: z.string().default(""),
  AuthorizerResultTtlInSeconds: z.number().default(300),
});

interface Reading {
  readonly resources: readonly ResolvedResource[];
  readonly functions: FunctionModels;
  readonly onUnsupported: OnUnsupported;
}

/** What `RootResourceId` of an API is here. */
export const rootResourceId = (apiId: string): string => `${apiId}-root`;

/**
 * The REST APIs. Usage plans, models, mapping templates, custom gateway responses and custom domains are not
 * emulated. What else a local stack cannot do is told: Cognito and IAM authorizers, integrations other than a
 * Lambda proxy or the mock of a preflight.
 * @param apiIdOf what an API is called in addresses and events.
 */
export function readRestApis(reading: Reading, apiIdOf: (logicalId: string) => string): ApiModel[] {
  const ofType = (type: string) =>
    reading.resources.filter((resource) => resource.type === `AWS::ApiGateway::${type}`);
  return ofType("RestApi").map(({ logicalId, constructId }): ApiModel => {
    const apiId = apiIdOf(logicalId);
    const paths = pathsOf(apiId, ofType("Resource"));
    const routes = ofType("Method").flatMap((resource): RouteModel[] => {
      const method = methodSchema.parse(resource.properties());
      if (method.RestApiId !== apiId) return [];
      const key = `${method.HttpMethod} ${paths.get(method.ResourceId) ?? "/"}`;
      return [readMethod(key, method, ofType("Authorizer"), reading)];
    });
    const stages = ofType("Stage")
      .map((stage) => stageSchema.parse(stage.properties()))
      .filter(({ RestApiId }) => RestApiId === apiId)
      .map(({ StageName }) => StageName);
    return { logicalId, constructId, kind: "rest", apiId, stages, routes, cors: undefined };
  });
}

/** The path of each resource by its id; the API's own resource is `/`. */
function pathsOf(apiId: string, resources: readonly ResolvedResource[]): Map<string, string> {
  const root = rootResourceId(apiId);
  const parts = new Map(
    resources.map((resource) => [resource.logicalId, resourceSchema.parse(resource.properties())] as const),
  );
  const pathOf = (id: string): string => {
    const own = parts.get(id);
    return own === undefined || id === root ? "" : `${pathOf(own.ParentId)}/${own.PathPart}`;
  };
  return new Map([[root, "/"], ...[...parts.keys()].map((id) => [id, pathOf(id)] as const)]);
}

function readMethod(
  key: string,
  method: z.infer<typeof methodSchema>,
  authorizers: readonly ResolvedResource[],
  { functions, onUnsupported }: Reading,
): RouteModel {
  return readOr<RouteModel>(
    `The method ${key}`,
    () => ({
      key,
      target: readTarget(key, method.Integration, functions),
      authorizer: readMethodAuthorizer(key, method, authorizers, functions),
    }),
    (why) => {
      onUnsupported(why);
      return { key, target: { kind: "elsewhere", why }, authorizer: undefined };
    },
  );
}

function readTarget(
  key: string,
  integration: z.infer<typeof integrationSchema>,
  functions: FunctionModels,
): RouteTarget {
  if (integration.Type === "MOCK") return { kind: "fixed", response: mockResponse(integration) };
  if (integration.Type !== "AWS_PROXY") {
    throw new LocalStackError(
      `The method ${key} has the integration type ${integration.Type}; only AWS_PROXY to Lambda runs here.`,
    );
  }
  const functionName = functionIn(integration.Uri, `The method ${key}`, functions);
  return { kind: "function", functionName, format: "rest" };
}

/** `'https://app.example.com'` in quotes is the text itself; everything else would be taken from a request. */
function mockResponse({ IntegrationResponses }: z.infer<typeof integrationSchema>): GatewayResponse {
  const [{ StatusCode: status, ResponseParameters: given } = { StatusCode: 200, ResponseParameters: {} }] =
    IntegrationResponses;
  const headers = Object.entries(given).flatMap(([name, value]) => {
    const header = /^method\.response\.header\.(.+)$/.exec(name)?.[1];
    const text = /^'(.*)'$/.exec(value)?.[1];
    return header === undefined || text === undefined ? [] : [[header.toLowerCase(), text] as const];
  });
  return { status, headers, body: Buffer.alloc(0) };
}

function readMethodAuthorizer(
  key: string,
  method: z.infer<typeof methodSchema>,
  authorizers: readonly ResolvedResource[],
  functions: FunctionModels,
): AuthorizerModel | undefined {
  const resource = customAuthorizer(`The method ${key}`, method, authorizers);
  if (resource === undefined) return undefined;
  const authorizer = authorizerSchema.parse(resource.properties());
  const name = `The authorizer ${resource.constructId}`;
  if (authorizer.Type !== "REQUEST" && authorizer.Type !== "TOKEN") {
    throw new LocalStackError(`${name} is of the type ${authorizer.Type}; only REQUEST and TOKEN run here.`);
  }
  const identitySources = authorizer.IdentitySource.split(",")
    .map((source) => source.trim().replace(/^method\.request\./, "$request."))
    .filter((source) => source !== "");
  const unknown = identitySources.find((source) => !IDENTITY_SOURCE.test(source));
  if (unknown !== undefined) {
    throw new LocalStackError(
      `${name} has the identity source ${unknown}; here run method.request.header.* and method.request.querystring.*.`,
    );
  }
  return {
    logicalId: resource.logicalId,
    functionName: functionIn(authorizer.AuthorizerUri, name, functions),
    type: authorizer.Type,
    format: "rest",
    answers: "policy",
    identitySources,
    cacheSeconds: authorizer.AuthorizerResultTtlInSeconds,
  };
}
