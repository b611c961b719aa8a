import Link from "@cloudscape-design/components/link";
import { useMemo, type ReactNode } from "react";
import { useActivityTexts } from "../activity/activity-texts.tsx";
import { activityHref, NO_FILTER } from "../activity/filter.ts";
import { LONGEST_OF_USER } from "../activity/period.ts";
import { Timeline } from "../activity/timeline.tsx";
import { useActivity } from "../activity/use-activity.ts";
import { errorText } from "../api/failure-text.ts";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { ROOMY, useMedia } from "../shell/use-media.ts";

interface UserActivityProps {
  readonly userId: string;
  readonly isWide: boolean;
  readonly heading: "h2" | "h3";
  /** What to show where nothing is kept of the user; an empty table where left out. */
  readonly otherwise?: ReactNode;
}

/** The rest is a link away. */
const ROWS = 10;

/** What happened to a user lately, where activity is kept. */
export default function UserActivity(props: UserActivityProps): ReactNode {
  const { userId, heading, otherwise } = props;
  const isRoomy = useMedia(ROOMY);
  const isWide = props.isWide && isRoomy;
  const texts = useTexts();
  const { sharing } = useActivityTexts();
  const filter = useMemo(() => ({ ...NO_FILTER, userId, period: LONGEST_OF_USER }), [userId]);
  const list = useActivity(filter);
  if (list.error) return <Failure text={errorText(list.error, texts)} onRetry={list.restart} />;
  if (otherwise !== undefined && list.isPending) return <Loading />;
  if (otherwise !== undefined && list.rows.length === 0) return otherwise;
  const more = <Link href={activityHref({ userId, period: LONGEST_OF_USER })}>{sharing.toActivity}</Link>;
  return <Timeline {...{ list, isWide, heading }} variant="container" newest={{ rows: ROWS, more }} />;
}
