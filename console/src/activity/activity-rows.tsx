import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import { memo, type ReactNode } from "react";
import type { ActivityView } from "../../../src/api/parts/shapes.ts";
import { DeviceName } from "../devices/device-name.tsx";
import { usePreferences } from "../preferences/preferences.tsx";
import type { Texts } from "../texts/en.ts";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";
import { dateFormat, exactly } from "../time/format.ts";
import { userHref } from "../users/user-path.ts";
import { detailsOf, whatText } from "./activity-text.ts";
import { activityHref, type Kind } from "./filter.ts";
import { LONGEST, LONGEST_OF_USER } from "./period.ts";

const LOOKS: Readonly<Record<Kind, StatusIndicatorProps.Type>> = {
  started: "success",
  ended: "stopped",
  denied: "warning",
  throttled: "warning",
  contention: "warning",
  suspected: "warning",
  administered: "info",
};

/** What is in the cells is rendered once: a list may have thousands of rows when some more are loaded. */
interface RowProps {
  readonly record: ActivityView;
  readonly texts: { readonly common: Texts; readonly pages: ActivityTexts };
}

/** What happened. */
export const What = memo(function What({ record, texts }: RowProps): ReactNode {
  return (
    <span className="words">
      <StatusIndicator type={LOOKS[record.kind]}>{whatText(record, texts)}</StatusIndicator>
    </span>
  );
});

/** How many of the users that an act was about a row names. */
const MOST_NAMED = 3;

/** Whom it happened to, each with a link to the user's page. */
export const Whom = memo(function Whom({ record, texts }: RowProps): ReactNode {
  const { userId, act, kind } = record;
  const { activity } = texts.pages;
  const named = act === undefined ? (userId === undefined ? [] : [userId]) : act.targets.slice(0, MOST_NAMED);
  const others = (act?.targetCount ?? named.length) - named.length;
  if (named.length === 0 && kind === "throttled") return activity.address;
  return (
    <span className="outside">
      {named.map((id, index) => (
        <span key={id}>
          {index > 0 && ", "}
          <Link href={userHref(id)}>{id}</Link>
        </span>
      ))}
      {others > 0 && ` ${named.length === 0 ? activity.targets(others) : activity.moreTargets(others)}`}
    </span>
  );
});

/** The device, or the two of them. */
export const Devices = memo(function Devices({ record }: Pick<RowProps, "record">): ReactNode {
  const devices = record.devices ?? (record.device === undefined ? [] : [record.device]);
  return devices.map((device, index) => (
    <div key={index}>
      <DeviceName device={device} />
    </div>
  ));
});

/** What else there is to say, and the way to all that happened to the session. */
export const Details = memo(function Details({ record, texts }: RowProps): ReactNode {
  const { sessionId, userId } = record;
  const { activity } = texts.pages;
  return (
    <div className="outside">
      {detailsOf(record, texts).map((line) => (
        <div key={line}>{line}</div>
      ))}
      {sessionId !== undefined && (
        <Link
          variant="secondary"
          fontSize="body-s"
          href={activityHref({
            ...(userId !== undefined && { userId }),
            sessionId,
            period: userId === undefined ? LONGEST : LONGEST_OF_USER,
          })}
          ariaLabel={activity.ofSessionLong(sessionId)}
        >
          {activity.ofSession}
        </Link>
      )}
    </div>
  );
});

interface WhenProps {
  readonly at: string;
  /** Without the year and the seconds, where there is little room. */
  readonly isShort: boolean;
}

/** Date and time to the second: what happened is told apart by it. */
export const When = memo(function When({ at, isShort }: WhenProps): ReactNode {
  const { locale } = usePreferences();
  const format = dateFormat(
    locale,
    isShort
      ? { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }
      : { dateStyle: "medium", timeStyle: "medium" },
  );
  return (
    <time dateTime={at} title={exactly(at, locale)}>
      {format.format(Date.parse(at))}
    </time>
  );
});

/** What comes below the first line of a cell. */
export function Second({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Box variant="small" color="text-body-secondary" display="block">
      {children}
    </Box>
  );
}
