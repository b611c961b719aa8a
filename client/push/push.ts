import { createLink } from "./link.ts";
import type { Live } from "./live.ts";
import { joinTabs, type Tabs } from "./tabs.ts";

/** What push needs of the watch that it serves. */
export interface PushEvents {
  readonly random: () => number;
  /** To ask, soon. */
  readonly ask: () => void;
  /** `standing` is another. */
  readonly change: () => void;
  /** Another tab told something. */
  readonly hear: (message: unknown) => void;
}

/** `following`: another tab of this browser asks, and tells what it learns. */
export type Standing = "connected" | "unconnected" | "following";

export interface Push {
  readonly standing: () => Standing;
  /** After an answer: stays at this place, or goes there. */
  readonly follow: (live: Live | undefined) => void;
  /** To the other tabs. */
  readonly tell: (message: unknown) => void;
  readonly show: () => void;
  readonly hide: () => void;
  /** Lets go of everything, until the next `follow`. */
  readonly leave: () => void;
}

/** Milliseconds. */
const HIDDEN_MS = 15_000;
const MOVE_MS = 60_000;

/** The connection for the session of this page, which the tabs of a browser share. */
export function createPush({ random, ask, change, hear }: PushEvents): Push {
  let tabs: Tabs | undefined;
  let place: Live | undefined;
  let lastKey: string | undefined;
  let isLeading = false;
  let moving: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const link = createLink({
    random,
    ask,
    lose() {
      if (hiding !== undefined) leave();
      change();
    },
  });

  function join(live: Live): void {
    const turn = (leads: boolean): void => {
      isLeading = leads;
      if (leads) link.open(live);
      else link.close();
      change();
    };
    tabs = joinTabs(`single-session:${live.channel}`, { turn, silence: ask, hear });
  }
  function show(): void {
    clearTimeout(hiding);
    hiding = undefined;
  }
  function leave(): void {
    show();
    clearTimeout(moving);
    link.close();
    tabs?.leave();
    tabs = place = undefined;
    isLeading = false;
  }
  return {
    standing() {
      if (link.isConnected()) return "connected";
      return tabs === undefined || isLeading ? "unconnected" : "following";
    },
    follow(live) {
      if (live?.key === place?.key) return;
      leave();
      place = live;
      if (live === undefined) return;
      // When a deployment moves, all pages learn of it at the same time.
      if (lastKey !== undefined && lastKey !== live.key) moving = setTimeout(join, random() * MOVE_MS, live);
      else join(live);
      lastKey = live.key;
    },
    tell: (message) => tabs?.tell(message),
    show,
    hide() {
      show();
      if (link.isConnected()) hiding = setTimeout(leave, HIDDEN_MS);
      else leave();
    },
    leave,
  };
}
