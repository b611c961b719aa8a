import type { Device } from "./session.ts";

/** With the longest user id and permissions, these keep a session's item within one read unit (4 KB). */
const LONGEST_LABEL = 80;
const LONGEST_USER_AGENT = 256;
const LONGEST_ADDRESS = 64;

/** A device as it is stored: everything in it came from outside, so every part is cut to its length. */
export function boundedDevice(device: Device): Device {
  const { id, label, userAgent, address } = device;
  return {
    ...(id === undefined ? {} : { id }),
    label: cut(label, LONGEST_LABEL),
    class: device.class,
    ...(userAgent === undefined ? {} : { userAgent: cut(userAgent, LONGEST_USER_AGENT) }),
    ...(address === undefined ? {} : { address: cut(address, LONGEST_ADDRESS) }),
  };
}

/** Cutting may halve a surrogate pair; the database takes well-formed Unicode only. */
const cut = (text: string, length: number): string => text.slice(0, length).toWellFormed();
