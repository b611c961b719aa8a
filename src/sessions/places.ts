import type { Place, PlaceMarker, Session, SwitchBack } from "./session.ts";

/**
 * The sign of a copied token: one session that is used from two places by turns (design section 10, rules 37
 * and 38). Turns are counted and not changes: a browser's update, or a network left behind, comes once.
 */

/** Where a request comes from, and by what it carries its token. */
export interface SeenPlace extends Place {
  readonly by: "bearer" | "cookie";
}

/** The place alone. */
export const placeIn = ({ label, class: deviceClass, network }: SeenPlace): Place => ({
  label,
  class: deviceClass,
  ...(network !== undefined && { network }),
});

/** A session that is used from two places is touched no more often than this, in milliseconds. */
export const EARLIEST_TOUCH_MS = 10_000;
export const PLACES_WINDOW_MS = 10 * 60_000;
/** Switches back that make a suspicion, where client and network differ. */
const FAR_SWITCHES = 2;
/** The same where only the client is known to differ. */
const NEAR_SWITCHES = 3;

/** What a touch adds to a session's item; without members nothing. */
export type NotedPlace = Partial<Pick<Session, "place" | "suspectedAt">>;

type Placed = Pick<Session, "place" | "suspectedAt">;

/**
 * Whether a request is from another place than the one before, so that a touch may come early. Another
 * network alone is none: it never counts, and people's networks change all the time. Neither is another
 * client with a bearer token in the same network: an app and its web view share one.
 */
export const isElsewhere = ({ place, suspectedAt }: Placed, seen: SeenPlace): boolean =>
  suspectedAt === undefined && place !== undefined && isOther(place, seen);

/** What a touch by a request from `seen` records. Once a session is suspected, nothing more. */
export function notePlace({ place: marker, suspectedAt }: Placed, seen: SeenPlace, now: number): NotedPlace {
  if (suspectedAt !== undefined) return {};
  const place = placeIn(seen);
  if (marker === undefined) return { place };
  if (!isOther(marker, seen)) return withNetwork(marker, place);
  const { before, switches = [], ...last } = marker;
  const recent = switches.filter(({ at }) => now - at < PLACES_WINDOW_MS);
  const isBack = before?.label === place.label && !areFar(before, place);
  const noted = isBack ? [...recent, { at: now, far: areFar(last, place) }] : recent;
  return {
    place: { ...place, before: last, ...(noted.length > 0 && { switches: noted }) },
    ...(isSuspicious(noted) && { suspectedAt: now }),
  };
}

function isOther(marker: PlaceMarker, seen: SeenPlace): boolean {
  return seen.label !== marker.label && (seen.by === "cookie" || areFar(marker, seen));
}

/** Of two clients in one network the marker keeps the first; of one client in another network the latest. */
function withNetwork(marker: PlaceMarker, { label, network }: Place): NotedPlace {
  const isMoved = label === marker.label && network !== undefined && network !== marker.network;
  return isMoved ? { place: { ...marker, network } } : {};
}

const isSuspicious = (switches: readonly SwitchBack[]): boolean =>
  switches.length >= NEAR_SWITCHES || switches.filter(({ far }) => far).length >= FAR_SWITCHES;

/** Whether two networks differ. A client has one in IPv4 and another in IPv6: these are not compared. */
function areFar({ network: one }: Place, { network: other }: Place): boolean {
  if (one === undefined || other === undefined) return false;
  return one.includes(":") === other.includes(":") && one !== other;
}
