import { named, pairOf } from "./account-sharing.ts";
import type { Interruption, RosterEntry } from "./roster.ts";
import type { DeviceId, NamedDevice, SessionContention } from "./session.ts";

/**
 * The slower sign of account sharing (design section 10, rule 39): somebody is displaced while at work, and
 * signs in again at once. A person who goes from one device to another has left the first.
 */

/** How often in a day a device must return to look like one account in two pairs of hands. */
export const RETURNS_TO_SIGNAL = 3;
export const RETURNS_WINDOW_MS = 24 * 60 * 60_000;
/** Who signs in later than this may have come back for another reason. */
export const RETURN_WITHIN_MS = 15 * 60_000;
/** More than this many cannot matter: the roster stays small. */
const MOST_KEPT = 12;

/** A login, and what it displaces. */
export interface Interrupting {
  readonly by: NamedDevice;
  /** The sessions that were in use. */
  readonly interrupted: readonly RosterEntry[];
  /** Pairs of devices of which a signal has just come by the other sign. */
  readonly told: ReadonlySet<string>;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface ReturnFindings {
  /** What to remember: of a day those that returned, of the last minutes those that may, oldest first. */
  readonly interruptions: readonly Interruption[];
  /** Set once a day for each pair of devices. */
  readonly contention?: SessionContention;
}

/**
 * Counts a login that comes soon after its device was displaced while in use. The history is part of the
 * roster, as that of displacements is.
 */
export function noteReturns(
  history: readonly Interruption[],
  { by, interrupted, told, now }: Interrupting,
): ReturnFindings {
  const recent = history.filter(
    ({ at, awaited }) => now - at < (awaited === undefined ? RETURNS_WINDOW_MS : RETURN_WITHIN_MS),
  );
  const { id } = by;
  if (id === undefined) return { interruptions: recent };
  const returning = recent.findLast(({ device, awaited }) => device === id && awaited !== undefined);
  const isMine = ({ device }: Interruption): boolean => device === id;
  const times = recent.filter(
    (one) => isMine(one) && (one.awaited === undefined || one === returning),
  ).length;
  const wasSignalled = recent.some((one) => one.signalled === true && isSamePair(one, returning));
  const signals = returning !== undefined && times >= RETURNS_TO_SIGNAL && !wasSignalled;
  const kept = recent.flatMap((one) => {
    if (one === returning)
      return [{ at: one.at, device: id, by: one.by, ...(signals && { signalled: true }) }];
    // One that was awaited is over with any login of its device.
    return isMine(one) && one.awaited !== undefined ? [] : [one];
  });
  const interruptions = [...kept, ...interrupted.flatMap((entry) => interruptionOf(entry, by, id, now))];
  const isTold = returning !== undefined && told.has(pairIn(returning) ?? "");
  return {
    interruptions: withoutOldest(interruptions, interruptions.length - MOST_KEPT),
    ...(signals &&
      !isTold &&
      returning.awaited !== undefined && {
        contention: {
          devices: [{ id: returning.by, ...returning.awaited }, named(by)],
          displacements: times,
          suspicion: "returns",
        },
      }),
  };
}

/** Those that raised a signal stay, or the pair would be signalled again on the same day. */
function withoutOldest(interruptions: readonly Interruption[], count: number): readonly Interruption[] {
  let left = count;
  return interruptions.filter(({ signalled }) => signalled === true || left-- <= 0);
}

function interruptionOf(
  { device: { id: device } }: RosterEntry,
  { label, class: deviceClass }: NamedDevice,
  by: DeviceId,
  at: number,
): Interruption[] {
  return device === undefined || device === by
    ? []
    : [{ at, device, by, awaited: { label, class: deviceClass } }];
}

const pairIn = ({ device, by }: Interruption): string | undefined => pairOf({ id: device }, { id: by });

const isSamePair = (one: Interruption, other: Interruption | undefined): boolean =>
  other !== undefined && pairIn(one) === pairIn(other);
