/** The names of a path's parameters: `"id"` of `/sessions/{id}`. */
export type ParameterOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParameterOf<Rest>
  : never;

/** A value for each parameter of a path. */
export type PathParameters<Path extends string> = Readonly<Record<ParameterOf<Path>, string>>;

/** The path with its parameters filled in, each percent-encoded. */
export function fillPath<Path extends string>(path: Path, parameters: PathParameters<Path>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(parameters[name as ParameterOf<Path>]),
  );
}

/**
 * The parameters in a path that somebody asked for, or `undefined` where it is another call's. What stands
 * before the call's own path does not matter: people mount the routes below a path of theirs. A parameter may
 * be missing: `/sessions` is a path of `/sessions/{id}` too. So read first what has a parameter: neither an
 * id that got lost nor one that looks like a path makes a call about one thing another call.
 */
export function readPath<Path extends string>(
  path: Path,
  asked: string,
): Partial<PathParameters<Path>> | undefined {
  const pattern = path.replaceAll(/\/\{(\w+)\}/g, "(?:/(?<$1>[^/]*))?");
  const match = new RegExp(`${pattern}$`).exec(asked);
  return match === null ? undefined : ({ ...match.groups } as Partial<PathParameters<Path>>);
}
