import { describe, expect, test } from "vitest";
import {
  EARLIEST_TOUCH_MS,
  isElsewhere,
  notePlace,
  PLACES_WINDOW_MS,
  type NotedPlace,
  type SeenPlace,
} from "../../src/sessions/places.ts";
import { MINUTE } from "../support/store.ts";

const HOME = "192.0.2.0/24";
const OFFICE = "198.51.100.0/24";
const PHONE_V6 = "2001:db8:1::/48";

const chrome = (network?: string, by: SeenPlace["by"] = "cookie"): SeenPlace => ({
  ...{ label: "Chrome on Windows", class: "desktop", by },
  ...(network !== undefined && { network }),
});
const firefox = (network?: string, by?: SeenPlace["by"]): SeenPlace => ({
  ...chrome(network, by),
  label: "Firefox on Linux",
});
const curl = (network?: string): SeenPlace => ({ ...chrome(network), label: "curl on Linux" });

/** The session after requests from these places in turn, each of which touches where it may. */
function after(
  places: readonly SeenPlace[],
  { every = EARLIEST_TOUCH_MS, start = {} }: { every?: number; start?: NotedPlace } = {},
) {
  let session: NotedPlace = start;
  let touches = 0;
  places.forEach((seen, index) => {
    if (session.place !== undefined && !isElsewhere(session, seen)) return;
    touches++;
    session = { ...session, ...notePlace(session, seen, index * every) };
  });
  return { session, touches, suspectedAt: session.suspectedAt };
}

describe("a session is suspected", () => {
  test("where two clients in two networks use it by turns, at the second switch back", () => {
    const { session } = after([chrome(HOME), firefox(OFFICE), chrome(HOME), firefox(OFFICE)]);
    expect(session).toEqual({
      place: {
        ...{ label: "Firefox on Linux", class: "desktop", network: OFFICE },
        before: { label: "Chrome on Windows", class: "desktop", network: HOME },
        switches: [
          { at: 20_000, far: true },
          { at: 30_000, far: true },
        ],
      },
      suspectedAt: 30_000,
    });
  });

  test("where two clients in one network use a cookie by turns, at the third", () => {
    const turns = [chrome(HOME), firefox(HOME), chrome(HOME), firefox(HOME)];
    expect(after(turns).suspectedAt).toBeUndefined();
    expect(after([...turns, chrome(HOME)]).suspectedAt).toBe(40_000);
  });

  test("the same where no network is known, or one is in IPv4 and the other in IPv6", () => {
    expect(after([chrome(), firefox(), chrome(), firefox(), chrome()]).suspectedAt).toBe(40_000);
    const two = [chrome(HOME), firefox(PHONE_V6)];
    expect(after([...two, ...two]).suspectedAt).toBeUndefined();
    expect(after([...two, ...two, ...two]).suspectedAt).toBe(40_000);
  });

  test("by a bearer token in two networks as well", () => {
    const turns = [chrome(HOME, "bearer"), firefox(OFFICE, "bearer")];
    expect(after([...turns, ...turns]).suspectedAt).toBe(30_000);
  });

  test("once: then nothing is noted and no touch comes early", () => {
    const turns = [chrome(HOME), firefox(OFFICE)];
    const { session, touches } = after([...turns, ...turns, ...turns, ...turns]);
    expect(touches).toBe(4);
    expect(notePlace(session, curl(OFFICE), 80_000)).toEqual({});
  });

  test("after its owner's network has changed meanwhile, a switch later", () => {
    const moved = [chrome(HOME), firefox(OFFICE), chrome("203.0.113.0/24"), firefox(OFFICE)];
    expect(after(moved).suspectedAt).toBeUndefined();
    expect(after([...moved, chrome("203.0.113.0/24")]).suspectedAt).toBe(40_000);
  });
});

describe("a session is not suspected", () => {
  test.each<[string, SeenPlace[]]>([
    ["by networks that alternate", Array.from({ length: 9 }, (_, turn) => chrome(turn % 2 ? HOME : OFFICE))],
    ["by one change of client", [chrome(HOME), firefox(HOME), firefox(HOME), firefox(HOME)]],
    ["by one change of client and network", [chrome(HOME), firefox(OFFICE), firefox(OFFICE)]],
    ["by one switch back", [chrome(HOME), firefox(OFFICE), chrome(HOME), chrome(HOME)]],
    ["by three clients in a circle once", [chrome(HOME), firefox(OFFICE), curl(HOME), chrome(HOME)]],
    [
      "by an app and its web view with one bearer token in one network",
      Array.from({ length: 9 }, (_, turn) =>
        turn % 2 ? chrome(HOME, "bearer") : firefox(PHONE_V6, "bearer"),
      ),
    ],
  ])("%s", (_, places) => {
    expect(after(places).suspectedAt).toBeUndefined();
  });

  test("by switches further apart than the window, and keeps none of them", () => {
    const turns = Array.from({ length: 20 }, (_, turn) => (turn % 2 ? chrome(HOME) : firefox(OFFICE)));
    const { session } = after(turns, { every: PLACES_WINDOW_MS });
    expect(session.suspectedAt).toBeUndefined();
    expect(session.place?.switches).toHaveLength(1);
  });
});

describe("a place is noted", () => {
  test("from the first touch on, where the login said none", () => {
    expect(isElsewhere({}, chrome(HOME))).toBe(false);
    expect(notePlace({}, chrome(HOME), MINUTE)).toEqual({
      place: { label: "Chrome on Windows", class: "desktop", network: HOME },
    });
  });

  test("not again while it is the same, or while its network is not said", () => {
    const noted = notePlace({}, chrome(HOME), 0);
    expect(notePlace(noted, chrome(HOME), MINUTE)).toEqual({});
    expect(notePlace(noted, chrome(), MINUTE)).toEqual({});
  });

  test("with another network of the same client at a touch that is due, which is none earlier", () => {
    const noted = notePlace({}, chrome(HOME), 0);
    expect(isElsewhere(noted, chrome(OFFICE))).toBe(false);
    expect(notePlace(noted, chrome(OFFICE), MINUTE)).toEqual({ place: { ...noted.place, network: OFFICE } });
  });
});
