import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import type { ReactNode } from "react";
import { useActivityTexts } from "../activity/activity-texts.tsx";
import type { Period } from "../activity/period.ts";
import { usePreferences } from "../preferences/preferences.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import type { Counts } from "./buckets.ts";
import { listHref } from "./lists.ts";

interface TotalsProps {
  readonly totals: Counts;
  /** `undefined` where it is not known. */
  readonly live: number | undefined;
  readonly period: Period;
}

/** What was counted in all, each number with the way to the list behind it. */
export function Totals({ totals, live, period }: TotalsProps): ReactNode {
  const { overview } = useActivityTexts();
  const counted = (label: string, count: keyof Counts): ReactNode => (
    <Total label={label} value={totals[count]} href={listHref([count], period)} />
  );
  return (
    <Container header={<Header variant="h2">{overview.totals}</Header>}>
      <KeyValuePairs
        columns={4}
        minColumnWidth={150}
        items={[
          { label: overview.liveNow, value: <Total label={overview.liveNow} value={live} href="#/users" /> },
          { label: overview.started, value: counted(overview.started, "started") },
          { label: overview.displaced, value: counted(overview.displaced, "displaced") },
          { label: overview.otherEnds, value: counted(overview.otherEnds, "otherEnds") },
          { label: overview.denied, value: counted(overview.denied, "denied") },
          { label: overview.throttled, value: counted(overview.throttled, "throttled") },
          {
            label: overview.suspected,
            value: <Total label={overview.suspected} value={totals.suspected} href="#/sharing" />,
          },
        ]}
      />
    </Container>
  );
}

interface TotalProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly href: string;
}

function Total({ label, value, href }: TotalProps): ReactNode {
  const { locale } = usePreferences();
  const { overview } = useActivityTexts();
  const isWide = useMedia(WIDE);
  const text = value === undefined ? overview.liveUnknown : value.toLocaleString(locale);
  return (
    <Link
      // Large numbers would break in two where there is little room, and a word is no large number.
      {...(isWide && value !== undefined
        ? { variant: "awsui-value-large" }
        : { variant: "secondary", fontSize: "heading-xl" })}
      href={href}
      ariaLabel={`${label}: ${text}`}
    >
      {text}
    </Link>
  );
}
