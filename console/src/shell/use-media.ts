import { useSyncExternalStore } from "react";

/** Whether a media query matches now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (onChange) => {
      const list = matchMedia(query);
      list.addEventListener("change", onChange);
      return () => list.removeEventListener("change", onChange);
    },
    () => matchMedia(query).matches,
  );
}

/**
 * Where there is room for a table of several columns, and the navigation stands beside the page: Cloudscape's
 * own measure.
 */
export const WIDE = "(min-width: 689px)";

/** Where there is room for a table of five columns or more beside the navigation, without words in pieces. */
export const ROOMY = "(min-width: 1100px)";
