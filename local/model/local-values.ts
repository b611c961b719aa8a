import { eventApiDomains } from "./outbox-references.ts";
import { DISTRIBUTION_HOST } from "./site-references.ts";

/** An API's host on AWS. */
export const apiHost = (apiId: string, region: string): string =>
  `${apiId}.execute-api.${region}.amazonaws.com`;

/**
 * Replaces the addresses that the APIs and the distribution would have on AWS by those they have here,
 * wherever a template builds them, and references to secrets by values of this run.
 */
export function localValues(options: {
  readonly region: string;
  readonly url: string;
  readonly apis: readonly { readonly apiId: string; readonly url: string }[];
  readonly secretsIn: (text: string) => string;
}): (value: unknown) => unknown {
  const { region, url, apis, secretsIn } = options;
  const push = eventApiDomains(region);
  const { host } = new URL(url);
  const textOf = (value: string): string => {
    let text = secretsIn(value);
    for (const api of apis) text = text.replaceAll(`https://${apiHost(api.apiId, region)}`, api.url);
    return text
      .replaceAll(`https://${DISTRIBUTION_HOST}`, url)
      .replaceAll(`https://${push.http}`, url)
      .replaceAll(`wss://${push.realtime}`, `ws://${host}`)
      .replaceAll(push.http, host)
      .replaceAll(push.realtime, host);
  };
  return function replace(value: unknown): unknown {
    if (typeof value === "string") return textOf(value);
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
  };
}
