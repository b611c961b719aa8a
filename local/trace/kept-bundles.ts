import { createHash } from "node:crypto";
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type * as Esbuild from "esbuild";
import { isUnchanged, stampInputs, type Stamps } from "./stamps.ts";

/** What esbuild made of the same sources before. */
export interface KeptBundle {
  readonly metafile: Esbuild.Metafile;
  readonly outputs: readonly KeptOutput[];
}

export interface KeptOutput {
  /** As esbuild named it. */
  readonly path: string;
  readonly hash: string;
  /** Read from the disk each time: of many, few may be asked for. */
  readonly contents: () => Uint8Array;
}

/** What esbuild made now. */
export interface MadeBundle {
  readonly metafile: Esbuild.Metafile;
  readonly outputs: readonly {
    readonly path: string;
    readonly hash: string;
    readonly contents: Uint8Array;
  }[];
  /** Absolute paths. */
  readonly inputs: readonly string[];
  /** Milliseconds of the epoch, when it began. */
  readonly began: number;
}

/** Bundles on the disk, by what was asked of esbuild. */
export interface KeptBundles {
  /** @returns `undefined` where there is none, or where what it was made of may have changed. */
  find(asked: unknown): KeptBundle | undefined;
  keep(asked: unknown, bundle: MadeBundle): void;
}

interface Description {
  readonly stamps: Stamps;
  readonly outputs: readonly { readonly path: string; readonly hash: string }[];
}

/** As many as a large app has; of more, those not used for the longest time go. */
const MOST_KEPT = 200;

/**
 * @param folder where they are. Several processes may use it at the same time: a bundle appears there whole.
 */
export function createKeptBundles(folder: string): KeptBundles {
  const placeOf = (asked: unknown): string =>
    join(folder, createHash("sha256").update(JSON.stringify(asked)).digest("hex"));
  return {
    find(asked) {
      const place = placeOf(asked);
      try {
        const read = (name: string): unknown =>
          JSON.parse(readFileSync(join(place, name), "utf8")) as unknown;
        const { stamps, outputs } = read(DESCRIPTION) as Description;
        if (!isUnchanged(stamps)) return undefined;
        utimesSync(place, new Date(), new Date());
        return {
          metafile: read(METAFILE) as Esbuild.Metafile,
          outputs: outputs.map((output, index) => ({
            ...output,
            contents: () => readFileSync(join(place, String(index))),
          })),
        };
      } catch {
        // There is none, or another process removes it.
        return undefined;
      }
    },
    keep(asked, { metafile, outputs, inputs, began }) {
      const stamps = stampInputs(inputs, began);
      if (stamps === undefined) return;
      const place = placeOf(asked);
      const working = `${place}.${process.pid}`;
      mkdirSync(working, { recursive: true });
      outputs.forEach(({ contents }, index) => writeFileSync(join(working, String(index)), contents));
      const description: Description = { stamps, outputs: outputs.map(({ path, hash }) => ({ path, hash })) };
      writeFileSync(join(working, DESCRIPTION), JSON.stringify(description));
      writeFileSync(join(working, METAFILE), JSON.stringify(metafile));
      rmSync(place, { recursive: true, force: true });
      try {
        renameSync(working, place);
      } catch {
        // Another process was first.
        rmSync(working, { recursive: true, force: true });
      }
      removeOldest(folder);
    },
  };
}

const DESCRIPTION = "bundle.json";
const METAFILE = "metafile.json";

function removeOldest(folder: string): void {
  const places = readdirSync(folder).map((name) => join(folder, name));
  if (places.length <= MOST_KEPT) return;
  const usedAt = (place: string): number => statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const oldest = places.map((place) => [usedAt(place), place] as const).sort(([a], [b]) => a - b);
  for (const [, place] of oldest.slice(0, places.length - MOST_KEPT)) {
    rmSync(place, { recursive: true, force: true });
  }
}
