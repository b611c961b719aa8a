import type { LoadResult, Sample } from "./run.ts";
import { grows, linearTrend, type Tolerance, type Trend } from "./statistics.ts";

/** One measured quantity over the second half of a run. */
export interface Finding {
  readonly name: string;
  readonly unit: "MB" | "";
  readonly start: number;
  readonly middle: number;
  readonly end: number;
  /** Absent where there were too few samples. */
  readonly trend?: Trend;
  readonly judgement: "flat" | "bounded" | "grows" | "too short to judge" | "not judged";
}

const MB = 1024 * 1024;
/** Under this a run is mostly warm-up: code is compiled, threads and connections are made. */
const SHORTEST_JUDGED_MINUTES = 2;

interface Quantity {
  readonly name: string;
  readonly unit: Finding["unit"];
  readonly of: (sample: Sample) => number | undefined;
  /** None where growth is no fault: every session that ends leaves a record in the database. */
  readonly tolerance?: Tolerance;
  /** Where a number may grow up to a bound and no further. */
  readonly most?: (concurrency: number) => number;
}

/** The functions that the load reaches. */
const FUNCTIONS_REACHED = 6;

/**
 * Function threads are made when as many invocations overlap as never before, which may happen at any time,
 * up to the bound; what a thread holds is therefore judged for one thread.
 */
const perThread = (sample: Sample, value: number | undefined): number | undefined =>
  value === undefined ? undefined : value / Math.max(1, sample.threads);

const QUANTITIES: readonly Quantity[] = [
  {
    name: "heap, gateway thread",
    unit: "MB",
    of: (sample) => sample.mainHeapBytes / MB,
    tolerance: { share: 0.05, units: 0.5 },
  },
  {
    name: "heap, a function thread",
    unit: "MB",
    of: (sample) => perThread(sample, sample.workerHeapBytes / MB),
    tolerance: { share: 0.05, units: 0.5 },
  },
  {
    name: "resident memory",
    unit: "MB",
    of: (sample) => sample.rssBytes / MB,
    tolerance: { share: 0.1, units: 20 },
  },
  {
    name: "function threads",
    unit: "",
    of: (sample) => sample.threads,
    most: (concurrency) => concurrency * FUNCTIONS_REACHED,
  },
  {
    name: "active resources, for each thread",
    unit: "",
    of: (sample) => perThread(sample, sample.activeResources),
    tolerance: { share: 0.05, units: 0.5 },
  },
  {
    name: "file descriptors, for each thread",
    unit: "",
    of: (sample) => perThread(sample, sample.fileDescriptors),
    tolerance: { share: 0.05, units: 0.5 },
  },
  {
    name: "DynamoDB Local, resident",
    unit: "MB",
    of: ({ databaseRssBytes: bytes }) => (bytes === undefined ? undefined : bytes / MB),
  },
];

/** How {@link findings} judges, for the report. */
export const RULE =
  "A straight line is fitted to the second half of the samples, each taken at rest after a full garbage " +
  "collection of every thread. A quantity grows when the fitted growth over that half is more than its " +
  "tolerance (5% of the mean and at least 0.5 MB of a heap or half a handle of a thread; 10% of the " +
  "resident memory) and more than its 95% confidence interval. Function threads are made when more " +
  "invocations overlap than ever before: there may be as many as clients for each of the " +
  `${FUNCTIONS_REACHED} functions, and no more.`;

/** What the samples say about each quantity. */
export function findings(
  samples: readonly Sample[],
  run: { readonly minutes: number; readonly concurrency: number },
): Finding[] {
  return QUANTITIES.flatMap(({ name, unit, of, tolerance, most }) => {
    const points = samples.flatMap((sample) => {
      const value = of(sample);
      return value === undefined ? [] : [{ at: sample.at, value }];
    });
    const half = points.slice(Math.floor(points.length / 2));
    const [first, last] = [points[0], points.at(-1)];
    if (first === undefined || last === undefined) return [];
    const trend = linearTrend(half);
    return [
      {
        name,
        unit,
        start: first.value,
        middle: half[0]?.value ?? first.value,
        end: last.value,
        ...(trend !== undefined && { trend }),
        judgement:
          most === undefined
            ? judge(trend, tolerance, run.minutes)
            : Math.max(...points.map(({ value }) => value)) > most(run.concurrency)
              ? "grows"
              : "bounded",
      },
    ];
  });
}

function judge(
  trend: Trend | undefined,
  tolerance: Tolerance | undefined,
  minutes: number,
): Finding["judgement"] {
  if (tolerance === undefined) return "not judged";
  if (trend === undefined || minutes < SHORTEST_JUDGED_MINUTES) return "too short to judge";
  return grows(trend, tolerance) ? "grows" : "flat";
}

/** Whether the run shows what it should: every answer as expected, and nothing that grows. */
export function passed({ errors }: LoadResult, found: readonly Finding[]): boolean {
  return errors.length === 0 && found.every(({ judgement }) => judgement !== "grows");
}
