import type { RosterEntry, Displacement } from "./roster.ts";
import type { NamedDevice, SessionContention } from "./session.ts";

/**
 * How often within the window two devices must displace each other to look like one account in two pairs of
 * hands.
 */
export const DISPLACEMENTS_TO_SIGNAL = 5;
export const SHARING_WINDOW_MS = 10 * 60_000;
/** More than this many cannot matter: the roster stays small. */
const MOST_KEPT = 20;

export interface SharingFindings {
  /** The displacements to remember: those of the window, oldest first. */
  readonly displacements: readonly Displacement[];
  /** Set once a window for each pair of devices. */
  readonly contention?: SessionContention;
}

/**
 * The sign of account sharing: two devices, told apart by their device cookies, that displace each other
 * again and again. The history is part of the roster, so that every displacement is counted once, in the
 * commit that makes it, and the signal comes once however many logins run at the same time.
 */
export function noteDisplacements(
  history: readonly Displacement[],
  displaced: readonly RosterEntry[],
  by: NamedDevice,
  now: number,
): SharingFindings {
  const displacements = history.filter(({ at }) => now - at < SHARING_WINDOW_MS);
  let contention: SessionContention | undefined;
  for (const { device } of displaced) {
    const pair = pairOf(device, by);
    if (pair === undefined) continue;
    const same = displacements.filter((displacement) => displacement.pair === pair);
    const count = same.length + 1;
    const signals = count >= DISPLACEMENTS_TO_SIGNAL && !same.some(({ signalled }) => signalled === true);
    displacements.push({ at: now, pair, ...(signals && { signalled: true }) });
    if (signals)
      contention = { devices: [named(device), named(by)], displacements: count, suspicion: "displacements" };
  }
  return { displacements: displacements.slice(-MOST_KEPT), ...(contention !== undefined && { contention }) };
}

/**
 * The same text whichever of the two displaces the other; nothing where a device has no cookie to be known
 * by.
 */
export function pairOf(one: Pick<NamedDevice, "id">, other: Pick<NamedDevice, "id">): string | undefined {
  if (one.id === undefined || other.id === undefined || one.id === other.id) return undefined;
  return [one.id, other.id].toSorted().join(" ");
}

export const named = ({ id, label, class: deviceClass }: NamedDevice): NamedDevice => ({
  ...(id !== undefined && { id }),
  label,
  class: deviceClass,
});
