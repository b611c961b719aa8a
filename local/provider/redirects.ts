import { clientIdsOf, type ProviderModel } from "./sources.ts";

/** Hosts of this machine (RFC 8252 section 7.3; names below `localhost` are it too). */
const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/;
/** What a browser opens or runs itself. */
const OF_BROWSERS = /^(about|blob|data|file|filesystem|ftp|https?|javascript|vbscript|view-source|wss?):$/;

/**
 * Whether people may be sent there after a sign-in or a sign-out: to what the template's app client names,
 * and to any page of this machine, whose port a template does not know. A template names no clients of a
 * provider that is no user pool: native apps of it may have any scheme of their own (RFC 8252 section 7.1).
 */
export function isAllowedRedirect(
  { appClients }: ProviderModel,
  clientId: string,
  uri: string,
  list: List,
): boolean {
  if (namedBy(appClients, clientId, list).includes(uri)) return true;
  const url = URL.parse(uri);
  if (url === null) return false;
  if (/^https?:$/.test(url.protocol)) return LOOPBACK.test(url.hostname);
  return appClients.length === 0 && !OF_BROWSERS.test(url.protocol);
}

type List = "callbackUrls" | "logoutUrls";

const namedBy = (appClients: ProviderModel["appClients"], clientId: string, list: List): string[] =>
  appClients.filter((client) => client.clientId === clientId).flatMap((client) => [...client[list]]);

/** Why people are not sent there, and what is accepted. */
export function redirectRefusal(model: ProviderModel, clientId: string, uri: string, list: List): string {
  const apps =
    model.appClients.length === 0 ? ["an app's own scheme such as com.example.shop:/callback"] : [];
  const named = namedBy(model.appClients, clientId, list);
  const accepted = [...named, "any address on localhost", ...apps].join(", ");
  return `The client ${clientId} may not send people to ${uri || "no address"}. Accepted: ${accepted}.`;
}

/** Why no sign-in begins, by the library's error; what is accepted, where a front end's setting is wrong. */
export function signInRefusal(
  model: ProviderModel,
  { error, why }: { readonly error: string; readonly why: string },
  params: { readonly clientId: string; readonly redirectUri: string },
): string {
  const { clientId, redirectUri } = params;
  if (error === "invalid_redirect_uri") {
    return redirectRefusal(model, clientId, redirectUri, "callbackUrls");
  }
  if (error === "invalid_client") {
    return (
      `There is no client ${clientId || "without an id"} here; there are ` +
      `${clientIdsOf(model).join(", ")}.`
    );
  }
  return [error, why].filter(Boolean).join(": ");
}
