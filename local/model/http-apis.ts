import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { IDENTITY_SOURCE, type ApiModel, type AuthorizerModel, type RouteTarget } from "./api-model.ts";
import { customAuthorizer } from "./custom-authorizer.ts";
import { functionIn, type FunctionModels } from "./function-model.ts";
import { readOr, type OnUnsupported, type ResolvedResource } from "./resource.ts";

const corsSchema = z.object({
  AllowOrigins: z.array(z.string()).default([]),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  MaxAge: z.number().optional(),
  AllowCredentials: z.boolean().default(false),
});
const apiSchema = z.object({ ProtocolType: z.string().optional(), CorsConfiguration: corsSchema.optional() });
const stageSchema = z.object({ ApiId: z.string(), StageName: z.string() });
const routeSchema = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().default(""),
  AuthorizationType: z.string().default("NONE"),
  AuthorizerId: z.string().optional(),
});
const integrationSchema = z.object({
  IntegrationType: z.string(),
  /** Of a service that is called without a function: `SQS-SendMessage`. */
  IntegrationSubtype: z.string().optional(),
  IntegrationUri: z.string().default(""),
  PayloadFormatVersion: z.string().default("1.0"),
});
const authorizerSchema = z.object({
  AuthorizerType: z.string(),
  AuthorizerUri: z.string().default(""),
  AuthorizerPayloadFormatVersion: z.string().default("1.0"),
  EnableSimpleResponses: z.boolean().default(false),
  IdentitySource: z.array(z.string()).default([]),
  AuthorizerResultTtlInSeconds: z.number().default(0),
});

interface Reading {
  readonly resources: readonly ResolvedResource[];
  readonly functions: FunctionModels;
  readonly onUnsupported: OnUnsupported;
}

/**
 * The HTTP APIs. Throttling, access logs and custom domains are not emulated. What they can do and a local
 * stack cannot is told: a WebSocket API, JWT and IAM authorizers, integrations other than Lambda.
 * @param apiIdOf what an API is called in addresses and events.
 */
export function readHttpApis(reading: Reading, apiIdOf: (logicalId: string) => string): ApiModel[] {
  const { resources, onUnsupported } = reading;
  const ofType = (type: string) =>
    resources.filter((resource) => resource.type === `AWS::ApiGatewayV2::${type}`);
  return ofType("Api").flatMap((resource): ApiModel[] => {
    const { logicalId, constructId } = resource;
    const api = apiSchema.parse(resource.properties());
    if (api.ProtocolType !== "HTTP") {
      onUnsupported(`The API ${constructId} is ${String(api.ProtocolType)}; only HTTP runs here.`);
      return [];
    }
    const apiId = apiIdOf(logicalId);
    const stages = ofType("Stage")
      .map((stage) => stageSchema.parse(stage.properties()))
      .filter(({ ApiId }) => ApiId === apiId);
    const routes = ofType("Route").flatMap((route) => {
      const given = routeSchema.parse(route.properties());
      if (given.ApiId !== apiId) return [];
      const { RouteKey: key } = given;
      let why: string | undefined;
      const told = <T>(read: () => T): T | undefined =>
        readOr<T | undefined>(`The route ${key}`, read, (problem) => {
          onUnsupported(problem);
          why ??= problem;
          return undefined;
        });
      const target = told(() => readIntegration(given, ofType("Integration"), reading.functions));
      const authorizer = told(() => readRouteAuthorizer(given, ofType("Authorizer"), reading.functions));
      return [
        why === undefined && target !== undefined
          ? { key, target, authorizer }
          : { key, target: { kind: "elsewhere" as const, why: why ?? "" }, authorizer: undefined },
      ];
    });
    const cors = api.CorsConfiguration;
    const names = stages.map(({ StageName }) => StageName);
    return [{ logicalId, constructId, kind: "http", apiId, stages: names, routes, cors }];
  });
}

function readIntegration(
  { RouteKey: key, Target }: z.infer<typeof routeSchema>,
  integrations: readonly ResolvedResource[],
  functions: FunctionModels,
): RouteTarget {
  const id = Target.replace(/^integrations\//, "");
  const resource = integrations.find(({ logicalId }) => logicalId === id);
  if (resource === undefined) throw new LocalStackError(`The route ${key} has no integration.`);
  const integration = integrationSchema.parse(resource.properties());
  const format = integration.PayloadFormatVersion;
  if (integration.IntegrationSubtype !== undefined) {
    throw new LocalStackError(
      `The route ${key} has the integration ${integration.IntegrationSubtype}; only AWS_PROXY to Lambda runs here.`,
    );
  }
  if (integration.IntegrationType !== "AWS_PROXY" || (format !== "1.0" && format !== "2.0")) {
    throw new LocalStackError(
      `The route ${key} has the integration type ${integration.IntegrationType}; only AWS_PROXY to Lambda runs here.`,
    );
  }
  return {
    kind: "function",
    functionName: functionIn(integration.IntegrationUri, `The route ${key}`, functions),
    format,
  };
}

function readRouteAuthorizer(
  route: z.infer<typeof routeSchema>,
  authorizers: readonly ResolvedResource[],
  functions: FunctionModels,
): AuthorizerModel | undefined {
  const resource = customAuthorizer(`The route ${route.RouteKey}`, route, authorizers);
  if (resource === undefined) return undefined;
  const authorizer = authorizerSchema.parse(resource.properties());
  const name = `The authorizer ${resource.constructId}`;
  const format = authorizer.AuthorizerPayloadFormatVersion;
  if (authorizer.AuthorizerType !== "REQUEST" || (format !== "1.0" && format !== "2.0")) {
    throw new LocalStackError(`${name} is of the type ${authorizer.AuthorizerType}; only REQUEST runs here.`);
  }
  const unknown = authorizer.IdentitySource.find((source) => !IDENTITY_SOURCE.test(source));
  if (unknown !== undefined) {
    throw new LocalStackError(
      `${name} has the identity source ${unknown}; here run $request.header.*, $request.querystring.* and $context.routeKey.`,
    );
  }
  return {
    logicalId: resource.logicalId,
    functionName: functionIn(authorizer.AuthorizerUri, name, functions),
    type: "REQUEST",
    format,
    answers: authorizer.EnableSimpleResponses && format === "2.0" ? "simple" : "policy",
    identitySources: authorizer.IdentitySource,
    cacheSeconds: authorizer.AuthorizerResultTtlInSeconds,
  };
}
