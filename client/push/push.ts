import { createLink } from "./link.ts";
import type { Live } from "./live.ts";
import { joinTabs, type Tabs } from "./tabs.ts";

/** What push needs of the watch that it serves. */
export interface PushEvents {
  readonly random: () => number;
  /** To ask, soon. */
  readonly ask: () => void;
  /** Whether it is connected or following is another. */
  readonly change: () => void;
  /** Another tab told something. */
  readonly hear: (message: unknown) => void;
}

export interface Push {
  readonly isConnected: () => boolean;
  /** Whether another tab of this browser asks, and tells what it learns. */
  readonly isFollowing: () => boolean;
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
  let hiddenAt = 0;
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
  function leave(): void {
    clearTimeout(hiding);
    hiding = undefined;
    clearTimeout(moving);
    link.close();
    tabs?.leave();
    tabs = place = undefined;
    isLeading = false;
  }
  return {
    isConnected: link.isConnected,
    isFollowing: () => tabs !== undefined && !isLeading,
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
    show() {
      // A page that was suspended had no timers, and its connection may be dead.
      if (hiding !== undefined && Date.now() - hiddenAt >= HIDDEN_MS) leave();
      clearTimeout(hiding);
      hiding = undefined;
    },
    hide() {
      if (!link.isConnected()) leave();
      else if (hiding === undefined) {
        hiddenAt = Date.now();
        hiding = setTimeout(leave, HIDDEN_MS);
      }
    },
    leave,
  };
}
