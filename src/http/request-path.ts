const DEFAULT_STAGE = "$default";
/**
 * Hosts at which an API's named stage is a part of the path: the API's own, and emulators on somebody's own
 * machine.
 */
const HOST_WITH_STAGES = /\.execute-api\.|^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;

/** Where a request was sent to. */
export interface RequestPath {
  /** Within the API: neither a named stage nor a custom domain's mapping key is in it. */
  readonly path: string;
  /** What people's browsers have before it, as far as the event tells: `/prod`, or nothing. */
  readonly pathPrefix: string;
}

/** What an event says of its path; `version` is absent in a REST API's. */
interface EventPath {
  readonly version?: unknown;
  readonly rawPath?: string;
  readonly path?: string;
  readonly routeKey?: string | null;
  readonly resource?: string | null;
  readonly requestContext: { readonly stage?: string | null; readonly path?: string | null };
}

/**
 * The path of a request within its API, and what stands before it. API Gateway says it differently in each
 * kind of event:
 *
 * - HTTP API, either format: a named stage is in the path, at a custom domain too; the domain's mapping key
 *   never is.
 * - REST API, `path`: no stage; the mapping key at a custom domain.
 * - REST API, `requestContext.path`: the stage at the API's own host, the mapping key at a custom domain.
 */
export function requestPath(event: EventPath, host: string | undefined): RequestPath {
  const { version, requestContext } = event;
  const sent = event.rawPath ?? event.path ?? "/";
  if (version === undefined || version === null) {
    const path = routePath(event.resource) ?? sent;
    return { path, pathPrefix: prefixOf(requestContext.path ?? sent, path) };
  }
  // Each format by its own member: what a format has not is not checked, and may be anything.
  const route = version === "2.0" ? event.routeKey?.split(" ")[1] : event.resource;
  const path = routePath(route) ?? withoutStage(sent, requestContext.stage);
  return { path, pathPrefix: HOST_WITH_STAGES.test(host ?? "") ? prefixOf(sent, path) : "" };
}

/** The path of the route or resource that matched, where that is one path only. */
function routePath(route: string | null | undefined): string | undefined {
  return route?.startsWith("/") === true && !route.includes("{") ? route : undefined;
}

function withoutStage(path: string, stage: string | null | undefined): string {
  const prefix = `/${stage ?? DEFAULT_STAGE}`;
  if (path === prefix) return "/";
  return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : path;
}

const prefixOf = (all: string, path: string): string =>
  all.endsWith(path) ? all.slice(0, -path.length) : "";
