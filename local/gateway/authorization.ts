/** What an authorizer decided. */
export type Authorization =
  | { readonly outcome: "authorized"; readonly context: Readonly<Record<string, unknown>> }
  /** A listed identity source is absent, and the function was not asked; or it said `Unauthorized`. */
  | { readonly outcome: "unidentified" }
  | { readonly outcome: "refused" }
  /** The function failed or answered nonsense. */
  | { readonly outcome: "fault" };
