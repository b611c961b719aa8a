import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How far each table of a data folder is filled. */
export interface Filled {
  /** So many of the first users are in the table, with rosters as asked. */
  of(table: string, rosters: string): number;
  note(table: string, rosters: string, users: number): void;
}

/** Kept beside the tables; without a folder nothing is kept, and nothing is filled before. */
export function openFilled(folder: string | undefined): Filled {
  if (folder === undefined) return { of: () => 0, note: () => undefined };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "growth.json");
  const counts = (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}) as Record<string, number>;
  const name = (table: string, rosters: string): string => `${table}, rosters ${rosters}`;
  return {
    of: (table, rosters) => counts[name(table, rosters)] ?? 0,
    note(table, rosters, users) {
      counts[name(table, rosters)] = users;
      writeFileSync(file, JSON.stringify(counts));
    },
  };
}
