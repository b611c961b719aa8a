import { randomInt } from "node:crypto";

/**
 * The same things in random order (Fisher and Yates), so that no contender always comes after the same one.
 */
export function shuffled<T>(things: readonly T[]): T[] {
  const order = [...things];
  for (let last = order.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}
