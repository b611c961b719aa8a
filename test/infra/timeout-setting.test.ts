import { Duration } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import { NIST } from "../../infra/index.ts";
import { read, type Sources } from "./read.ts";
import { constructIn, settingsOf } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("a level of NIST SP 800-63B-4", () => {
  it.each([
    ["AAL1", { idle: "none", absolute: 30 * DAY }],
    ["AAL2", { idle: HOUR, absolute: 24 * HOUR }],
    ["AAL3", { idle: 15 * MINUTE, absolute: 12 * HOUR }],
  ] as const)("%s gives both timeouts, as a preset of props and as text alike", (level, timeouts) => {
    expect(read({ props: { ...NIST[level] } }).functions.timeouts).toEqual(timeouts);
    expect(read({ context: { timeouts: level } }).functions.timeouts).toEqual(timeouts);
    expect(settingsOf(constructIn({ ...NIST[level] }).stack)).toMatchObject({ timeouts });
  });

  it.each<[Sources, unknown]>([
    [{ props: { ...NIST.AAL2, absoluteTimeout: "8h" } }, { idle: HOUR, absolute: 8 * HOUR }],
    [
      { props: { ...NIST.AAL3, idleTimeout: Duration.minutes(5) } },
      { idle: 5 * MINUTE, absolute: 12 * HOUR },
    ],
    [
      { props: { ...NIST.AAL2 }, context: { idleTimeout: "45m" } },
      { idle: 45 * MINUTE, absolute: DAY },
    ],
    // What is as long as the level allows is allowed.
    [
      { context: { timeouts: "AAL3", absoluteTimeout: "12h", idleTimeout: "15m" } },
      { idle: 15 * MINUTE, absolute: 12 * HOUR },
    ],
    [{ props: { ...NIST.AAL1, idleTimeout: "7d" } }, { idle: 7 * DAY, absolute: 30 * DAY }],
    // The level's idle timeout gives way to an absolute one that is shorter.
    [{ props: { ...NIST.AAL2, absoluteTimeout: "20m" } }, { idle: 20 * MINUTE, absolute: 20 * MINUTE }],
    [{ props: { ...NIST.AAL1, absoluteTimeout: "20m" } }, { idle: "none", absolute: 20 * MINUTE }],
  ])("leaves shorter timeouts as they are: %j", (sources, timeouts) => {
    expect(read(sources).functions.timeouts).toEqual(timeouts);
  });

  it.each<[Sources, string, string]>([
    [
      { props: { ...NIST.AAL3, absoluteTimeout: "13h" } },
      'absoluteTimeout (prop) is "13h"',
      "at most 720 minutes, which is the limit of timeouts (prop) AAL3 (NIST SP 800-63B-4)",
    ],
    [
      { context: { timeouts: "AAL3", idleTimeout: "30m" } },
      'idleTimeout (context) is "30m"',
      "at most 15 minutes, which is the limit of timeouts (context) AAL3",
    ],
    [
      { props: { ...NIST.AAL2 }, context: { absoluteTimeout: "2d" } },
      'absoluteTimeout (context) is "2d"',
      "at most 1440 minutes, which is the limit of timeouts (prop) AAL2",
    ],
    [{ props: { ...NIST.AAL2, idleTimeout: "none" } }, 'idleTimeout (prop) is "none"', "at most 60 minutes"],
    [{ props: { ...NIST.AAL1, absoluteTimeout: "31d" } }, 'absoluteTimeout (prop) is "31d"', "43200 minutes"],
    [
      { props: { ...NIST.AAL1, idleTimeout: "31d" } },
      'idleTimeout (prop) is "31d"',
      "none, or at most absoluteTimeout (timeouts (prop)), which is 43200 minutes",
    ],
    [{ context: { timeouts: "AAL4" } }, 'timeouts (context) is "AAL4"', "AAL1, AAL2, AAL3"],
    [{ context: { timeouts: 2 } }, "timeouts (context) is 2", "AAL1, AAL2, AAL3"],
  ])("refuses a timeout beyond it, naming setting, value and limit: %j", (sources, subject, accepted) => {
    expect(() => read(sources)).toThrow(`${subject}. Accepted: `);
    expect(() => read(sources)).toThrow(accepted);
  });
});

describe("reauthWithin", () => {
  it.each([
    [undefined, 15 * MINUTE],
    ["none", "none"],
    ["45s", 45_000],
    [Duration.hours(2), 2 * HOUR],
  ] as const)("%s is %s", (reauthWithin, expected) => {
    expect(read({ props: { reauthWithin } }).functions.reauthWithin).toBe(expected);
  });

  it.each([["15"], [0], ["never"], [false]])("%j is refused with what is accepted", (reauthWithin) => {
    expect(() => read({ context: { reauthWithin } })).toThrow(
      `reauthWithin (context) is ${JSON.stringify(reauthWithin)}. Accepted: a duration`,
    );
    expect(() => read({ context: { reauthWithin } })).toThrow("or none.");
  });
});
