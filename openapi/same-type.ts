/** A type with every property read-only and every branded string plain: how a value looks as JSON. */
type Plain<T> = T extends { readonly __brand: unknown }
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Plain<T[Key]> }
      : T;

/** Written out twice: by a name for the half, the compiler would only look whether A is assignable to B. */
type Identical<A, B> =
  (<T>(value: T) => T extends A ? 1 : 2) extends <T>(value: T) => T extends B ? 1 : 2 ? true : false;

/**
 * `true` where a schema's type is a view's, down to which members are optional; else `false`, which does not satisfy `true`. Mutual
 * assignability would not do: it overlooks an optional member that only one of them has.
 */
export type SameType<Schema, View> = Identical<Plain<Schema>, Plain<View>>;

/** Compiles where all comparisons came out `true`. */
export type AllSame<Comparisons extends readonly true[]> = Comparisons;
