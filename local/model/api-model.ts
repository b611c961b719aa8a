import type { GatewayResponse } from "../gateway/proxy-response.ts";

/** An HTTP API or a REST API: its routes, and its answer to other origins. */
export interface ApiModel {
  readonly logicalId: string;
  readonly constructId: string;
  readonly kind: "http" | "rest";
  /** What is in its address and in events. */
  readonly apiId: string;
  /** `$default` answers at `/`, every other one at its name: `/prod`. */
  readonly stages: readonly string[];
  readonly routes: readonly RouteModel[];
  readonly cors: CorsModel | undefined;
}

export interface RouteModel {
  /** `POST /login`, `ANY /files/{proxy+}` or `$default`. */
  readonly key: string;
  readonly target: RouteTarget;
  readonly authorizer: AuthorizerModel | undefined;
}

export type RouteTarget =
  | { readonly kind: "function"; readonly functionName: string; readonly format: EventFormat }
  /** The gateway's own answer. */
  | { readonly kind: "fixed"; readonly response: GatewayResponse }
  /** It does not run here, or its authorizer does not. */
  | { readonly kind: "elsewhere"; readonly why: string };

/** HTTP APIs have payload formats; a REST API has its own. */
export type EventFormat = "1.0" | "2.0" | "rest";

/** A Lambda authorizer. */
export interface AuthorizerModel {
  readonly logicalId: string;
  readonly functionName: string;
  readonly format: EventFormat;
  /** `TOKEN`, which only REST APIs have, is given the value of its one identity source and no more. */
  readonly type: "REQUEST" | "TOKEN";
  /** Yes or no, which is the "simple response" of HTTP APIs, or an IAM policy. */
  readonly answers: "simple" | "policy";
  /** `$request.header.Authorization`. A request without one of them is refused unasked. */
  readonly identitySources: readonly string[];
  /** How long a result is kept for the same identity sources; 0 switches that off. */
  readonly cacheSeconds: number;
}

export interface CorsModel {
  readonly AllowOrigins: readonly string[];
  readonly AllowMethods: readonly string[];
  readonly AllowHeaders: readonly string[];
  readonly ExposeHeaders: readonly string[];
  readonly MaxAge?: number | undefined;
  readonly AllowCredentials: boolean;
}

/** What identifies a caller, as HTTP APIs write it. */
export const IDENTITY_SOURCE = /^\$(request\.(header|querystring)\..+|context\.routeKey)$/;
