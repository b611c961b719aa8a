import { randomUUID } from "node:crypto";
import { z } from "zod";
import { readChannel, type Channel } from "./channel.ts";

/** AppSync's quotas. */
const MOST_EVENTS = 5;
const LONGEST_EVENT_BYTES = 240 * 1024;

const publishSchema = z.object({ channel: z.string(), events: z.array(z.string()).min(1) });

/** What is to be published, or why it is no such thing. */
export type Publication =
  | { readonly outcome: "publication"; readonly channel: Channel; readonly events: readonly string[] }
  | { readonly outcome: "malformed"; readonly message: string };

/** Reads the body of `POST /event`, or a message of the type `publish`. */
export function readPublication(body: unknown): Publication {
  const parsed = publishSchema.safeParse(body);
  if (!parsed.success) return malformed("channel is text, events is a list of texts, and not empty");
  const { events } = parsed.data;
  const channel = readChannel(parsed.data.channel);
  if (channel === undefined || channel.isWildcard) return malformed("channel is not the path of a channel");
  if (events.length > MOST_EVENTS) return malformed(`at most ${MOST_EVENTS} events can be published at once`);
  if (events.some((event) => Buffer.byteLength(event) > LONGEST_EVENT_BYTES)) {
    return malformed(`an event has at most ${LONGEST_EVENT_BYTES / 1024} KB`);
  }
  if (!events.every(isJson)) return malformed("each event is JSON");
  return { outcome: "publication", channel, events };
}

/** What AppSync answers to a publication that it took. */
export const published = (events: readonly string[]) => ({
  failed: [],
  successful: events.map((_, index) => ({ identifier: randomUUID(), index })),
});

const malformed = (message: string): Publication => ({ outcome: "malformed", message });

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
