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
import { idOf } from "../../bench/growth/measure.ts";
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

  it("have the rosters of those that take part", () => {
    const million = { sessions: 1_000_000 };
    const stride = strideOf(million);
    expect(itemsIn(million)(stride)).toHaveLength(2);
    expect(itemsIn(million)(stride + 1)).toHaveLength(1);
  });
});

describe("the report", () => {
  const tables = ["1,000", "1,000,000"];
  const idAt = (table: string) => idOf("validate, live", table);

  it("compares the tables round by round", () => {
    const block = (table: string, round: number, ms: number) => ({
      ...{ id: idAt(table), round, calls: 1 },
      ...{ p10: 0, p50: ms * 1000, p90: 0 },
    });
    const blocks = [
      ...[block("1,000", 0, 1), block("1,000,000", 0, 1)],
      ...[block("1,000", 1, 10), block("1,000,000", 1, 15)],
      ...[block("1,000", 2, 2), block("1,000,000", 2, 4)],
    ];
    expect(timesTable({ tables, blocks })).toContain("| 2.00");
    expect(timesTable({ tables, blocks })).toContain("| 1.50x");
  });

  it("has one row for counts that are the same at every size, and more where they are not", () => {
    const same = {
      requests: { GetItem: 1 },
      roundTrips: 1,
      ...{ readUnits: 1, tableWriteUnits: 0, indexWriteUnits: 0 },
    };
    const [small, large] = tables.map((table) => ({ ...same, id: idAt(table) }));
    expect(countsTable({ tables, counts: [small!, large!] }).split("\n")).toHaveLength(3);
    const other = { ...large!, requests: { GetItem: 2 } };
    expect(countsTable({ tables, counts: [small!, other] }).split("\n")).toHaveLength(4);
  });
});

describe("a Markdown table", () => {
  it("is aligned", () => {
    expect(markdownTable(["a", "long head"], [["longer", "1"]])).toBe(
      ["| a      | long head |", "| ------ | --------- |", "| longer | 1         |"].join("\n"),
    );
  });
});
