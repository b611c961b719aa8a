/**
 * In the packed commands in the place of `node:crypto`: Node.js has argon2 from 24.7 on, and the package runs
 * from 22 on. The functions are deployed to 24, and this repository runs on it.
 */
import type * as Crypto from "node:crypto";
import { argon2idAsync } from "@noble/hashes/argon2.js";

const crypto = process.getBuiltinModule("node:crypto");

/** All that the commands and what they import take of it; the bundler refuses a name that is missing here. */
export const {
  createHash,
  createHmac,
  createSecretKey,
  generateKeyPair,
  hash,
  hkdfSync,
  randomBytes,
  randomUUID,
  timingSafeEqual,
} = crypto;

/** `argon2` of `node:crypto`, for argon2id: the same tags, in some five times the time. */
export const argon2id: typeof Crypto.argon2 = (_algorithm, parameters, callback) => {
  const { message, nonce, memory, passes, parallelism, tagLength } = parameters;
  argon2idAsync(message as string, nonce as Buffer, {
    m: memory,
    t: passes,
    p: parallelism,
    dkLen: tagLength,
  }).then(
    (tag) => callback(null, Buffer.from(tag)),
    (error: unknown) => callback(error as Error, Buffer.alloc(0)),
  );
};

export const argon2 = (crypto as Partial<typeof Crypto>).argon2 ?? argon2id;
