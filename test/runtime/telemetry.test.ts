import { afterEach, describe, expect, test, vi } from "vitest";
import { recordTelemetry } from "../http/recorded-telemetry.ts";

afterEach(() => vi.restoreAllMocks());

const AUDIT = { action: "admin_logout", actor: "root" } as const;

describe("a call that is routine", () => {
  test("gets a line only where that is asked for", () => {
    for (const logged of [true, false]) {
      const { telemetry, lines } = recordTelemetry(Date.now, { logRoutine: () => logged });
      const record = telemetry.begin();
      record.routine();
      record.end();
      expect(lines("call")).toHaveLength(logged ? 1 : 0);
    }
  });

  test("gets a line where something was counted or went wrong", () => {
    const { telemetry, lines, counts } = recordTelemetry(Date.now, { logRoutine: () => false });
    const counted = telemetry.begin();
    counted.routine();
    counted.count("Logins");
    counted.end();
    const failed = telemetry.begin();
    failed.routine();
    failed.fault(new Error("gone"));
    failed.end();
    expect(lines("call")).toMatchObject([{ level: "INFO" }, { level: "ERROR", fault: { message: "gone" } }]);
    expect(counts()).toEqual({ Logins: 1 });
  });
});

test.each([
  ["DEBUG", ["call", "audit", "touch failed", "call"]],
  ["INFO", ["call", "audit", "touch failed", "call"]],
  ["WARN", ["audit", "touch failed", "call"]],
  ["ERROR", ["audit", "call"]],
] as const)("at %s there are these lines, and always those of the audit", (leastLevel, expected) => {
  const { telemetry, text, counts } = recordTelemetry(Date.now, { leastLevel });
  const ordinary = telemetry.begin();
  ordinary.end();
  const failed = telemetry.begin();
  failed.audit(AUDIT);
  telemetry.touchFailed(new Error("denied"));
  failed.fault(new Error("gone"));
  failed.end();
  const messages = [...text().matchAll(/"message":\s*"(call|audit|touch failed)"/g)].map(([, name]) => name);
  expect(messages).toEqual(expected);
  expect(counts()).toEqual({ TouchesFailed: 1 });
});
