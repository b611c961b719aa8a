import type { Texts } from "../texts/en.ts";

/** What the API calls a client of which it knows nothing. */
const UNKNOWN = "Unknown device";

/**
 * The systems that the API's labels name. Other text with an "on" in it was given by people, and is left as
 * they wrote it.
 */
const SYSTEMS =
  "Android|Bada|BlackBerry|Chrom(?:e|ium) ?OS|Fire OS|HarmonyOS|iOS|iPadOS|KaiOS|Linux|macOS|PlayStation \\d|Roku|Sailfish|Tizen|tvOS|" +
  "visionOS|watchOS|WebOS|Windows(?: Phone)?|Xbox";
const COMPOSED = new RegExp(`^(.+) on (${SYSTEMS})$`, "i");

/**
 * A device's label in the language of the page. The API composes labels in English ("Chrome on Windows") and
 * stores them, so that they are taken apart here.
 */
export function deviceLabel(label: string, { device }: Texts): string {
  if (label === UNKNOWN) return device.unknown;
  const [, client, system] = COMPOSED.exec(label) ?? [];
  return client === undefined || system === undefined ? label : device.on(client, system);
}
