import { argon2Sync, randomBytes } from "node:crypto";
import type { PasswordHasher } from "../../src/identity/password-hash.ts";

/** The least that argon2 takes: these hashes guard nothing, and rounds set many passwords. */
const PARAMETERS = { memory: 8, passes: 1, parallelism: 1, tagLength: 32 } as const;

/**
 * Hashes that the product's own hasher verifies, by the parameters they name, at no cost worth mentioning. Verifying is left to
 * the product: this one only makes hashes.
 */
export const CHEAP_HASHER: PasswordHasher = {
  hash(password) {
    const nonce = randomBytes(16);
    const tag = argon2Sync("argon2id", { message: password.normalize("NFC"), nonce, ...PARAMETERS });
    const unpadded = (bytes: Buffer): string => bytes.toString("base64").replaceAll("=", "");
    const { memory, passes, parallelism } = PARAMETERS;
    return Promise.resolve(
      `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(nonce)}$${unpadded(tag)}`,
    );
  },
  verify: () => Promise.reject(new Error("this hasher verifies nothing")),
};
