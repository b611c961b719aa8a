/** What an item of a person is. */
export const KINDS = [
  "session",
  "roster",
  "ending",
  "directory user",
  "remembered device",
  "failed attempts",
  "spent sign-in",
  "sign-out time",
  "activity",
  "suspect",
] as const;
export type Kind = (typeof KINDS)[number];

export interface PersonItem {
  readonly kind: Kind;
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  readonly item: Readonly<Record<string, unknown>>;
}
