/** Kept beside the modules, which tests load anew. */
const PLACE = Symbol.for("single-session.made-tables");
const place = globalThis as { [PLACE]?: Set<string> };

/** Remembers tables that this process made, for whoever deletes them. */
export function noteTables(names: Iterable<string>): void {
  const made = place[PLACE] ?? new Set();
  for (const name of names) made.add(name);
  place[PLACE] = made;
}

/** The tables that were made since this was asked last. */
export function takeMadeTables(): string[] {
  const names = [...(place[PLACE] ?? [])];
  place[PLACE]?.clear();
  return names;
}
