import { describe, expect, it } from "vitest";
import {
  deviceOf,
  growthTables,
  itemsIn,
  strideOf,
  userIdOf,
  userOf,
  usersOf,
} from "../../bench/growth/population.ts";
import type { Counts } from "../../bench/support/count-calls.ts";
import { SETTINGS } from "../../bench/support/seed.ts";
import { markdownTable } from "../../bench/support/tables.ts";
import { countsTable, idOf, timesTable } from "../../bench/support/variants.ts";

describe("the population", () => {
  it("is the same whenever it is asked for", () => {
    expect(userOf(7).items).toEqual(userOf(7).items);
    expect(userOf(7).token.reveal()).toBe(userOf(7).token.reveal());
    expect(userOf(7).token.reveal()).not.toBe(userOf(8).token.reveal());
  });

  it("has a session under its token's id, listed in its roster", () => {
    const { items, token, session: own } = userOf(3);
    const [session, roster] = items;
    const id = token.sessionId(SETTINGS.era);
    expect(session).toMatchObject({ pk: `session#${id}`, userId: userIdOf(3), device: deviceOf(3) });
    expect(roster).toMatchObject({ pk: `user#${userIdOf(3)}`, entries: [{ id: own.id }] });
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
  const variants = ["1,000", "1,000,000"];
  const operations = ["validate, live"];
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
    const inMilliseconds = ["p50", (microseconds: number) => (microseconds / 1000).toFixed(2)] as const;
    const table = timesTable({ operations, variants, blocks }, inMilliseconds, (size) => `at ${size}`);
    expect(table).toContain("| 2.00");
    expect(table).toContain("| 1.50x");
  });

  it("has one row for counts that are the same at every size, and more where they are not", () => {
    const same = {
      requests: { GetItem: 1 },
      roundTrips: 1,
      ...{ readUnits: 1, tableWriteUnits: 0, indexWriteUnits: 0 },
    };
    const [small, large] = variants.map((size) => ({ ...same, id: idAt(size) }));
    const linesOf = (counts: Counts[]) =>
      countsTable({ operations, variants, counts }, "at size").split("\n");
    expect(linesOf([small!, large!])).toHaveLength(3);
    const other = { ...large!, requests: { GetItem: 2 } };
    expect(linesOf([small!, other])).toHaveLength(4);
  });
});

describe("a Markdown table", () => {
  it("is aligned", () => {
    expect(markdownTable(["a", "long head"], [["longer", "1"]])).toBe(
      ["| a      | long head |", "| ------ | --------- |", "| longer | 1         |"].join("\n"),
    );
  });
});
