import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Positions } from "./stream-reader.ts";

/** How far each mapping has come, kept beside the tables: a stream outlives a run where they do. */
export interface PositionsFile {
  /** Those of one mapping; they may be changed. */
  of(logicalId: string): Positions;
  save(): Promise<void>;
}

/** @param dataFolder where the tables are kept; without one nothing is kept. */
export function openPositions(dataFolder: string | undefined): PositionsFile {
  const file = dataFolder === undefined ? undefined : join(dataFolder, "stream-positions.json");
  const all = file === undefined ? {} : read(file);
  return {
    of: (logicalId) => (all[logicalId] ??= {}),
    async save() {
      if (file !== undefined) await writeFile(file, JSON.stringify(all));
    },
  };
}

/** Without the file, or with one that a crash left unfinished, what the streams still have is told again. */
function read(file: string): Record<string, Positions> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Positions>;
  } catch {
    return {};
  }
}
