import type { MethodDeploymentOptions } from "aws-cdk-lib/aws-apigateway";
import type { CfnStage, HttpRoute, HttpStage } from "aws-cdk-lib/aws-apigatewayv2";
import { Token } from "aws-cdk-lib";
import { GET_SESSION } from "../src/api/get-session.ts";
import { LOGIN } from "../src/api/login.ts";
import { SettingError } from "./settings/setting-error.ts";
import { toWholeNumber } from "./settings/setting-values.ts";

/**
 * How many requests API Gateway lets through to one route, from all callers together. What is more gets 429.
 */
export interface RouteThrottle {
  /** Requests a second, on average. */
  readonly rateLimit: number;
  /** Requests at one moment: the size of the token bucket. */
  readonly burstLimit: number;
}

/** Limits of the routes. Each route has its own bucket, so that none can use up another's. */
export interface SessionThrottle {
  /**
   * `POST /login`, `GET /login/oidc` and `GET /login/oidc/callback`.
   * @default 50 a second, 100 at one moment
   */
  readonly login?: RouteThrottle;
  /**
   * `GET /session`, which each visible page asks every 3 seconds without push, and every 15 minutes with it.
   * @default 4,000 a second, 4,000 at one moment
   */
  readonly session?: RouteThrottle;
  /**
   * Every other route; in `SingleSessionStack` also routes of your own.
   * @default 200 a second, 400 at one moment
   */
  readonly others?: RouteThrottle;
}

/**
 * They hold for 10,000 visible pages without push: 10,000 / 3 s = 3,334 requests a second for `GET /session`,
 * and a fifth more. With push they are generous. 50 logins a second sign 10,000 people in within 200 s, and
 * can take no more than 50/s * 250 ms = 13 functions at once from the account's 1,000, since each of them
 * hashes a password. `docs/operate/deploy.md` has the arithmetic.
 */
export const DEFAULT_THROTTLE = {
  login: { rateLimit: 50, burstLimit: 100 },
  session: { rateLimit: 4000, burstLimit: 4000 },
  others: { rateLimit: 200, burstLimit: 400 },
} as const satisfies Required<SessionThrottle>;

const KINDS = Object.keys(DEFAULT_THROTTLE) as (keyof SessionThrottle)[];
const LIMITS = ["rateLimit", "burstLimit"] as const satisfies readonly (keyof RouteThrottle)[];
/** More than API Gateway grants by default (10,000 a second); an account may have been given more. */
const HIGHEST = 1_000_000;

/**
 * The limits of all kinds of routes: as given, else the defaults.
 * @throws {@link SettingError} for an unknown member, and for a limit that is no whole number.
 */
export function readThrottle(throttle: SessionThrottle = {}): Required<SessionThrottle> {
  checkMembers("throttle", throttle, KINDS);
  const entries = KINDS.map((kind) => {
    const given = throttle[kind];
    if (given === undefined) return [kind, DEFAULT_THROTTLE[kind]];
    checkMembers(`throttle.${kind}`, given, LIMITS);
    return [kind, Object.fromEntries(LIMITS.map((limit) => [limit, readLimit(kind, limit, given[limit])]))];
  });
  return Object.fromEntries(entries) as Required<SessionThrottle>;
}

function readLimit(kind: string, limit: string, value: unknown): number {
  const name = `throttle.${kind}.${limit}`;
  if (Token.isUnresolved(value)) {
    throw new SettingError(`${name} (prop) is known only at deployment`, "a number that the synth can check");
  }
  return toWholeNumber({ name, source: "prop", value }, 1, HIGHEST);
}

function checkMembers(name: string, value: unknown, members: readonly string[]): void {
  if (typeof value !== "object" || value === null) {
    throw SettingError.forValue({ name, source: "prop", value }, `an object of ${members.join(", ")}`);
  }
  const unknown = Object.keys(value).find((member) => !members.includes(member));
  if (unknown !== undefined) {
    throw new SettingError(`${name}.${unknown} (prop) is not a setting`, members.join(", "));
  }
}

/** A route by its method and path, as both kinds of API have them. */
export interface ThrottledRoute {
  readonly method: string;
  readonly path: string;
}

const limitOf = ({ path }: ThrottledRoute, throttle: Required<SessionThrottle>): RouteThrottle =>
  path === GET_SESSION.path
    ? throttle.session
    : path === LOGIN.path || path.startsWith(`${LOGIN.path}/`)
      ? throttle.login
      : throttle.others;

/** Sets the limits of our routes at a stage of an HTTP API, beside the limits that it has for others. */
export function throttleStage(
  stage: HttpStage,
  routes: readonly (ThrottledRoute & { readonly construct: HttpRoute })[],
  throttle: Required<SessionThrottle>,
): void {
  const cfnStage = stage.node.defaultChild as CfnStage;
  const limits = routes.map((route) => {
    const { rateLimit, burstLimit } = limitOf(route, throttle);
    return [
      `${route.method} ${route.path}`,
      { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit },
    ];
  });
  const others = cfnStage.routeSettings as object | undefined;
  cfnStage.routeSettings = { ...others, ...(Object.fromEntries(limits) as object) };
  // API Gateway refuses settings of a route that does not exist yet.
  for (const { construct } of routes) cfnStage.node.addDependency(construct);
}

/**
 * The same for a REST API: its stage's `methodOptions`. @param under the path of the resource that our routes
 * are under.
 */
export function restMethodOptions(
  routes: readonly ThrottledRoute[],
  throttle: Required<SessionThrottle>,
  under: string,
): Record<string, MethodDeploymentOptions> {
  return Object.fromEntries(
    routes.map((route) => {
      const { rateLimit, burstLimit } = limitOf(route, throttle);
      const key = `${under.replace(/\/+$/, "")}${route.path}/${route.method}`;
      return [key, { throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit }];
    }),
  );
}
