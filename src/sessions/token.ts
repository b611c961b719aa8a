import { createHash, randomBytes } from "node:crypto";
import { inspect } from "node:util";

const TOKEN_BYTES = 32;
/** 32 bytes in base64url without padding, as a regular expression: tokens, ids and what else is random. */
export const BASE64URL_32 = "[A-Za-z0-9_-]{43}";
export const IS_BASE64URL_32 = new RegExp(`^${BASE64URL_32}$`);

/** `base64url(SHA-256(era + token))`: the key of a session's item, safe to log and to show. */
export type SessionId = string & { readonly __brand: "SessionId" };

/** Where randomness comes from; `node:crypto`'s `randomBytes` but in tests. */
export type RandomBytes = (size: number) => Uint8Array;

/**
 * The secret a client holds: 256 random bits (ASVS 7.2.3 asks for 128). It is a class, not a string, so that
 * no log line, error or JSON body shows it by accident; `reveal()` is called where the token goes to its
 * owner and nowhere else.
 */
export class SessionToken {
  readonly #secret: string;

  private constructor(secret: string) {
    this.#secret = secret;
  }

  /** A new token. */
  static generate(random: RandomBytes = randomBytes): SessionToken {
    return new SessionToken(Buffer.from(random(TOKEN_BYTES)).toString("base64url"));
  }

  /** The token in `text`, or `undefined` where `text` cannot be one: then no database needs to be asked. */
  static parse(text: string): SessionToken | undefined {
    return IS_BASE64URL_32.test(text) ? new SessionToken(text) : undefined;
  }

  /** The secret itself, for the cookie or body that carries it to its owner. */
  reveal(): string {
    return this.#secret;
  }

  /**
   * The id of this token's session in an era. Changing the era changes every id, so no token finds its
   * session any more. The token has a fixed length and comes last, so no other era and token give the same
   * bytes.
   */
  sessionId(era: string): SessionId {
    return createHash("sha256")
      .update(era + this.#secret)
      .digest("base64url") as SessionId;
  }

  toString(): string {
    return "[redacted]";
  }

  toJSON(): string {
    return "[redacted]";
  }

  [inspect.custom](): string {
    return "SessionToken [redacted]";
  }
}

const SESSION_ID_SHAPE = IS_BASE64URL_32;

/** The session id in `text`, or `undefined` where `text` cannot be one. */
export function parseSessionId(text: string): SessionId | undefined {
  return SESSION_ID_SHAPE.test(text) ? (text as SessionId) : undefined;
}
