/** Statuses of an API that cannot answer just now, whoever says so. */
export const isBusy = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

export const typeOf = ({ headers }: Response): string => headers.get("content-type") ?? "";

/** What to say of a response that the API cannot have given to this call. */
export const stranger = (type: string, call: string): string =>
  `${type}, which is not a response of ${call}.`;

/** What was warned of, or is nothing to say: a page asks again and again. */
const warnings = new Set<string | undefined>([undefined]);

/** Warns in the console: a wrong address would otherwise look like an outage for ever. */
export function warnOnce(text: string | undefined): void {
  if (warnings.has(text)) return;
  warnings.add(text);
  // eslint-disable-next-line no-console -- It is for who makes the page.
  console.warn(text);
}
