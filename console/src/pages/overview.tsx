import Box from "@cloudscape-design/components/box";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { useSearch } from "wouter";
import { useSignedIn } from "../../../client/react/index.ts";
import { useActivityTexts, WithComponentTexts } from "../activity/activity-texts.tsx";
import { LAST_DAY, LAST_WEEK, LONGEST, momentsOf, type Period } from "../activity/period.ts";
import { getOverview } from "../api/activity-calls.ts";
import { valueOf } from "../api/call.ts";
import { errorText } from "../api/failure-text.ts";
import { bucketsOf, together, totalsOf, type Bucket, type Counts } from "../overview/buckets.ts";
import { CountsChart, type Series } from "../overview/counts-chart.tsx";
import { listHref } from "../overview/lists.ts";
import { Totals } from "../overview/totals.tsx";
import { useTexts } from "../preferences/preferences.tsx";
import { Failure } from "../shell/failure.tsx";
import { Loading } from "../shell/loading.tsx";
import { Updated } from "../shell/updated.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import { usePageTitle } from "../shell/use-page-title.ts";
import type { ActivityTexts } from "../texts/en/activity-pages.ts";

/** The outbox counts within seconds. */
const REFRESH_MS = 60_000;

const PERIODS = { "24h": LAST_DAY, "7d": LAST_WEEK, "35d": LONGEST } as const;
type PeriodId = keyof typeof PERIODS;
const IDS = Object.keys(PERIODS) as readonly PeriodId[];

/** How many people sign in and how their sessions end, over a day, a week, and as long as it is kept. */
export default function Overview(): ReactNode {
  const texts = useTexts();
  const { overview, offline } = useActivityTexts();
  const { user } = useSignedIn();
  usePageTitle(overview.title);
  const asked = new URLSearchParams(useSearch()).get("last");
  const id = IDS.find((one) => one === asked) ?? "24h";
  const period = PERIODS[id];
  const query = useQuery({
    queryKey: ["overview", user.id, id],
    queryFn: async () => valueOf(await getOverview(momentsOf(period, LONGEST, Date.now()))),
    refetchInterval: REFRESH_MS,
  });
  return (
    <WithComponentTexts>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          description={overview.text}
          actions={
            <SpaceBetween direction="horizontal" size="s" alignItems="center">
              <Updated
                at={query.dataUpdatedAt}
                isBusy={query.isFetching}
                onRefresh={() => void query.refetch()}
              />
              <SegmentedControl
                selectedId={id}
                label={overview.period}
                options={IDS.map((one) => ({ id: one, text: overview.periods[one] }))}
                onChange={({ detail }) => {
                  location.hash = `#/overview?last=${detail.selectedId}`;
                }}
              />
            </SpaceBetween>
          }
        >
          {overview.title}
        </Header>
        {query.error && <Failure text={errorText(query.error, texts)} onRetry={() => void query.refetch()} />}
        {query.data ? (
          <Counted
            hours={query.data.hours}
            live={query.data.live}
            per={id === "24h" ? "hour" : "day"}
            period={period}
          />
        ) : query.isPaused ? (
          <Box textAlign="center">{offline}</Box>
        ) : (
          query.isPending && <Loading />
        )}
      </SpaceBetween>
    </WithComponentTexts>
  );
}

/** As many as have a width that is seen, and touched, on a phone. */
const MOST_NARROW_BARS = 9;

interface CountedProps {
  readonly hours: Parameters<typeof bucketsOf>[0];
  readonly live: number | undefined;
  readonly per: "hour" | "day";
  readonly period: Period;
}

function Counted({ hours, live, per, period }: CountedProps): ReactNode {
  const pages = useActivityTexts();
  const { overview } = pages;
  const isWide = useMedia(WIDE);
  const single = useMemo(() => bucketsOf(hours, per), [hours, per]);
  const size = isWide ? 1 : Math.ceil(single.length / MOST_NARROW_BARS);
  const buckets = useMemo(() => together(single, size), [single, size]);
  const description = per === "hour" ? overview.perHours(size) : overview.perDays(size);
  const isHighest = per === "day" || size > 1;
  return (
    <SpaceBetween size="l">
      <Totals totals={totalsOf(buckets)} live={live} period={period} />
      <Grid gridDefinition={chartsOf(pages).map(() => ({ colspan: { default: 12, s: 6 } }))}>
        {chartsOf(pages).map(({ title, series, counted }) => (
          <CountsChart
            key={title}
            title={title}
            description={counted.length === 0 && isHighest ? overview.highest(description) : description}
            buckets={buckets}
            per={per}
            series={series}
            empty={counted.length === 0 ? overview.nobody : overview.nothing}
            href={counted.length === 0 ? "#/users" : listHref(counted, period)}
            {...(counted.length > 0 && {
              hrefOf: ({ start, end }: Bucket) =>
                listHref(counted, { from: new Date(start).toISOString(), to: new Date(end).toISOString() }),
            })}
          />
        ))}
      </Grid>
    </SpaceBetween>
  );
}

interface ChartOf {
  readonly title: string;
  readonly series: readonly Series[];
  /** None: the chart of live sessions, which are no activity. */
  readonly counted: readonly (keyof Counts)[];
}

function chartsOf({ overview }: ActivityTexts): readonly ChartOf[] {
  const bars = (title: string, ...counted: readonly (keyof Counts)[]): ChartOf => ({
    title,
    counted,
    series: counted.map((count) => ({
      title: overview[count],
      type: "bar",
      valueOf: ({ counts }) => counts[count],
    })),
  });
  return [
    {
      title: overview.live,
      counted: [],
      series: [{ title: overview.live, type: "line", valueOf: ({ live }) => live }],
    },
    bars(overview.started, "started"),
    bars(overview.ended, "displaced", "otherEnds"),
    bars(overview.refused, "denied", "throttled"),
  ];
}
