import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { usePreferences } from "../preferences/preferences.tsx";
import { ago } from "../time/format.ts";
import { useNow } from "../time/use-now.ts";

const TICK_MS = 1000;

interface UpdatedProps {
  /** When what is shown was loaded, in epoch milliseconds; `0` or nothing: not yet. */
  readonly at: number | undefined;
  readonly isBusy: boolean;
  readonly onRefresh: () => void;
}

/** How old what is shown is, and a button that asks again. */
export function Updated({ at = 0, isBusy, onRefresh }: UpdatedProps): ReactNode {
  const { texts, locale } = usePreferences();
  const now = useNow(TICK_MS, at > 0);
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      {at > 0 && (
        <Box variant="small" color="text-body-secondary">
          <time dateTime={new Date(at).toISOString()}>
            {texts.updated(ago(at, Math.max(at, now), locale))}
          </time>
        </Box>
      )}
      <Button iconName="refresh" ariaLabel={texts.refresh} loading={isBusy} onClick={onRefresh} />
    </SpaceBetween>
  );
}
