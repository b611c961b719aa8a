import type { ReactNode } from "react";
import { usePreferences } from "../preferences/preferences.tsx";
import { exactly, inWords } from "./format.ts";
import { useNow } from "./use-now.ts";

const REFRESH_MS = 30_000;

/** A moment in words, with the exact time on hover. */
export function TimeAgo({ at }: { readonly at: string }): ReactNode {
  const { locale } = usePreferences();
  const now = useNow(REFRESH_MS);
  return (
    <time dateTime={at} title={exactly(at, locale)}>
      {inWords(at, now, locale)}
    </time>
  );
}
