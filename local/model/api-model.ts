import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { functionIn, type FunctionModels } from "./function-model.ts";
import type { ResolvedResource } from "./resource.ts";

/** An HTTP API: its routes, and its answer to other origins. */
export interface ApiModel {
  readonly routes: readonly RouteModel[];
  readonly cors: CorsModel | undefined;
}

export interface RouteModel {
  /** `POST /login`, `ANY /files/{proxy+}` or `$default`. */
  readonly key: string;
  readonly functionName: string;
  readonly payloadFormat: "1.0" | "2.0";
  readonly authorizer: AuthorizerModel | undefined;
}

/** A Lambda authorizer with payload format 2.0 and simple responses. */
export interface AuthorizerModel {
  readonly logicalId: string;
  readonly functionName: string;
  /** `$request.header.Authorization`. A request without one of them is refused unasked. */
  readonly identitySources: readonly string[];
  /** How long a result is kept for the same identity sources; 0 switches that off. */
  readonly cacheSeconds: number;
}

const corsSchema = z.object({
  AllowOrigins: z.array(z.string()).default([]),
  AllowMethods: z.array(z.string()).default([]),
  AllowHeaders: z.array(z.string()).default([]),
  ExposeHeaders: z.array(z.string()).default([]),
  MaxAge: z.number().optional(),
  AllowCredentials: z.boolean().default(false),
});
export type CorsModel = z.infer<typeof corsSchema>;

const apiSchema = z.object({ ProtocolType: z.string().optional(), CorsConfiguration: corsSchema.optional() });
const stageSchema = z.object({ StageName: z.string() });
const routeSchema = z.object({
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.string().default("NONE"),
  AuthorizerId: z.string().optional(),
});
const integrationSchema = z.object({
  IntegrationType: z.string(),
  IntegrationUri: z.string().default(""),
  PayloadFormatVersion: z.string().default("1.0"),
});
const authorizerSchema = z.object({
  AuthorizerType: z.string(),
  AuthorizerUri: z.string().default(""),
  AuthorizerPayloadFormatVersion: z.string().optional(),
  EnableSimpleResponses: z.boolean().default(false),
  IdentitySource: z.array(z.string()).default([]),
  AuthorizerResultTtlInSeconds: z.number().default(0),
});

const IDENTITY_SOURCE = /^\$(request\.(header|querystring)\..+|context\.routeKey)$/;

/**
 * The template's HTTP API, or `undefined` where it has none. Throttling, access logs and custom domains are
 * not emulated.
 * @throws LocalStackError for what an HTTP API can do and a local stack cannot: a WebSocket API, a second
 *   API, a stage other than `$default`, JWT and IAM authorizers, authorizers that answer with policies,
 *   integrations other than Lambda.
 */
export function readApi(
  resources: readonly ResolvedResource[],
  functions: FunctionModels,
): ApiModel | undefined {
  const ofType = (type: string) =>
    resources.filter((resource) => resource.type === `AWS::ApiGatewayV2::${type}`);
  const [resource, second] = ofType("Api");
  if (resource === undefined) return undefined;
  if (second !== undefined)
    throw new LocalStackError("The template has several HTTP APIs; one can run here.");
  const api = apiSchema.parse(resource.properties());
  if (api.ProtocolType !== "HTTP") {
    throw new LocalStackError(
      `The API ${resource.constructId} is ${String(api.ProtocolType)}; only HTTP runs here.`,
    );
  }
  for (const { StageName } of ofType("Stage").map((stage) => stageSchema.parse(stage.properties()))) {
    if (StageName !== "$default") {
      throw new LocalStackError(`The API has a stage ${StageName}; only $default runs here.`);
    }
  }
  const byId = (type: string, id: string) => ofType(type).find(({ logicalId }) => logicalId === id);
  const routes = ofType("Route").map((route): RouteModel => {
    const { RouteKey: key, Target, AuthorizationType, AuthorizerId } = routeSchema.parse(route.properties());
    const integration = byId("Integration", Target.replace(/^integrations\//, ""));
    if (integration === undefined) throw new LocalStackError(`The route ${key} has no integration.`);
    return {
      key,
      ...readIntegration(key, integration, functions),
      authorizer: readRouteAuthorizer(
        key,
        AuthorizationType,
        byId("Authorizer", AuthorizerId ?? ""),
        functions,
      ),
    };
  });
  return { routes, cors: api.CorsConfiguration };
}

function readIntegration(
  routeKey: string,
  resource: ResolvedResource,
  functions: FunctionModels,
): Pick<RouteModel, "functionName" | "payloadFormat"> {
  const integration = integrationSchema.parse(resource.properties());
  const format = integration.PayloadFormatVersion;
  if (integration.IntegrationType !== "AWS_PROXY" || (format !== "1.0" && format !== "2.0")) {
    throw new LocalStackError(
      `The route ${routeKey} has the integration type ${integration.IntegrationType}; only AWS_PROXY to Lambda runs here.`,
    );
  }
  return {
    functionName: functionIn(integration.IntegrationUri, `The route ${routeKey}`, functions),
    payloadFormat: format,
  };
}

function readRouteAuthorizer(
  routeKey: string,
  type: string,
  resource: ResolvedResource | undefined,
  functions: FunctionModels,
): AuthorizerModel | undefined {
  if (type === "NONE") return undefined;
  if (type !== "CUSTOM" || resource === undefined) {
    throw new LocalStackError(
      `The route ${routeKey} has the authorization type ${type}; only NONE and CUSTOM (Lambda) run here.`,
    );
  }
  const authorizer = authorizerSchema.parse(resource.properties());
  const name = `The authorizer ${resource.constructId}`;
  if (authorizer.AuthorizerType !== "REQUEST") {
    throw new LocalStackError(`${name} is of the type ${authorizer.AuthorizerType}; only REQUEST runs here.`);
  }
  if (!authorizer.EnableSimpleResponses || authorizer.AuthorizerPayloadFormatVersion !== "2.0") {
    throw new LocalStackError(`${name} answers with policies; only simple responses (format 2.0) run here.`);
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
    identitySources: authorizer.IdentitySource,
    cacheSeconds: authorizer.AuthorizerResultTtlInSeconds,
  };
}
