import { Duration } from "aws-cdk-lib";
import type {
  HttpRouteAuthorizerBindOptions,
  HttpRouteAuthorizerConfig,
  IHttpApi,
  IHttpRouteAuthorizer,
} from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { SettingError } from "./settings/setting-error.ts";

/** What a cached answer of the authorizer may be keyed by: one of the two ways a session token travels. */
export const AUTHORIZER_SOURCES = ["$request.header.Authorization", "$request.header.Cookie"] as const;
export type AuthorizerSource = (typeof AUTHORIZER_SOURCES)[number];

/** Caching of the authorizer's answers by API Gateway. A cached yes outlives a logout by up to `ttl`. */
export interface AuthorizerCache {
  /** 1 second to 1 hour: how long a session that has ended may still get through. */
  readonly ttl: Duration;
  /**
   * Exactly one: with several, API Gateway refuses a request that lacks any of them. Requests that carry the
   * token the other way are refused too.
   */
  readonly identitySource: AuthorizerSource;
}

const LONGEST_TTL_SECONDS = 3600;

/**
 * An authorizer for routes that need a live session. Without a cache it names no identity source, so that the
 * function is asked every time, and for cookie and bearer alike.
 * @throws {@link SettingError} for a cache that API Gateway would not take, or that would refuse live
 * sessions.
 */
export function createAuthorizer(
  id: string,
  handler: IFunction,
  cache: AuthorizerCache | undefined,
): IHttpRouteAuthorizer {
  if (cache) checkCache(cache);
  return new AuthorizerOfEachApi(
    () =>
      new HttpLambdaAuthorizer(id, handler, {
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        identitySource: cache ? [cache.identitySource] : [],
        resultsCacheTtl: cache?.ttl ?? Duration.seconds(0),
      }),
  );
}

/** API Gateway's authorizers belong to one API each, and CDK refuses to use one for two. */
class AuthorizerOfEachApi implements IHttpRouteAuthorizer {
  readonly #make: () => IHttpRouteAuthorizer;
  readonly #made = new Map<IHttpApi, IHttpRouteAuthorizer>();

  constructor(make: () => IHttpRouteAuthorizer) {
    this.#make = make;
  }

  bind(options: HttpRouteAuthorizerBindOptions): HttpRouteAuthorizerConfig {
    const { httpApi } = options.route;
    const authorizer = this.#made.get(httpApi) ?? this.#make();
    this.#made.set(httpApi, authorizer);
    return authorizer.bind(options);
  }
}

/**
 * @throws {@link SettingError} for a cache that API Gateway would not take, or that would refuse live
 * sessions.
 */
export function checkCache(cache: Partial<AuthorizerCache> | null): void {
  const sources: readonly unknown[] = AUTHORIZER_SOURCES;
  const { ttl, identitySource } = cache ?? {};
  if (!sources.includes(identitySource)) {
    throw SettingError.forValue(
      { name: "authorizerCache.identitySource", source: "prop", value: identitySource },
      `exactly one of ${AUTHORIZER_SOURCES.join(", ")}`,
    );
  }
  const seconds = ttl instanceof Duration && !ttl.isUnresolved() ? ttl.toSeconds({ integral: false }) : NaN;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_TTL_SECONDS) {
    throw SettingError.forValue(
      { name: "authorizerCache.ttl", source: "prop", value: ttl },
      `a Duration of whole seconds, from 1 to ${LONGEST_TTL_SECONDS}`,
    );
  }
}
