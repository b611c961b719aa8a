import { createMetrics, createTelemetry, type Telemetry } from "../../src/runtime/telemetry.ts";

/** The real logger and metrics, and every line they write. */
export interface CapturedLog {
  readonly telemetry: Telemetry;
  /** The lines written since the last time that this was called. */
  take(): readonly string[];
  /** Gives the console back. */
  stop(): void;
}

const METHODS = ["log", "info", "warn", "error"] as const;

/**
 * Powertools writes to the global console in its development mode only; whatever else is written there is a
 * line too.
 */
export function captureLog(clock: () => number): CapturedLog {
  const original = Object.fromEntries(METHODS.map((method) => [method, Reflect.get(console, method)]));
  const lines: string[] = [];
  const write = (...values: unknown[]): void => void lines.push(values.map(String).join(" "));
  Object.assign(console, Object.fromEntries(METHODS.map((method) => [method, write])));
  const telemetry = inDevelopmentMode(() => {
    const metrics = createMetrics();
    return createTelemetry(clock, { makeMetrics: () => metrics });
  });
  return {
    telemetry,
    take: () => lines.splice(0),
    stop: () => void Object.assign(console, original),
  };
}

function inDevelopmentMode<T>(make: () => T): T {
  const variables = { POWERTOOLS_DEV: "true", POWERTOOLS_METRICS_DISABLED: "false" };
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return make();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
