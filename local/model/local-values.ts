import { mapTexts } from "./map-texts.ts";
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
  /** Where each Event API answers. */
  readonly eventApiUrls: readonly string[];
  readonly secretsIn: (text: string) => string;
}): (value: unknown) => unknown {
  const { region, url, apis, eventApiUrls, secretsIn } = options;
  const eventApis = eventApiUrls.map((each, index) => ({
    ...eventApiDomains(region, index),
    url: each,
    host: new URL(each).host,
  }));
  const textOf = (value: string): string => {
    let text = secretsIn(value);
    for (const api of apis) text = text.replaceAll(`https://${apiHost(api.apiId, region)}`, api.url);
    for (const push of eventApis) {
      text = text
        .replaceAll(`https://${push.http}`, push.url)
        .replaceAll(`wss://${push.realtime}`, `ws://${push.host}`)
        .replaceAll(push.http, push.host)
        .replaceAll(push.realtime, push.host);
    }
    return text.replaceAll(`https://${DISTRIBUTION_HOST}`, url);
  };
  return (value) => mapTexts(value, textOf);
}
