import type { Device } from "./session.ts";

/**
 * The most characters that are kept of a device. With the longest user id and permissions, they keep a
 * session's item within one read unit (4 KB).
 */
export const DEVICE_CAPS = { label: 64, userAgent: 256, address: 64 } as const;

/** A device as it is stored: everything in it came from outside, so every part is cut to its length. */
export function boundedDevice(device: Device): Device {
  const { id, label, userAgent, address } = device;
  return {
    ...(id === undefined ? {} : { id }),
    label: cut(label, DEVICE_CAPS.label),
    class: device.class,
    ...(userAgent === undefined ? {} : { userAgent: cut(userAgent, DEVICE_CAPS.userAgent) }),
    ...(address === undefined ? {} : { address: cut(address, DEVICE_CAPS.address) }),
  };
}

/**
 * At most `length` characters, well-formed as the database wants them: a surrogate pair that the cut would
 * halve goes whole.
 */
export function cut(text: string, length: number): string {
  const kept = text.slice(0, length);
  const isHalved = text.length > length && /[\ud800-\udbff]$/.test(kept);
  return (isHalved ? kept.slice(0, -1) : kept).toWellFormed();
}
