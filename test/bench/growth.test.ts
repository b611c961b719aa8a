import { describe, expect, it } from "vitest";
import {
  deviceOf,
  growthTables,
  itemsIn,
  itemsOf,
  sessionOf,
  strideOf,
  tokenOf,
  userIdOf,
  usersOf,
} from "../../bench/growth/population.ts";
import { countsTable, timesTable } from "../../bench/growth/report.ts";
import { SETTINGS } from "../../bench/support/seed.ts";
import { markdownTable } from "../../bench/support/tables.ts";

describe("the population", () => {
  it("is the same whenever it is asked for", () => {
    expect(itemsOf(7)).toEqual(itemsOf(7));
    expect(tokenOf(7).reveal()).toBe(tokenOf(7).reveal());
    expect(tokenOf(7).reveal()).not.toBe(tokenOf(8).reveal());
  });

  it("has a session under its token's id, listed in its roster", () => {
    const [session, roster] = itemsOf(3);
    const id = tokenOf(3).sessionId(SETTINGS.era);
    expect(session).toMatchObject({ pk: `session#${id}`, userId: userIdOf(3), device: deviceOf(3) });
    expect(roster).toMatchObject({ pk: `user#${userIdOf(3)}`, entries: [{ id: sessionOf(3).id }] });
  });
});

describe("the tables", () => {
  it("are one of each size, and the smallest twice", () => {
    expect(growthTables([1000, 100_000]).map(({ label }) => label)).toEqual([
      "1,000",
      "1,000 again",
      "100,000",
    ]);
  });

  it("have users that take part all over them", () => {
    const million = { sessions: 1_000_000 };
    const users = usersOf(million);
    expect(users).toHaveLength(20_000);
    expect(users.at(-1)).toBe(999_950);
    expect(usersOf({ sessions: 1000 })).toHaveLength(1000);
  });

  it("have the rosters of those that take part, or everybody's", () => {
    const million = { sessions: 1_000_000 };
    const stride = strideOf(million);
    expect(itemsIn(million, "measured")(stride)).toHaveLength(2);
    expect(itemsIn(million, "measured")(stride + 1)).toHaveLength(1);
    expect(itemsIn(million, "all")(stride + 1)).toHaveLength(2);
  });
});

describe("the report", () => {
  const time = (table: string, ms: number) => ({ operation: "validate, live", table, ms });
  const units = { reads: 1, writes: 0, indexWrites: 0 };

  it("compares the tables round by round", () => {
    const rounds = [
      [time("1,000", 1), time("1,000,000", 1)],
      [time("1,000", 10), time("1,000,000", 15)],
      [time("1,000", 2), time("1,000,000", 4)],
    ];
    expect(timesTable({ tables: ["1,000", "1,000,000"], rounds })).toContain("| 2.00");
    expect(timesTable({ tables: ["1,000", "1,000,000"], rounds })).toContain("| 1.50x");
  });

  it("has one row for counts that are the same at every size, and more where they are not", () => {
    const same = { operation: "validate, live", requests: { GetItem: 1 }, roundTrips: 1, units };
    const both = [
      { ...same, table: "1,000" },
      { ...same, table: "1,000,000" },
    ];
    expect(countsTable({ counts: both }).split("\n")).toHaveLength(3);
    const other = { ...same, table: "1,000,000", requests: { GetItem: 2 } };
    expect(countsTable({ counts: [{ ...same, table: "1,000" }, other] }).split("\n")).toHaveLength(4);
  });
});

describe("a Markdown table", () => {
  it("is aligned", () => {
    expect(markdownTable(["a", "long head"], [["longer", "1"]])).toBe(
      ["| a      | long head |", "| ------ | --------- |", "| longer | 1         |"].join("\n"),
    );
  });
});
