/** What sends a request: `fetch`, as far as the client uses it. */
export type Send = (url: string, init: RequestInit) => Promise<Response>;
