import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { AUTH_MODES, type AuthMode } from "../push/authorization.ts";
import { functionIn, type FunctionModels } from "./function-model.ts";
import { readOr, type OnUnsupported, type ResolvedResource } from "./resource.ts";

/** An Event API of AppSync. */
export interface EventApiModel {
  /** Which address of the stack it answers at; 0 is that of the stack itself. */
  readonly place: number;
  readonly connectModes: readonly AuthMode[];
  /** Its Lambda authorizer, where it has one. */
  readonly authorizer: PushAuthorizerModel | undefined;
  readonly namespaces: readonly NamespaceModel[];
}

export interface PushAuthorizerModel {
  readonly functionName: string;
  /** A token that does not match is refused unasked. */
  readonly tokenPattern: RegExp | undefined;
}

export interface NamespaceModel {
  readonly name: string;
  readonly subscribeModes: readonly AuthMode[];
  readonly publishModes: readonly AuthMode[];
  /** The code of its handlers: an ES module for the runtime APPSYNC_JS. */
  readonly code: string | undefined;
}

const modes = z.array(z.object({ AuthType: z.string() }));
const apiSchema = z.object({
  EventConfig: z.object({
    AuthProviders: z.array(
      z.object({
        AuthType: z.string(),
        LambdaAuthorizerConfig: z
          .object({ AuthorizerUri: z.string(), IdentityValidationExpression: z.string().optional() })
          .optional(),
      }),
    ),
    ConnectionAuthModes: modes,
    DefaultPublishAuthModes: modes,
    DefaultSubscribeAuthModes: modes,
  }),
});
const behavior = z.object({ Behavior: z.string() }).optional();
const namespaceSchema = z.object({
  ApiId: z.string(),
  Name: z.string(),
  SubscribeAuthModes: modes.optional(),
  PublishAuthModes: modes.optional(),
  CodeHandlers: z.string().optional(),
  CodeS3Location: z.string().optional(),
  HandlerConfigs: z.object({ OnPublish: behavior, OnSubscribe: behavior }).default({}),
});

/**
 * The Event APIs. Their logs and the time for which an authorizer's answers are kept are not emulated: the
 * authorizer is asked each time. What does not run here is told: other authorization than Lambda's and IAM's,
 * handlers with a data source or with their code in S3.
 * @param placeOf which address of the stack one answers at, by its logical id.
 */
export function readEventApis(
  { resources, functions, onUnsupported }: Reading,
  placeOf: (logicalId: string) => number,
): EventApiModel[] {
  return resources
    .filter(({ type }) => type === "AWS::AppSync::Api")
    .flatMap((resource) =>
      readOr<EventApiModel[]>(
        `The Event API ${resource.constructId}`,
        () => [readEventApi(resource, placeOf(resource.logicalId), { resources, functions })],
        (why) => {
          onUnsupported(why);
          return [];
        },
      ),
    );
}

interface Reading {
  readonly resources: readonly ResolvedResource[];
  readonly functions: FunctionModels;
  readonly onUnsupported: OnUnsupported;
}

function readEventApi(
  resource: ResolvedResource,
  place: number,
  { resources, functions }: Pick<Reading, "resources" | "functions">,
): EventApiModel {
  const whose = `The Event API ${resource.constructId}`;
  const { EventConfig: config } = apiSchema.parse(resource.properties());
  const modesIn = (list: z.infer<typeof modes>) => list.map(({ AuthType }) => toMode(AuthType, whose));
  config.AuthProviders.forEach(({ AuthType }) => toMode(AuthType, whose));
  const lambda = config.AuthProviders.find(
    ({ AuthType }) => AuthType === "AWS_LAMBDA",
  )?.LambdaAuthorizerConfig;
  const namespaces = resources
    .filter(({ type }) => type === "AWS::AppSync::ChannelNamespace")
    .map((each) => namespaceSchema.parse(each.properties()))
    .filter(({ ApiId }) => ApiId === resource.logicalId)
    .map((each) => readNamespace(each, modesIn, config));
  const pattern = lambda?.IdentityValidationExpression;
  return {
    place,
    connectModes: modesIn(config.ConnectionAuthModes),
    authorizer: lambda && {
      functionName: functionIn(lambda.AuthorizerUri, whose, functions),
      tokenPattern: pattern === undefined ? undefined : new RegExp(pattern),
    },
    namespaces,
  };
}

function readNamespace(
  given: z.infer<typeof namespaceSchema>,
  modesIn: (list: z.infer<typeof modes>) => AuthMode[],
  config: z.infer<typeof apiSchema>["EventConfig"],
): NamespaceModel {
  const whose = `The channel namespace ${given.Name}`;
  const { OnPublish, OnSubscribe } = given.HandlerConfigs;
  if ([OnPublish, OnSubscribe].some((each) => each !== undefined && each.Behavior !== "CODE")) {
    throw new LocalStackError(`${whose} has a handler with a data source; only code runs here.`);
  }
  if (given.CodeS3Location !== undefined) {
    throw new LocalStackError(`${whose} has its handlers in S3; only inline code runs here.`);
  }
  return {
    name: given.Name,
    subscribeModes: modesIn(given.SubscribeAuthModes ?? config.DefaultSubscribeAuthModes),
    publishModes: modesIn(given.PublishAuthModes ?? config.DefaultPublishAuthModes),
    code: given.CodeHandlers,
  };
}

function toMode(type: string, whose: string): AuthMode {
  const mode = AUTH_MODES.find((known) => known === type);
  if (mode !== undefined) return mode;
  throw new LocalStackError(
    `${whose} has the authorization type ${type}; only ${AUTH_MODES.join(" and ")} run here.`,
  );
}
