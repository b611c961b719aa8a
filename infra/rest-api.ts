import { Duration, Stack, Validations } from "aws-cdk-lib";
import {
  AuthorizationType,
  IdentitySource,
  LambdaIntegration,
  RequestAuthorizer,
  type IResource,
} from "aws-cdk-lib/aws-apigateway";
import { WebSocketLambdaAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import type { IWebSocketRouteAuthorizer } from "aws-cdk-lib/aws-apigatewayv2";
import { Function as LambdaFunction, type IFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { checkCache, type AuthorizerCache } from "./authorizer.ts";
import type { Route } from "./routes.ts";

/** Puts routes under a resource of a REST API, each as a proxy to its function. */
export function addRestRoutes(
  under: IResource,
  routes: readonly (Route & { readonly lambda: IFunction })[],
): void {
  for (const { method, path, lambda } of routes) {
    const added = under.resourceForPath(path.slice(1)).addMethod(
      method,
      new LambdaIntegration(lambda, { proxy: true, allowTestInvoke: false }),
      // Said outright, as on HTTP APIs: the API may have a default authorizer.
      { authorizationType: AuthorizationType.NONE },
    );
    for (const id of ["AwsSolutions-APIG4", "AwsSolutions-COG4"]) {
      Validations.of(added).acknowledge({
        id,
        reason:
          "The function resolves the caller's session itself, so that it can answer why it is not live.",
      });
    }
  }
}

/**
 * An authorizer for methods of one REST API. Without a cache it names no identity source, so that the
 * function is asked every time.
 * @param scope in the API's own stack.
 */
export function createRestAuthorizer(
  scope: Construct,
  id: string,
  handler: IFunction,
  cache: AuthorizerCache | undefined,
): RequestAuthorizer {
  if (cache) checkCache(cache);
  return new RequestAuthorizer(scope, id, {
    handler: within(scope, `${id}Function`, handler),
    identitySources: cache ? [IdentitySource.header(cache.identitySource.split(".").at(-1) ?? "")] : [],
    resultsCacheTtl: cache?.ttl ?? Duration.seconds(0),
  });
}

/**
 * An authorizer for `$connect` of a WebSocket API. It names no identity source: the token comes in the header
 * or the cookie.
 */
export function createWebSocketAuthorizer(id: string, handler: IFunction): IWebSocketRouteAuthorizer {
  return new WebSocketLambdaAuthorizer(id, handler, { identitySource: [] });
}

/**
 * The function as the scope's stack refers to it. CDK puts the permission of a REST API's authorizer beside
 * the function; where that is another stack, each of the two stacks would need the other.
 */
function within(scope: Construct, id: string, handler: IFunction): IFunction {
  if (Stack.of(scope) === Stack.of(handler)) return handler;
  const { functionArn } = handler;
  return LambdaFunction.fromFunctionAttributes(scope, id, { functionArn, sameEnvironment: true });
}
