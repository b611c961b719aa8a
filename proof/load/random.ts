/** Random choices that a seed repeats. Nothing secret depends on them. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  pick<T>(things: readonly T[]): T | undefined;
}

/** splitmix32, begun from an FNV-1a hash of the seed's text. */
export function seededRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(seed)) state = Math.imul(state ^ byte, 0x01000193);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  return { next, pick: (things) => things[Math.floor(next() * things.length)] };
}
