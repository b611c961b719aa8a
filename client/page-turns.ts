import type { WatchedPage } from "./watch-options.ts";

/** What happened to a page. */
export interface Turn {
  /** Whether people see it. */
  readonly isShown: boolean;
  /** Whether its connections are good for nothing: it was left, or frozen, or the network is another. */
  readonly isAnew: boolean;
}

/** What a browser's page has; React Native has none of it. */
type Platform = Partial<Pick<Window, "addEventListener" | "removeEventListener">>;

const TURNS: readonly string[] = ["pageshow", "pagehide", "freeze", "online"];

export const isShown = (page: WatchedPage | undefined): boolean => page?.visibilityState !== "hidden";

/** Tells when people see the page, and when they do not any more. @returns what ends it. */
export function onTurns(page: WatchedPage | undefined, tell: (turn: Turn) => void): () => void {
  function turn(event?: unknown): void {
    const { type = "", persisted } = Object(event) as Partial<PageTransitionEvent>;
    // Each page is shown once before it was ever left.
    if (type === "pageshow" && persisted !== true) return;
    tell({ isShown: isShown(page) && !/hide|freeze/.test(type), isAnew: TURNS.includes(type) });
  }
  function listen(how: "addEventListener" | "removeEventListener"): void {
    page?.[how]("visibilitychange", turn);
    // While it is passed down, since what happens to the document need not come up to the window.
    for (const type of TURNS) (globalThis as Platform)[how]?.(type, turn, true);
  }
  listen("addEventListener");
  return () => listen("removeEventListener");
}
