import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMemo, type ReactNode } from "react";
import type { SuspectView } from "../../../src/api/parts/shapes.ts";
import { useActivityTexts } from "../activity/activity-texts.tsx";
import { activityHref, NO_FILTER } from "../activity/filter.ts";
import { LONGEST } from "../activity/period.ts";
import { Timeline } from "../activity/timeline.tsx";
import { useActivity } from "../activity/use-activity.ts";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { VERY_WIDE } from "../shell/side-panel.tsx";
import { ROOMY, useMedia } from "../shell/use-media.ts";
import { TimeAgo } from "../time/time-ago.tsx";
import { LogOutActions } from "../users/log-out-actions.tsx";
import { useUsers } from "../users/use-users.ts";
import { userHref } from "../users/user-path.ts";
import { DevicePair } from "./suspect-columns.tsx";

interface SuspectDetailProps {
  readonly userId: string;
  /** Absent where the list has not brought the user: somebody followed a link. */
  readonly suspect: SuspectView | undefined;
}

/** Why somebody is suspected, what happened, and ending the user's sessions. */
export function SuspectDetail({ userId, suspect }: SuspectDetailProps): ReactNode {
  const texts = useTexts();
  const { sharing } = useActivityTexts();
  const isAtTheSide = useMedia(VERY_WIDE);
  const isRoomy = useMedia(ROOMY);
  const live = useUsers({ userId });
  const row = live.rows[0];
  const filter = useMemo(() => ({ ...NO_FILTER, userId, period: LONGEST }), [userId]);
  const timeline = useActivity(filter);
  const error = live.error ?? timeline.error;
  function restart(): void {
    live.restart();
    timeline.restart();
  }
  return (
    <SpaceBetween size="l">
      <SpaceBetween direction="horizontal" size="s" alignItems="center">
        <LogOutActions rows={row === undefined ? [] : [row]} onDone={restart} />
        <Link href={userHref(userId)}>{sharing.toUser}</Link>
        <Link href={activityHref({ userId, period: LONGEST })}>{sharing.toActivity}</Link>
      </SpaceBetween>
      {error && <Failure text={errorText(error, texts)} onRetry={restart} />}
      {suspect !== undefined && (
        <Facts suspect={suspect} live={live.isLoaded ? (row?.sessions.length ?? 0) : undefined} />
      )}
      <Timeline list={timeline} isWide={isRoomy && !isAtTheSide} heading="h3" variant="embedded" />
    </SpaceBetween>
  );
}

interface FactsProps {
  readonly suspect: SuspectView;
  readonly live: number | undefined;
}

function Facts({ suspect, live }: FactsProps): ReactNode {
  const { sharing } = useActivityTexts();
  return (
    <KeyValuePairs
      columns={4}
      items={[
        {
          label: sharing.why,
          value: suspect.suspicions.map((suspicion) => (
            <div key={suspicion}>{sharing.explained[suspicion]}</div>
          )),
        },
        { label: sharing.devices, value: <DevicePair suspect={suspect} /> },
        {
          label: sharing.times,
          value: (
            <>
              {suspect.times}, <TimeAgo at={suspect.lastAt} />
            </>
          ),
        },
        { label: sharing.sessions, value: live === undefined ? "…" : sharing.live(live) },
      ]}
    />
  );
}
