import type { BusEvent } from "./event-bus.ts";

/**
 * An event in one line for a person: when, what, and its detail's fields by their names; those inside others
 * with a dot.
 */
export function eventLine({ time, "detail-type": type, detail }: BusEvent, busName: string): string {
  const bus = busName === "default" ? "" : ` on ${busName}`;
  return `[event] ${time} ${type}${bus}: ${fields(detail, "").join(" ")}`;
}

function fields(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [`${path}=${shown(value)}`];
  return Object.entries(value).flatMap(([name, inner]) =>
    fields(inner, path === "" ? name : `${path}.${name}`),
  );
}

/** Texts as they are where nothing in them could be taken for the next field. */
const shown = (value: unknown): string =>
  typeof value === "string" && /^[^\s="\p{C}]+$/u.test(value) ? value : JSON.stringify(value);
