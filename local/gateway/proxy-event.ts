import { headerValues, type GatewayRequest } from "./gateway-request.ts";
import { ACCOUNT_ID } from "../model/resource.ts";

/** What the gateway found out about a request before it asks a function. */
export interface RouteContext {
  readonly apiId: string;
  readonly stage: string;
  /** The request's path below the stage, decoded: the same where the stage is `$default`. */
  readonly pathInStage: string;
  readonly routeKey: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** What the authorizer gave, where the route has one. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
}

/**
 * The event of a Lambda proxy integration with payload format 2.0: duplicate headers and query parameters
 * joined with commas, cookies apart from the headers, absent parts left out ("Create AWS Lambda proxy
 * integrations for HTTP APIs").
 */
export function proxyEventV2(request: GatewayRequest, route: RouteContext): Record<string, unknown> {
  return { ...sharedV2(request, route), ...bodyOf(request) };
}

/**
 * The event of a Lambda authorizer with payload format 2.0: the same without a body, with what identifies the
 * caller.
 */
export function authorizerEventV2(
  request: GatewayRequest,
  route: RouteContext,
  options: { readonly region: string; readonly identitySource: readonly string[] | null },
): Record<string, unknown> {
  return {
    type: "REQUEST",
    routeArn: methodArn(request, route, options.region),
    identitySource: options.identitySource,
    ...sharedV2(request, route),
  };
}

/** What an authorizer is asked about, and what its policy names. */
export function methodArn(request: GatewayRequest, route: RouteContext, region: string): string {
  const api = `arn:aws:execute-api:${region}:${ACCOUNT_ID}:${route.apiId}`;
  return `${api}/${route.stage}/${request.method}${route.pathInStage}`;
}

/**
 * The event of a Lambda authorizer of a REST API, or of an HTTP API with payload format 1.0.
 * @param identity what `TOKEN` is given, the value of its one source; for `REQUEST`, the values joined.
 */
export function authorizerEventV1(
  request: GatewayRequest,
  route: RouteContext,
  options: {
    readonly region: string;
    readonly type: "REQUEST" | "TOKEN";
    readonly format: "1.0" | "rest";
    readonly identity: string;
  },
): Record<string, unknown> {
  const arn = methodArn(request, route, options.region);
  if (options.type === "TOKEN")
    return { type: "TOKEN", methodArn: arn, authorizationToken: options.identity };
  const proxied = options.format === "rest" ? restProxyEvent(request, route) : proxyEventV1(request, route);
  const event = without(proxied, ["body", "isBase64Encoded"]);
  return {
    ...event,
    type: "REQUEST",
    methodArn: arn,
    ...(options.format === "1.0" && {
      identitySource: options.identity,
      authorizationToken: options.identity,
    }),
  };
}

/**
 * The event of a Lambda proxy integration of a REST API: payload format 1.0 without its version, and with the
 * path below the stage.
 */
export function restProxyEvent(request: GatewayRequest, route: RouteContext): Record<string, unknown> {
  return { ...without(proxyEventV1(request, route), ["version"]), path: route.pathInStage };
}

const without = (event: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(event).filter(([name]) => !names.includes(name)));

function sharedV2(request: GatewayRequest, route: RouteContext): Record<string, unknown> {
  const cookies = headerValues(request, "cookie")
    .flatMap((header) => header.split(";"))
    .map((cookie) => cookie.trim())
    .filter((cookie) => cookie !== "");
  const headers = grouped(request.headers.filter(([name]) => name !== "cookie"));
  const query = grouped([...new URLSearchParams(request.queryString)]);
  return {
    version: "2.0",
    routeKey: route.routeKey,
    rawPath: request.path,
    rawQueryString: request.queryString,
    ...(cookies.length > 0 && { cookies }),
    headers: mapValues(headers, (values) => values.join(",")),
    ...(query.size > 0 && { queryStringParameters: mapValues(query, (values) => values.join(",")) }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: route.apiId,
      ...(route.authorizer && { authorizer: { lambda: route.authorizer } }),
      ...domainOf(request),
      http: {
        method: request.method,
        path: request.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headerValues(request, "user-agent").join(","),
      },
      requestId: request.requestId,
      routeKey: route.routeKey,
      stage: route.stage,
      time: logTime(request.receivedAt),
      timeEpoch: request.receivedAt,
    },
    ...(Object.keys(route.pathParameters).length > 0 && { pathParameters: route.pathParameters }),
  };
}

/** The event of a Lambda proxy integration with payload format 1.0. */
export function proxyEventV1(request: GatewayRequest, route: RouteContext): Record<string, unknown> {
  const headers = grouped(request.headers);
  const query = grouped([...new URLSearchParams(request.queryString)]);
  const resource = route.routeKey.split(" ")[1] ?? route.routeKey;
  const { body, isBase64Encoded } = bodyOf(request);
  return {
    version: "1.0",
    resource,
    path: request.path,
    httpMethod: request.method,
    headers: mapValues(headers, last),
    multiValueHeaders: Object.fromEntries(headers),
    queryStringParameters: query.size > 0 ? mapValues(query, last) : null,
    multiValueQueryStringParameters: query.size > 0 ? Object.fromEntries(query) : null,
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId: route.apiId,
      ...(route.authorizer && { authorizer: route.authorizer }),
      ...domainOf(request),
      extendedRequestId: request.requestId,
      httpMethod: request.method,
      identity: {
        sourceIp: request.sourceIp,
        userAgent: headerValues(request, "user-agent").join(","),
      },
      path: request.path,
      protocol: request.protocol,
      requestId: request.requestId,
      requestTime: logTime(request.receivedAt),
      requestTimeEpoch: request.receivedAt,
      resourceId: route.routeKey,
      resourcePath: resource,
      stage: route.stage,
    },
    pathParameters: Object.keys(route.pathParameters).length > 0 ? route.pathParameters : null,
    stageVariables: null,
    body: body ?? null,
    isBase64Encoded,
  };
}

/** On AWS the domain name and the `Host` header are the same; here that includes the port. */
function domainOf(request: GatewayRequest): { readonly domainName: string; readonly domainPrefix: string } {
  const domainName = headerValues(request, "host")[0] ?? "localhost";
  return { domainName, domainPrefix: domainName.split(".")[0] ?? domainName };
}

/**
 * The only types an HTTP API hands on as text; everything else, forms and no type at all too, comes in
 * base64.
 */
const TEXT_TYPE = /^(text\/[^;]*|application\/(json|javascript|xml))\s*(;|$)/i;

function bodyOf(request: GatewayRequest): { readonly body?: string; readonly isBase64Encoded: boolean } {
  if (request.body.length === 0) return { isBase64Encoded: false };
  const isText = TEXT_TYPE.test(headerValues(request, "content-type")[0] ?? "");
  return { body: request.body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

function grouped(pairs: readonly (readonly [name: string, value: string])[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) groups.set(name, [...(groups.get(name) ?? []), value]);
  return groups;
}

function mapValues(
  groups: ReadonlyMap<string, string[]>,
  combine: (values: string[]) => string,
): Record<string, string> {
  return Object.fromEntries([...groups].map(([name, values]) => [name, combine(values)]));
}

const last = (values: readonly string[]): string => values.at(-1) ?? "";

/** `12/Mar/2020:19:03:58 +0000`, the format of access logs. */
function logTime(epochMs: number): string {
  const [, day, month, year, time] = new Date(epochMs).toUTCString().split(" ");
  return `${String(day)}/${String(month)}/${String(year)}:${String(time)} +0000`;
}
