import * as z from "zod/mini";
import { describe, expect, test } from "vitest";
import { LARGEST_BODY_BYTES, readBody } from "../../src/http/body.ts";
import { fields } from "../../src/api/parts/fields.ts";
import { requestOf, type Sent } from "./events.ts";

const SCHEMA = fields({
  name: z.string({ error: "a string" }),
  password: z.optional(
    z
      .string({ error: "a string of 1 to 9 characters" })
      .check(z.maxLength(9, { error: "a string of 1 to 9 characters" })),
  ),
  ids: z.optional(z.array(z.string({ error: "a string" }), { error: "an array" })),
});

const JSON_HEADERS = { "content-type": "application/json" };
const read = (sent: Sent) => readBody(requestOf({ headers: JSON_HEADERS, ...sent }), SCHEMA);
const errorsOf = (body: string): unknown => {
  const reading = read({ body });
  return reading.outcome === "refused" ? reading.problem.body["errors"] : reading;
};

describe("content type", () => {
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/merge-patch+json",
  ])("%s is read", (type) => {
    const reading = read({ headers: { "content-type": type }, body: '{"name":"a"}' });
    expect(reading).toEqual({ outcome: "read", body: { name: "a" } });
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/jsonx",
    "text/json",
    "",
    "application/json, text/plain",
  ])("%j is 415 and named", (type) => {
    const reading = read({ headers: { "content-type": type }, body: '{"name":"a"}' });
    expect(reading).toMatchObject({ problem: { status: 415, code: "unsupported_media_type" } });
    expect(JSON.stringify(reading)).toContain(JSON.stringify(JSON.stringify(type)).slice(1, -1));
  });

  test("a missing one is 415", () => {
    expect(read({ headers: {}, body: "{}" })).toMatchObject({ problem: { status: 415 } });
  });
});

describe("size", () => {
  const ofBytes = (bytes: number): string => `{"name":"${"x".repeat(bytes - 11)}"}`;

  test("16 KB are read", () => {
    expect(Buffer.byteLength(ofBytes(LARGEST_BODY_BYTES))).toBe(16_384);
    expect(read({ body: ofBytes(LARGEST_BODY_BYTES) }).outcome).toBe("read");
  });

  test("one byte more is 413, saying how many are accepted", () => {
    expect(read({ body: ofBytes(LARGEST_BODY_BYTES + 1) })).toMatchObject({
      problem: {
        status: 413,
        code: "body_too_large",
        body: { detail: "The body has 16385 bytes; accepted are at most 16384." },
      },
    });
  });

  test("bytes count, not characters", () => {
    expect(read({ body: `{"name":"${"é".repeat(8_190)}"}` })).toMatchObject({ problem: { status: 413 } });
  });

  test("a base64 body counts as what it encodes", () => {
    const body = Buffer.from(ofBytes(LARGEST_BODY_BYTES)).toString("base64");
    expect(read({ body, base64: true }).outcome).toBe("read");
  });

  test("a larger limit of the caller's counts instead", () => {
    const request = requestOf({ headers: JSON_HEADERS, body: ofBytes(LARGEST_BODY_BYTES + 1) });
    expect(readBody(request, SCHEMA, { largest: 20_000 }).outcome).toBe("read");
  });
});

describe("JSON", () => {
  test.each(["", "{", '{"name":"hunter2"', "{'name':1}", "undefined", "\u0000"])(
    "%j is 400 and not echoed",
    (body) => {
      const reading = read({ body });
      expect(reading).toMatchObject({ problem: { status: 400, code: "invalid_json" } });
      expect(JSON.stringify(reading)).not.toContain("hunter2");
    },
  );

  test("bytes that are no UTF-8 are 400", () => {
    const body = Buffer.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]).toString("base64");
    expect(read({ body, base64: true })).toMatchObject({ problem: { code: "invalid_json" } });
  });
});

describe("fields", () => {
  test("a wrong type names the field, what was found and what is accepted", () => {
    expect(errorsOf('{"name":17}')).toEqual([
      { pointer: "#/name", detail: "name is 17; accepted is a string." },
    ]);
  });

  test("a missing field is named", () => {
    expect(errorsOf("{}")).toEqual([{ pointer: "#/name", detail: "name is missing; accepted is a string." }]);
  });

  test("an element of an array is pointed at", () => {
    expect(errorsOf('{"name":"a","ids":["x",null]}')).toEqual([
      { pointer: "#/ids/1", detail: "ids.1 is null; accepted is a string." },
    ]);
  });

  test("a field nobody knows is refused, with those there are", () => {
    expect(errorsOf('{"name":"a","a/b~c d":1}')).toEqual([
      {
        pointer: "#/a~1b~0c%20d",
        detail: "a/b~c d is not known here; accepted is an object with name, password, ids.",
      },
    ]);
  });

  test("__proto__ and constructor are fields nobody knows, and pollute nothing", () => {
    expect(
      errorsOf('{"name":"a","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}'),
    ).toMatchObject([{ pointer: "#/__proto__" }, { pointer: "#/constructor" }]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  test.each([
    '{"name":"a","password":"hunter2-is-too-long"}',
    '{"name":"a","password":["hunter2"]}',
    '"hunter2"',
    '["hunter2"]',
  ])("a secret is never echoed: %s", (body) => {
    const errors = errorsOf(body);
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain("hunter2");
  });

  test("many errors are cut to ten, long values to 80 characters", () => {
    const errors = errorsOf(JSON.stringify({ name: "a", ids: Array.from({ length: 500 }, () => 10 ** 15) }));
    expect(errors).toHaveLength(10);
    const [error] = errorsOf(JSON.stringify({ ["k".repeat(5000)]: 1, name: "a" })) as { detail: string }[];
    expect(error?.detail.length).toBeLessThan(200);
  });
});
