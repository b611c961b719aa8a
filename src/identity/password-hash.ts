import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { RandomBytes } from "../sessions/token.ts";

const argon2Async = promisify(argon2);

/**
 * Characters (Unicode code points) of a password: NIST SP 800-63B-4 asks for 15 where it is the only factor.
 */
export const PASSWORD_LENGTH = { least: 15, most: 256 } as const;

/**
 * Argon2id with the least memory that OWASP's Password Storage Cheat Sheet names for it (19 MiB, two passes,
 * one lane): a login function runs at a small memory size, and more lanes would only wait for its share of a
 * core. Memory is in KiB.
 */
export const ARGON2ID = { memory: 19_456, passes: 2, parallelism: 1 } as const;

const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** Hashes passwords and checks them. Both take tens of milliseconds on purpose. */
export interface PasswordHasher {
  /** A new salted hash in PHC string format: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`. */
  hash(password: string): Promise<string>;
  /**
   * Whether `password` gives `hash`, by the parameters that `hash` names.
   * @throws {@link MalformedPasswordHashError} where `hash` does not have our format.
   */
  verify(password: string, hash: string): Promise<boolean>;
}

/** A stored hash that cannot be read: a fault of the data, not a wrong password. It never shows the hash. */
export class MalformedPasswordHashError extends Error {
  override readonly name = "MalformedPasswordHashError";
}

/** The hasher of the password directory; `random` is `node:crypto`'s but in tests. */
export function createPasswordHasher(random: RandomBytes = randomBytes): PasswordHasher {
  return {
    async hash(password) {
      const salt = Buffer.from(random(SALT_BYTES));
      return encode(salt, await derive(password, salt, ARGON2ID, TAG_BYTES));
    },
    async verify(password, hash) {
      const { salt, tag, parameters } = decode(hash);
      return timingSafeEqual(tag, await derive(password, salt, parameters, tag.length));
    },
  };
}

/**
 * A hash that no password is known to give, with today's parameters: checking a password against it costs an
 * unknown user what a wrong password costs a known one, so that the time of an answer does not tell who
 * exists (OWASP Authentication).
 */
export const DUMMY_HASH = encode(Buffer.alloc(SALT_BYTES), Buffer.alloc(TAG_BYTES));

/**
 * Why `password` cannot be anybody's, naming what is accepted and never the password; `undefined` where it
 * can.
 */
export function passwordProblem(password: string): string | undefined {
  const { least, most } = PASSWORD_LENGTH;
  if (!password.isWellFormed()) return "A password must be well-formed Unicode.";
  const length = Array.from(password.normalize("NFC")).length; // code points, as NIST counts
  if (length >= least && length <= most) return undefined;
  return `A password must have ${least} to ${most} characters; this one has ${length}.`;
}

interface Argon2idParameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** NFC first, as RFC 8265 section 4.2 has it: keyboards differ in how they compose the same character. */
async function derive(
  password: string,
  salt: Buffer,
  parameters: Argon2idParameters,
  tagLength: number,
): Promise<Buffer> {
  return argon2Async("argon2id", {
    message: password.normalize("NFC"),
    nonce: salt,
    tagLength,
    ...parameters,
  });
}

const PHC_SHAPE =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{16,88})$/;

function encode(salt: Buffer, tag: Buffer): string {
  const { memory, passes, parallelism } = ARGON2ID;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

function decode(hash: string): { salt: Buffer; tag: Buffer; parameters: Argon2idParameters } {
  const [, memory, passes, parallelism, salt, tag] = PHC_SHAPE.exec(hash) ?? [];
  if (salt === undefined || tag === undefined) {
    throw new MalformedPasswordHashError("a stored password hash is not argon2id (version 19) in PHC format");
  }
  return {
    salt: Buffer.from(salt, "base64"),
    tag: Buffer.from(tag, "base64"),
    parameters: {
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
    },
  };
}

/** The PHC format's base64 has no padding. */
function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}
