import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import Link from "@cloudscape-design/components/link";
import MixedLineBarChart, {
  type MixedLineBarChartProps,
} from "@cloudscape-design/components/mixed-line-bar-chart";
import type { ReactNode } from "react";
import { useActivityTexts } from "../activity/activity-texts.tsx";
import { usePreferences } from "../preferences/preferences.tsx";
import { dateFormat } from "../time/format.ts";
import type { Bucket } from "./buckets.ts";

/** One of the things that a chart shows. */
export interface Series {
  readonly title: string;
  readonly type: "bar" | "line";
  /** `undefined` where it is not known. */
  readonly valueOf: (bucket: Bucket) => number | undefined;
}

interface CountsChartProps {
  readonly title: string;
  readonly description: string;
  readonly buckets: readonly Bucket[];
  readonly per: "hour" | "day";
  readonly series: readonly Series[];
  /** What to say where there is nothing to show. */
  readonly empty: string;
  /** The list behind the whole chart. */
  readonly href: string;
  /** The list behind one bar; none where left out. */
  readonly hrefOf?: (bucket: Bucket) => string;
}

const HEIGHT = 180;
/** So that a single sign-in is not as high as the chart. */
const LEAST_TOP = 4;

/** Counts over time as a chart, each bar with the way to what was counted. */
export function CountsChart(props: CountsChartProps): ReactNode {
  const { title, description, buckets, per, series, empty, href, hrefOf } = props;
  const { texts, locale } = usePreferences();
  const { overview } = useActivityTexts();
  const byStart = new Map(buckets.map((bucket) => [String(bucket.start), bucket]));
  const shown = series.map((one) => toSeries(one, buckets, locale));
  const isEmpty = shown.every(({ data }) => data.every(({ y }) => y === 0));
  return (
    <Container
      fitHeight
      header={
        <Header
          variant="h2"
          description={description}
          actions={
            <Link href={href} ariaLabel={overview.open(title)}>
              {overview.openShort}
            </Link>
          }
        >
          {title}
        </Header>
      }
    >
      <MixedLineBarChart<string>
        series={isEmpty ? [] : shown}
        xScaleType="categorical"
        xDomain={[...byStart.keys()]}
        yDomain={[0, topOf(buckets, series)]}
        stackedBars
        xTickFormatter={(start) => tickText(Number(start), per, locale)}
        yTickFormatter={(y) => (Number.isInteger(y) ? y.toLocaleString(locale) : "")}
        height={HEIGHT}
        hideFilter
        hideLegend={series.length === 1}
        ariaLabel={title}
        i18nStrings={{ detailPopoverDismissAriaLabel: texts.close }}
        empty={<Box textAlign="center">{empty}</Box>}
        {...(hrefOf !== undefined && {
          detailPopoverFooter: (start: string) => {
            const bucket = byStart.get(start);
            return (
              bucket && (
                <>
                  <Box variant="small" color="text-body-secondary" display="block">
                    {rangeText(bucket, per, locale)}
                  </Box>
                  <Link href={hrefOf(bucket)}>{overview.openBar}</Link>
                </>
              )
            );
          },
        })}
      />
    </Container>
  );
}

type BarOrLine = MixedLineBarChartProps.BarDataSeries<string> | MixedLineBarChartProps.LineDataSeries<string>;

function toSeries({ title, type, valueOf }: Series, buckets: readonly Bucket[], locale: string): BarOrLine {
  return {
    title,
    type,
    data: buckets.flatMap((bucket) => {
      const y = valueOf(bucket);
      return y === undefined ? [] : [{ x: String(bucket.start), y }];
    }),
    valueFormatter: (y: number) => y.toLocaleString(locale),
  };
}

/** As high as the highest stack. */
const topOf = (buckets: readonly Bucket[], series: readonly Series[]): number =>
  Math.max(
    LEAST_TOP,
    ...buckets.map((bucket) => series.reduce((sum, { valueOf }) => sum + (valueOf(bucket) ?? 0), 0)),
  );

/** "29 Nov, 14:00 – 29 Nov, 15:00", or "27 Nov – 30 Nov": a bar may be of several hours or days. */
function rangeText({ start, end }: Bucket, per: "hour" | "day", locale: string): string {
  const day = { day: "numeric", month: "short" } as const;
  const format = dateFormat(locale, per === "hour" ? { ...day, hour: "2-digit", minute: "2-digit" } : day);
  // The last day is in it; the last hour is where it ends.
  const [from, to] = [format.format(start), format.format(per === "hour" ? end : end - 1)];
  return from === to ? from : `${from} – ${to}`;
}

/** "14:00", or "27 Nov". */
const tickText = (start: number, per: "hour" | "day", locale: string): string =>
  dateFormat(
    locale,
    per === "hour" ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" },
  ).format(start);
