import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { rerouted, type Reroute } from "../provider/rerouted.ts";

/**
 * From now on, requests of this thread that are for a real identity provider go to the local one. The code
 * that runs in the thread knows nothing of it: it is what would be deployed.
 */
export function rerouteRequests(reroutes: readonly Reroute[]): void {
  rerouteFetch(reroutes);
  const request = https.request.bind(https);
  https.request = function (...given: readonly unknown[]) {
    const local = localRequest(given, reroutes);
    return local === undefined
      ? request(...(given as Parameters<typeof https.request>))
      : http.request(...local);
  };
  https.get = function (...given: Parameters<typeof https.request>) {
    return https.request(...given).end();
  } as typeof https.get;
  // What was imported by name is the same from now on.
  syncBuiltinESMExports();
}

function rerouteFetch(reroutes: readonly Reroute[]): void {
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const local = rerouted(input instanceof Request ? input.url : String(input), reroutes);
    if (local === undefined) return realFetch(input, init);
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(forwarded(local.host))) headers.set(name, value);
    return realFetch(new Request(local.url, request), { headers });
  };
}

type Callback = (response: http.IncomingMessage) => void;

/** The arguments of `http.request`, of those of `https.request`: an address, options or both. */
function localRequest(
  given: readonly unknown[],
  reroutes: readonly Reroute[],
): [URL, http.RequestOptions, Callback | undefined] | undefined {
  const callback = given.find((each) => typeof each === "function") as Callback | undefined;
  const [first] = given;
  const address = typeof first === "string" || first instanceof URL ? String(first) : undefined;
  const options = (given.find((each) => isOptions(each)) ?? {}) as https.RequestOptions;
  const { hostname, host, path = "/", port } = options;
  const place = port === undefined || Number(port) === 443 ? "" : `:${port}`;
  const local = rerouted(address ?? `https://${hostname ?? host ?? ""}${place}${path}`, reroutes);
  if (local === undefined) return undefined;
  const { method, headers, signal, timeout } = options;
  return [
    new URL(local.url),
    {
      ...(method !== undefined && { method }),
      ...(signal !== undefined && { signal }),
      ...(timeout !== undefined && { timeout }),
      headers: { ...(headers as http.OutgoingHttpHeaders | undefined), ...forwarded(local.host) },
    },
    callback,
  ];
}

const isOptions = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !(value instanceof URL);

const forwarded = (host: string): Record<string, string> => ({
  "x-forwarded-host": host,
  "x-forwarded-proto": "https",
});
