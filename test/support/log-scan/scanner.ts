import type { LineSource, SecretKind } from "./recorder.ts";

/** What is told of a line that shows a secret. */
export interface Found {
  readonly what: string;
  /** The line with all that was found in it masked. */
  readonly masked: string;
}

export interface ScannerOptions {
  /** Passwords that a terminal may show: the demo users', which are no secret. */
  readonly shownInTerminals?: readonly string[];
}

/** A beginning of so many characters (96 bits of a token) is as much as the whole. */
const BEGINNING = 16;
const WORD = /[A-Za-z0-9_-]{16,}/g;
const BASE64_WORD = /[A-Za-z0-9+/_-]{20,}/g;
const MASK = "[secret]";
/** Encodings within encodings: JSON in base64 in a URL. */
const DEEPEST = 3;

/** What is wrong in a log whether or not a test ever used it. */
const SHAPES = [
  { what: "a password hash", shape: /\$argon2i?d?\$\S*/g },
  { what: "a cookie's value", shape: /__Host-[a-z]+=[^\s;"',]+/g },
  { what: "a JSON Web Token", shape: /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g },
  { what: "a bearer token", shape: /\bbearer +[\w-]{20,}/gi },
] as const;

/**
 * A line of the project's logs names sessions by their ids. A test that presents an id where a token belongs
 * must not make that one a secret.
 */
const ID_FIELD = /"(?:sessionId|targetSessionId)": ?"[\w-]{43}"/g;

/**
 * Finds secrets in lines, as they are or in base64, percent or JSON escapes, wherever in a word they stand.
 */
export class SecretScanner {
  readonly #beginnings = { issued: new Map<string, string>(), presented: new Map<string, string>() };
  /** Those with other characters than a token has, looked for as they are. */
  readonly #texts: { readonly kind: SecretKind; readonly value: string }[] = [];
  readonly #shownInTerminals: readonly string[];

  constructor(
    secrets: Iterable<readonly [string, SecretKind]>,
    { shownInTerminals = [] }: ScannerOptions = {},
  ) {
    this.#shownInTerminals = shownInTerminals;
    for (const [value, kind] of secrets) {
      if (kind !== "password" && new RegExp(`^${WORD.source}$`).test(value)) {
        this.#beginnings[kind].set(value.slice(0, BEGINNING), value);
      } else this.#texts.push({ kind, value });
    }
  }

  /** What a line shows, or `undefined` where it shows nothing. */
  find(line: string, source: LineSource = "log"): Found | undefined {
    let shown: { readonly what: string; readonly hidden: readonly string[] } | undefined;
    for (const reading of readings(line)) {
      shown ??= this.#findAsItIs(reading.text, source, reading.within);
    }
    if (shown === undefined) return undefined;
    let masked = line;
    for (const hidden of shown.hidden) masked = masked.replaceAll(hidden, MASK);
    for (const { shape } of SHAPES) masked = masked.replaceAll(shape, MASK);
    return { what: shown.what, masked: masked === line ? `a line of ${line.length} characters` : masked };
  }

  #findAsItIs(text: string, source: LineSource, within: string | undefined) {
    const hide = (secret: string): readonly string[] => (within === undefined ? [secret] : [within, secret]);
    for (const { what, shape } of SHAPES) {
      const [match] = text.match(shape) ?? [];
      if (match !== undefined) return { what, hidden: hide(match) };
    }
    for (const { kind, value } of this.#texts) {
      if (source === "terminal" && this.#shownInTerminals.includes(value)) continue;
      if (text.includes(value)) return { what: `${kind} secret`, hidden: hide(value) };
    }
    const issued = beginningIn(text, this.#beginnings.issued);
    if (issued !== undefined) return { what: "issued secret", hidden: hide(issued) };
    const presented = beginningIn(text.replaceAll(ID_FIELD, ""), this.#beginnings.presented);
    return presented === undefined ? undefined : { what: "presented secret", hidden: hide(presented) };
  }
}

/** The word with a secret's beginning anywhere in it. */
function beginningIn(text: string, beginnings: ReadonlyMap<string, string>): string | undefined {
  if (beginnings.size === 0) return undefined;
  for (const [word] of text.matchAll(WORD)) {
    for (let at = 0; at <= word.length - BEGINNING; at++) {
      if (beginnings.has(word.slice(at, at + BEGINNING))) return word;
    }
  }
  return undefined;
}

interface Reading {
  readonly text: string;
  /** The encoded word of the line that this was read from. */
  readonly within?: string;
}

/** The text and what it says when it is decoded. */
function* readings(text: string, within?: string, depth = 0): Generator<Reading> {
  yield { text, ...(within !== undefined && { within }) };
  if (depth === DEEPEST) return;
  const unescaped = withoutJsonEscapes(text);
  if (unescaped !== text) yield* readings(unescaped, within, depth + 1);
  const decoded = percentDecoded(text);
  if (decoded !== text) yield* readings(decoded, within, depth + 1);
  for (const [word] of text.matchAll(BASE64_WORD)) {
    // What was joined to the front shifts the groups of four.
    for (let offset = 0; offset < 4; offset++) {
      const inner = Buffer.from(word.slice(offset), "base64").toString();
      // An id decodes to noise.
      if (/[\x20-\x7e]{12}/.test(inner)) yield* readings(inner, within ?? word, depth + 1);
    }
  }
}

function withoutJsonEscapes(text: string): string {
  return text
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\(["\\/])/g, "$1");
}

/** Also where other parts of the text are no percent-encoding. */
function percentDecoded(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes;
    }
  });
}
