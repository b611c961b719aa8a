import { randomBytes } from "node:crypto";
import { createPasswordHasher, DUMMY_HASH, type PasswordHasher } from "../../src/identity/password-hash.ts";
import { cheapHash } from "../support/cheap-hash.ts";

/** The real verification of hashes that cost next to nothing, so that many passwords can be tried in a short time. */
export function cheapHasher(): PasswordHasher {
  const real = createPasswordHasher();
  const dummy = cheapHash(randomBytes(32).toString("hex"));
  return {
    hash: (password) => Promise.resolve(cheapHash(password)),
    verify: (password, hash) => real.verify(password, hash === DUMMY_HASH ? dummy : hash),
  };
}
