import { describe, expect, test } from "vitest";
import { readEventPattern } from "../../local/outbox/event-pattern.ts";
import { toLambdaRecord } from "../../local/outbox/lambda-record.ts";
import { readableShards } from "../../local/outbox/stream-reader.ts";
import { STREAM_FILTERS } from "../../src/outbox/names.ts";

const matches = (pattern: unknown, event: unknown, dialect: "lambda" | "eventbridge" = "eventbridge") =>
  readEventPattern(pattern, dialect, "It")(event);

describe("a pattern", () => {
  test.each<[object, object, boolean]>([
    [{ a: ["x"] }, { a: "x" }, true],
    [{ a: ["x"] }, { a: "y" }, false],
    [{ a: ["x", "y"] }, { a: "y" }, true],
    [{ a: ["x"] }, { a: ["z", "x"] }, true],
    [{ a: ["x"] }, {}, false],
    [{ a: ["x"], b: ["y"] }, { a: "x" }, false],
    [{ a: [5] }, { a: 5.0 }, true],
    [{ a: [5] }, { a: "5" }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [""] }, { a: "" }, true],
    [{ a: [true] }, { a: "true" }, false],
    [{ a: { b: ["x"] } }, { a: { b: "x" } }, true],
    [{ a: { b: ["x"] } }, { a: [{ b: "z" }, { b: "x" }] }, true],
    [{ a: { b: ["x"], c: ["y"] } }, { a: [{ b: "x" }, { c: "y" }] }, false],
    [{ a: [{ exists: true }] }, { a: null }, true],
    [{ a: [{ exists: true }] }, { a: { b: 1 } }, false],
    [{ a: [{ exists: true }] }, {}, false],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: { b: [{ exists: false }] } }, {}, true],
    [{ a: { b: [{ exists: false }] } }, { a: { b: "x" } }, false],
    [{ a: [{ exists: false }, "x"] }, { a: "x" }, true],
    [{ a: [{ prefix: "ab" }] }, { a: "abc" }, true],
    [{ a: [{ prefix: "ab" }] }, { a: "cab" }, false],
    [{ a: [{ prefix: { "equals-ignore-case": "AB" } }] }, { a: "abc" }, true],
    [{ a: [{ suffix: "bc" }] }, { a: "abc" }, true],
    [{ a: [{ suffix: { "equals-ignore-case": "BC" } }] }, { a: "abx" }, false],
    [{ a: [{ "equals-ignore-case": "Abc" }] }, { a: "aBC" }, true],
    [{ a: [{ "anything-but": "x" }] }, { a: "y" }, true],
    [{ a: [{ "anything-but": ["x", 5] }] }, { a: 5 }, false],
    [{ a: [{ "anything-but": "x" }] }, {}, false],
    [{ a: [{ "anything-but": { prefix: "x" } }] }, { a: "xy" }, false],
    [{ a: [{ "anything-but": { prefix: ["x", "y"] } }] }, { a: "z" }, true],
    [{ a: [{ "anything-but": { wildcard: "*y" } }] }, { a: "xy" }, false],
    [{ a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 5 }, true],
    [{ a: [{ numeric: [">", 0, "<=", 5] }] }, { a: 0 }, false],
    [{ a: [{ numeric: ["=", 1] }] }, { a: "1" }, false],
    [{ a: [{ wildcard: "a*c.e" }] }, { a: "abbc.e" }, true],
    [{ a: [{ wildcard: "a*c.e" }] }, { a: "abbcxe" }, false],
    [{ a: [{ cidr: "10.0.0.0/24" }] }, { a: "10.0.0.7" }, true],
    [{ a: [{ cidr: "10.0.0.0/24" }] }, { a: "10.0.1.7" }, false],
    [{ a: [{ cidr: "2001:db8::/32" }] }, { a: "2001:db8::1" }, true],
    [{ $or: [{ a: ["x"] }, { b: ["y"] }] }, { b: "y" }, true],
    [{ c: ["z"], $or: [{ a: ["x"] }, { b: ["y"] }] }, { b: "y" }, false],
  ])("%j on %j: %s", (pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  const session = { pk: { S: "session#abc" } };
  const suspected = { ...session, suspectedAt: { N: "1893456000000" } };
  const roster = { pk: { S: "user#alice" } };
  test.each<[string, object, boolean]>([
    ["an insert", { Keys: session, NewImage: session }, true],
    ["a removal", { Keys: session, OldImage: session }, true],
    ["a change", { Keys: session, OldImage: session, NewImage: session }, false],
    ["a touch that suspects it", { Keys: session, OldImage: session, NewImage: suspected }, true],
    ["a later touch of it", { Keys: session, OldImage: suspected, NewImage: suspected }, false],
    ["a roster of that kind", { Keys: roster, OldImage: roster, NewImage: suspected }, false],
    ["an insert of another item", { Keys: { pk: { S: "roster#abc" } }, NewImage: {} }, false],
  ])("of the outbox passes %s as it should", (_, dynamodb, expected) => {
    const passes = STREAM_FILTERS.some((filter) => matches(filter, { dynamodb }, "lambda"));
    expect(passes).toBe(expected);
  });

  test.each<[unknown, string]>([
    [
      { a: [{ wildcard: "x*" }] },
      'a has {"wildcard":"x*"}; of the operators of Lambda\'s filters these run: exists, prefix, ',
    ],
    [{ a: { b: [{ cidr: "10.0.0.0/8" }] } }, 'a.b has {"cidr":"10.0.0.0/8"}'],
    [{ a: [{ like: "x" }] }, 'a has {"like":"x"}'],
    [{ a: [{ prefix: 5 }] }, 'a has {"prefix":5}, which is no use of prefix'],
    [{ a: [{ numeric: [">", "0"] }] }, "no use of numeric"],
    [{ a: [{ exists: "yes" }] }, "no use of exists"],
    [{ a: [{ prefix: "x", suffix: "y" }] }, 'a has {"prefix":"x","suffix":"y"}'],
    [{ a: "x" }, "a must be an object with fields"],
    [{ a: [] }, "a must not be empty"],
    [{}, "it must be an object with fields"],
    [["x"], "it must be an object with fields"],
    [{ $or: [{ a: ["x"] }] }, "$or must be a list of two patterns or more"],
  ])("%j is refused by name", (pattern, message) => {
    const reading = () => readEventPattern(pattern, "lambda", "The filter");
    expect(reading).toThrow("The filter has a pattern that does not run here: ");
    expect(reading).toThrow(message);
  });
});

describe("the shards that can be read", () => {
  const shards = [
    { id: "1", parentId: undefined },
    { id: "2", parentId: "1" },
    { id: "3", parentId: "gone" },
  ];
  test.each<[string[], string[]]>([
    [[], ["1", "3"]],
    [["1"], ["2", "3"]],
    [["1", "2", "3"], []],
  ])("after the end of %j are %j", (ended, readable) => {
    expect(readableShards(shards, new Set(ended)).map(({ id }) => id)).toEqual(readable);
  });
});

describe("a record of DynamoDB Local", () => {
  const record = (minute: number, more: object = {}) => ({
    eventID: "1",
    eventName: "REMOVE",
    dynamodb: { ApproximateCreationDateTime: minute, SequenceNumber: "1" },
    ...more,
  });
  const place = { region: "eu-central-1", streamArn: "arn:stream" };
  const MINUTE = 1_800_000_000;

  test.each([
    ["when it is read, in its minute", 37_900, MINUTE + 37],
    ["the end of its minute, later", 3_600_000, MINUTE + 59],
  ])("happened %s", (_, after, expected) => {
    const { dynamodb } = toLambdaRecord(record(MINUTE), { ...place, now: MINUTE * 1000 + after });
    expect(dynamodb.ApproximateCreationDateTime).toBe(expected);
  });

  test("says in AWS's way that it was removed by time to live, or by nobody", () => {
    const now = MINUTE * 1000;
    const byTtl = toLambdaRecord(record(MINUTE, { eventName: "UNKNOWN_TO_SDK_VERSION" }), { ...place, now });
    expect(byTtl).toMatchObject({
      eventName: "REMOVE",
      userIdentity: { type: "Service", principalId: "dynamodb.amazonaws.com" },
      awsRegion: "eu-central-1",
      eventSourceARN: "arn:stream",
    });
    expect(toLambdaRecord(record(MINUTE), { ...place, now })).not.toHaveProperty("userIdentity");
  });
});
