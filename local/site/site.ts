import type { ApiModel } from "../model/api-model.ts";
import { LocalStackError } from "../errors.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { GatewayRequest } from "../gateway/gateway-request.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";
import { matchable, matchRoute } from "../gateway/route-match.ts";
import type { ApiPathModel, SiteModel } from "../model/site-model.ts";
import { createViewerFunction, type ViewerAnswer, type ViewerFunction } from "./viewer-request.ts";

/**
 * Where the API sees requests through the distribution come from: some edge, never the viewer (an address of
 * RFC 5737).
 */
const EDGE_ADDRESS = "198.51.100.1";

/**
 * What S3 answers to a distribution for a key that is not there: without the right to list, it does not say
 * that.
 */
const ACCESS_DENIED: GatewayResponse = {
  status: 403,
  headers: [["content-type", "application/xml"]],
  body: Buffer.from(
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
  ),
};

/**
 * A CloudFront distribution before the API: paths of the API's behaviours pass the viewer's function and get
 * the origin's headers, all others are files or what the function before them makes of them. One address is
 * here what are two on AWS, the distribution's and the API's own: what is neither a behaviour's path nor a
 * file, but a route of the API, goes to the API as if its own host had been asked.
 * @param gatewayOf the API of a host that a behaviour leads to, where there are several.
 */
export function createSite(
  site: SiteModel,
  api: ApiModel | undefined,
  gateway: Gateway,
  gatewayOf: (originHost: string) => Gateway = () => gateway,
): Gateway {
  const functions = new Map<string, ViewerFunction>();
  for (const code of [site.pageFunction, ...site.apiPaths.map((path) => path.viewerFunction)]) {
    if (code !== undefined && !functions.has(code)) functions.set(code, createViewerFunction(code));
  }
  const routes = matchable(api?.routes ?? []);

  /** What the function says; the request as it is where there is none. */
  async function passed(request: GatewayRequest, code: string | undefined): Promise<ViewerAnswer> {
    const { encodedPath, headers } = request;
    return (await functions.get(code ?? "")?.(request)) ?? { outcome: "request", encodedPath, headers };
  }
  async function answerOfApi(request: GatewayRequest, behavior: ApiPathModel): Promise<GatewayResponse> {
    const answer = await passed(request, behavior.viewerFunction);
    if (answer.outcome === "response") return answer.response;
    if (answer.encodedPath !== request.encodedPath) {
      throw new LocalStackError(
        "A CloudFront function before the API changed the path; that does not run here.",
      );
    }
    return gatewayOf(behavior.originHost)(asOriginRequest(request, behavior, answer.headers));
  }
  async function answerOfPages(request: GatewayRequest): Promise<GatewayResponse> {
    const answer = await passed(request, site.pageFunction);
    if (answer.outcome === "response") return withHeaders(answer.response, site.pageHeaders);
    const isRead = request.method === "GET" || request.method === "HEAD";
    const path = answer.encodedPath === request.encodedPath ? request.path : answer.encodedPath;
    const file = isRead ? site.files.get(path.slice(1) || site.rootObject) : undefined;
    if (file === undefined) return withHeaders(ACCESS_DENIED, site.pageHeaders);
    const { contentType, cacheControl } = file;
    return withHeaders(
      { status: 200, headers: [["content-type", contentType]], body: await file.read() },
      cacheControl === undefined ? site.pageHeaders : [["cache-control", cacheControl], ...site.pageHeaders],
    );
  }

  return async function answer(request) {
    const behavior = site.apiPaths.find(({ pattern }) => pattern.test(request.encodedPath));
    if (behavior !== undefined) return answerOfApi(request, behavior);
    const isFile = site.files.has(request.path.slice(1) || site.rootObject);
    const isRoute = !isFile && matchRoute(routes, request.method, request.encodedPath) !== undefined;
    return isRoute ? gateway(request) : answerOfPages(request);
  };
}

function withHeaders(response: GatewayResponse, headers: GatewayResponse["headers"]): GatewayResponse {
  return { ...response, headers: [...response.headers, ...headers] };
}

/** The request as the API gets it: everything but the host, with the origin's headers over the viewer's. */
function asOriginRequest(
  request: GatewayRequest,
  { originHost, originPath, originHeaders }: ApiPathModel,
  headers: GatewayRequest["headers"],
): GatewayRequest {
  const replaced = ["host", ...originHeaders.map(([name]) => name)];
  return {
    ...request,
    path: originPath + request.path,
    encodedPath: originPath + request.encodedPath,
    sourceIp: EDGE_ADDRESS,
    headers: [
      ...headers
        .filter(([name]) => !replaced.includes(name))
        .map(
          ([name, value]) =>
            [name, name === "x-forwarded-for" ? `${value}, ${EDGE_ADDRESS}` : value] as const,
        ),
      ["host", originHost],
      ...originHeaders,
    ],
  };
}
