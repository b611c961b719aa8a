import fc, { type Arbitrary } from "fast-check";
import type { Json } from "./inputs.ts";

/** One of these texts. */
export const text = (...all: string[]): Arbitrary<string> => fc.constantFrom(...all);

/** Mostly the one, sometimes the other. */
export const mostly = <T, U>(usual: Arbitrary<T>, odd: Arbitrary<U>): Arbitrary<T | U> =>
  fc.oneof({ weight: 5, arbitrary: usual }, { weight: 1, arbitrary: odd });

/**
 * User ids that are none, or look like something else: keys of other items, other users, other forms of one
 * text.
 */
const ODD_IDS = [
  "user#victim",
  "session#{{id:victim}}",
  "ended#{{id:victim}}",
  "session#x",
  "token#x",
  "#",
  "",
  " ",
  ":",
  "corp:",
  "corp:alice",
  "alice ",
  "ALICE",
  "\u00e9", // NFC
  "e\u0301", // the same in NFD
  "\u2126", // becomes another letter in NFC
  "\u0000",
  "a\u0000b",
  "a\nb",
  "\u2028",
  "\ud800",
  "\udc00a",
  "\u202enimda",
  "\u200b",
  "\ufeff",
  "\u{1f600}",
  "\u{10ffff}",
  "x".repeat(512),
  "x".repeat(513),
  "\u00e9".repeat(256),
  "\u00e9".repeat(257),
  "\u{1f600}".repeat(128),
  "\u{1f600}".repeat(129),
  "x".repeat(3000),
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "null",
  "%00",
  "../../etc/passwd",
];

const LONG = [257, 1025, 9000, 16_000].map((length) => "y".repeat(length));

/** Text that somebody hostile might send anywhere. */
export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ODD_IDS) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom(...LONG) },
);

/** User ids, most of them of somebody; `victim` among them. */
export const userId: Arbitrary<string> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("alice", "dora", "staff", "admin", "old", "victim", "edith", "new"),
  },
  { weight: 2, arbitrary: hostileText },
);

const polluting = [
  '{"__proto__":{"isAdmin":true,"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
].map((text) => JSON.parse(text) as Json);

/** Any JSON value, more often one that is almost right. */
export const hostileJson: Arbitrary<Json> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<Json>(null, true, false, 0, -1, 1.5, "", "true", [], {}, [[]], [null]),
  },
  { weight: 2, arbitrary: fc.constantFrom<Json>(Number.MAX_SAFE_INTEGER + 2, -1e308, 5e-324, ...polluting) },
  { weight: 3, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as Arbitrary<Json> },
);

/** JSON of one value as text, with what only text can say. */
const valueText: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: hostileJson.map((value) => JSON.stringify(value)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom("1e999", "-1e999", "1e-999", "123456789012345678901234567890", "-0"),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 800 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 800 }).map((depth) => nest(depth)) },
);

const nest = (depth: number): string => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;

const FIELDS = [
  ...[
    "username",
    "password",
    "idToken",
    "nonce",
    "takeover",
    "end",
    "deliver",
    "userIds",
    "includeAdmins",
    "actor",
  ],
  ...["user", "device", "id", "isAdmin", "permissions", "claims", "detail", "detail-type", "source"],
  ...["__proto__", "constructor", "prototype", "toString", "", "a/b~c", "\ud800", "requestContext"],
];

type Entry = readonly [key: string, valueText: string];
const objectText = (entries: readonly Entry[]): string =>
  `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;

/** The texts of an object: as it should be, or with members changed, added, given twice or left out. */
export function objectTexts(valid: Arbitrary<Readonly<Record<string, Json>>>): Arbitrary<string> {
  const entries = valid.map((body) =>
    Object.entries(body).map(([key, value]): Entry => [key, JSON.stringify(value)]),
  );
  const change = fc.record({
    at: fc.nat(5),
    key: fc.oneof(fc.constantFrom(...FIELDS), hostileText),
    value: valueText,
    how: fc.constantFrom("value", "value", "add", "twice", "leave-out"),
  });
  const changed = fc
    .tuple(entries, fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([before, changes]) =>
      changes.reduce<Entry[]>((now, { at, key, value, how }) => {
        const place = now.length === 0 ? 0 : at % now.length;
        const there = now[place];
        if (how === "add" || there === undefined) return [...now, [key, value]];
        if (how === "twice") return [...now, [there[0], value]];
        return how === "value" ? now.with(place, [there[0], value]) : now.toSpliced(place, 1);
      }, before),
    );
  return fc.oneof(
    { weight: 3, arbitrary: entries.map(objectText) },
    { weight: 2, arbitrary: changed.map(objectText) },
  );
}

/** Bodies: the object's texts, those broken or padded to the border of 16 KB, and what is no object. */
export function bodies(valid: Arbitrary<Readonly<Record<string, Json>>>): Arbitrary<string> {
  const whole = objectTexts(valid);
  return fc.oneof(
    { weight: 24, arbitrary: whole },
    { weight: 1, arbitrary: fc.tuple(whole, fc.nat(200)).map(([json, end]) => json.slice(0, end)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(whole, fc.constantFrom(16_383, 16_384, 16_385, 40_000))
        .map(([json, length]) => json + " ".repeat(Math.max(0, length - Buffer.byteLength(json)))),
    },
    { weight: 1, arbitrary: whole.map((json) => `[${json}]`) },
    { weight: 1, arbitrary: whole.map((json) => `\ufeff${json}`) },
    { weight: 1, arbitrary: valueText },
    { weight: 1, arbitrary: fc.integer({ min: 1000, max: 2700 }).map(nest) },
    {
      weight: 1,
      arbitrary: fc.constantFrom("", "{", "{'a':1}", "NaN", "undefined", '{"a":1}x', '"{{password:alice}}"'),
    },
    { weight: 1, arbitrary: hostileText },
  );
}

/** Why an administrator acts. Mostly a right one: with a wrong one nothing behind it is tried. */
export const reason = fc.oneof(
  { weight: 4, arbitrary: fc.constant("left") },
  { weight: 1, arbitrary: hostileText },
);
