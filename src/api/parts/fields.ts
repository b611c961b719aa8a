import * as z from "zod/mini";

/**
 * What a request may hold, by zod's schemas (its `mini` build, a thirtieth of the other's bytes in a bundle).
 * In them every `error` says what is accepted ("a string"); `src/http/schema.ts` adds where, and what was
 * found instead.
 */
export type Schema<T> = z.ZodMiniType<T>;

/** An object with these fields and no others: a field that would be ignored is refused, a typo with it. */
export function fields<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodMiniObject<Shape, z.core.$strict> {
  return z.strictObject(shape, { error: `an object with ${Object.keys(shape).join(", ")}` });
}
