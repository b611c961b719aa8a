import type { ProviderModel } from "./sources.ts";

/** Hosts of this machine (RFC 8252 section 7.3; names below `localhost` are it too). */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/;

/**
 * Whether people may be sent there after a sign-in or a sign-out: to what the template's app client names,
 * and to any page of this machine, whose port a template does not know.
 */
export function isAllowedRedirect(
  { appClients }: ProviderModel,
  clientId: string,
  uri: string,
  list: "callbackUrls" | "logoutUrls",
): boolean {
  const named = appClients.filter((client) => client.clientId === clientId).flatMap((client) => client[list]);
  if (named.includes(uri)) return true;
  const url = URL.parse(uri);
  return url !== null && /^https?:$/.test(url.protocol) && LOOPBACK.test(url.hostname);
}
