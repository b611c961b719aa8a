import { argon2Sync, randomBytes } from "node:crypto";
import { createPasswordHasher, DUMMY_HASH, type PasswordHasher } from "../../src/identity/password-hash.ts";

/** The least that Argon2id takes. */
const CHEAPEST = { memory: 8, passes: 1, parallelism: 1 } as const;

/**
 * A password's hash as the directory keeps one, at the lowest cost: the product verifies it by the parameters
 * it names. For tests of many logins, whose subject is not the hashing; it guards nothing.
 */
export function cheapHash(password: string): string {
  const nonce = randomBytes(16);
  const tag = argon2Sync("argon2id", {
    message: password.normalize("NFC"),
    nonce,
    tagLength: 32,
    ...CHEAPEST,
  });
  const { memory, passes, parallelism } = CHEAPEST;
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString("base64").replaceAll("=", ""));
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${String(salt)}$${String(hash)}`;
}

/** The real verification of such hashes, so that many passwords can be set and tried in a short time. */
export function cheapHasher(): PasswordHasher {
  const real = createPasswordHasher();
  const dummy = cheapHash(randomBytes(32).toString("hex"));
  return {
    hash: (password) => Promise.resolve(cheapHash(password)),
    verify: (password, hash) => real.verify(password, hash === DUMMY_HASH ? dummy : hash),
  };
}
