import { vi } from "vitest";
import {
  createMetrics,
  createTelemetry,
  type Telemetry,
  type TelemetryOptions,
} from "../../src/runtime/telemetry.ts";
import { recordOutput } from "../support/log-scan/recorder.ts";

/** The real logger and metrics, and what they wrote: for tests that nothing secret gets into either. */
export interface RecordedTelemetry {
  readonly telemetry: Telemetry;
  /** Every line as it was written, with metrics' among them. */
  readonly text: () => string;
  /** The lines of one kind: `call`, `audit`. */
  readonly lines: (message: string) => Record<string, unknown>[];
  /** All that was counted, summed by metric. */
  readonly counts: () => Record<string, number>;
  readonly clear: () => void;
}

/** Powertools writes to the global console in its development mode only, where a test can read it. */
export function recordTelemetry(
  now: () => number = Date.now,
  options: Pick<TelemetryOptions, "logRoutine" | "leastLevel"> = {},
): RecordedTelemetry {
  const written: string[] = [];
  for (const method of ["log", "info", "warn", "error"] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => {
      const line = values.join(" ");
      written.push(line);
      recordOutput("log", line);
    });
  }
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  const metrics = createMetrics();
  const telemetry = createTelemetry(now, { ...options, makeMetrics: () => metrics });
  vi.unstubAllEnvs();
  const parsed = () => written.map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    telemetry,
    text: () => written.join("\n"),
    lines: (message) => parsed().filter((line) => line["message"] === message),
    counts() {
      const sums: Record<string, number> = {};
      for (const line of parsed().filter((candidate) => "_aws" in candidate)) {
        for (const [name, value] of Object.entries(line)) {
          if (typeof value === "number") sums[name] = (sums[name] ?? 0) + value;
        }
      }
      return sums;
    },
    clear: () => void written.splice(0),
  };
}
