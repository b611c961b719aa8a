/** Statuses of an API that cannot answer just now, whoever says so. */
export const isBusy = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);

export const typeOf = ({ headers }: Response): string => headers.get("content-type") ?? "";

/** What to say of a response that the API cannot have given to this call. */
export const stranger = (type: string, call: string): string =>
  `${type}, which is not a response of ${call}.`;
