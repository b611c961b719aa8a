import type { RandomBytes } from "./token.ts";

/** Where pages connect that want to be told, and where they are told from. Given where push is on. */
export interface PushSettings {
  /** Where a page's WebSocket connects: `wss://<realtime host>/event/realtime`. */
  readonly url: string;
  /** The HTTP host, which a page names when it connects. */
  readonly host: string;
  /** Where hints are published: `https://<HTTP host>/event`. */
  readonly publishUrl: string;
}

const CHANNEL_BYTES = 20;
/** RFC 4648, section 6, in lower case: what the segment of a channel's path may have. */
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const BITS = 5;
export const IS_CHANNEL = /^[a-z2-7]{32}$/;

/**
 * The name of a session's own channel: 160 random bits in base32, which cannot be guessed. Knowing it is
 * enough to listen, so that it is shown to the session's client only, and never in a list or a log.
 */
export function newChannel(random: RandomBytes): string {
  let channel = "";
  let bits = 0;
  let value = 0;
  for (const byte of random(CHANNEL_BYTES)) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= BITS; bits -= BITS) channel += BASE32.charAt((value >> (bits - BITS)) & 31);
    value &= (1 << bits) - 1;
  }
  return channel;
}

/** Whether `text` has the shape of a channel. */
export const isChannel = (text: string): boolean => IS_CHANNEL.test(text);

/**
 * The channel of a session that is to be made, or nothing where push is off. Asked for once a login, so that
 * all of its attempts have the same.
 */
export const channelFor = ({
  settings,
  random,
}: {
  readonly settings: { readonly push?: PushSettings };
  readonly random: RandomBytes;
}): { readonly channel?: string } => (settings.push === undefined ? {} : { channel: newChannel(random) });
