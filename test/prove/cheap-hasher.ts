import type { PasswordHasher } from "../../src/identity/password-hash.ts";
import { cheapHash } from "../support/cheap-hash.ts";

/** Makes cheap hashes, for rounds set many passwords; verifying is left to the product. */
export const CHEAP_HASHER: PasswordHasher = {
  hash: (password) => Promise.resolve(cheapHash(password)),
  verify: () => Promise.reject(new Error("this hasher verifies nothing")),
};
