import type { WatchedPage } from "./watch-options.ts";

/** What {@link appStatePage} needs of React Native's `AppState`. */
export interface AppStateLike {
  readonly currentState: string | null;
  addEventListener(type: "change", listener: () => void): { remove(): void };
}

/**
 * React Native's `AppState` as the `page` of `watchSession`: in the background nothing is asked, and in front
 * again at once. An app that is `inactive` (iOS, below a system dialog) or not known yet counts as visible.
 */
export function appStatePage(appState: AppStateLike): WatchedPage {
  const subscriptions = new Map<() => void, { remove(): void }>();
  return {
    get visibilityState() {
      return appState.currentState === "background" ? "hidden" : "visible";
    },
    addEventListener(_type, listener) {
      subscriptions.set(listener, appState.addEventListener("change", listener));
    },
    removeEventListener(_type, listener) {
      subscriptions.get(listener)?.remove();
      subscriptions.delete(listener);
    },
  };
}
