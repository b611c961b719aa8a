/** A route with its path taken apart once. */
export interface MatchableRoute<T> {
  readonly method: string;
  readonly segments: readonly Segment[];
  readonly isDefault: boolean;
  readonly route: T;
}

type Segment =
  | { readonly kind: "fixed"; readonly text: string }
  | { readonly kind: "variable" | "greedy"; readonly name: string };

export interface RouteMatch<T> {
  readonly route: T;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Takes route keys apart: `POST /login`, `ANY /files/{name}`, `GET /{proxy+}`, `$default`. */
export function matchable<T extends { readonly key: string }>(routes: readonly T[]): MatchableRoute<T>[] {
  return routes.map((route) => {
    if (route.key === "$default") return { method: "ANY", segments: [], isDefault: true, route };
    const [method = "", path = ""] = route.key.split(" ");
    return { method, segments: path.split("/").slice(1).map(segment), isDefault: false, route };
  });
}

function segment(text: string): Segment {
  const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: "fixed", text };
  return { kind: plus === "+" ? "greedy" : "variable", name };
}

const PRECEDENCE = { fixed: 0, variable: 1, greedy: 2 };

/**
 * The route an HTTP API would choose: a full match before a greedy one, a fixed segment before a variable, a
 * named method before `ANY`, `$default` last. `undefined` where none matches.
 */
export function matchRoute<T>(
  routes: readonly MatchableRoute<T>[],
  method: string,
  encodedPath: string,
): RouteMatch<T> | undefined {
  const parts = encodedPath.split("/").slice(1).map(decodeURIComponent);
  const [best] = routes
    .filter((route) => !route.isDefault && (route.method === method || route.method === "ANY"))
    .flatMap((route) => {
      const pathParameters = parametersOf(route.segments, parts);
      return pathParameters === undefined ? [] : [{ route, pathParameters }];
    })
    .sort((one, other) => compareRoutes(one.route, other.route));
  if (best !== undefined) return { route: best.route.route, pathParameters: best.pathParameters };
  const fallback = routes.find(({ isDefault }) => isDefault);
  return fallback && { route: fallback.route, pathParameters: {} };
}

function parametersOf(
  segments: readonly Segment[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [index, part] of segments.entries()) {
    const actual = parts[index];
    if (actual === undefined) return undefined;
    if (part.kind === "greedy") {
      const rest = parts.slice(index).join("/");
      return rest === "" ? undefined : { ...parameters, [part.name]: rest };
    }
    if (part.kind === "fixed" ? part.text !== actual : actual === "") return undefined;
    if (part.kind === "variable") parameters[part.name] = actual;
  }
  return segments.length === parts.length ? parameters : undefined;
}

function compareRoutes<T>(one: MatchableRoute<T>, other: MatchableRoute<T>): number {
  const length = Math.max(one.segments.length, other.segments.length);
  for (let index = 0; index < length; index += 1) {
    const rank = (route: MatchableRoute<T>) => PRECEDENCE[route.segments[index]?.kind ?? "greedy"];
    if (rank(one) !== rank(other)) return rank(one) - rank(other);
  }
  return Number(one.method === "ANY") - Number(other.method === "ANY");
}
