import { createHash } from "node:crypto";

type Path = readonly (string | number)[];

const BYTES = 6;

/**
 * A number from 0 up to 1 that depends on the seed and the path alone: the same wherever and in whatever
 * order it is asked for. It is the beginning of a SHA-256, so that neighbouring paths have nothing to do with
 * each other.
 */
export function drawAt(seed: string, ...path: Path): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...path]))
    .digest();
  return digest.readUIntBE(0, BYTES) / 2 ** (8 * BYTES);
}

/** Numbers drawn one after the other, by a seed and a path of their own. */
export class Draws {
  readonly #seed: string;
  readonly #path: Path;
  #drawn = 0;

  constructor(seed: string, ...path: Path) {
    this.#seed = seed;
    this.#path = path;
  }

  /** From 0 up to 1. */
  next(): number {
    return drawAt(this.#seed, ...this.#path, this.#drawn++);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** From `least` up to `most`, fractions included. */
  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  /** @throws RangeError where there is nothing to pick from. */
  pick<T>(things: readonly T[]): T {
    const index = Math.floor(this.next() * things.length);
    if (index >= things.length) throw new RangeError("there is nothing to pick from");
    return things[index] as T;
  }

  /** One of the names, each as likely as its weight says. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries = Object.entries<number>(weights) as [Name, number][];
    const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
    let left = this.next() * total;
    for (const [name, weight] of entries) {
      left -= weight;
      if (left < 0) return name;
    }
    throw new RangeError("there is nothing to pick from");
  }
}
