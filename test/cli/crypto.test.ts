import { argon2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { argon2id } from "../../cli/crypto.ts";
import { ARGON2ID } from "../../src/identity/password-hash.ts";

test("a password hashed by a Node.js without argon2 is accepted by one that has it", async () => {
  const parameters = {
    ...ARGON2ID,
    message: "pässwörd of a long name",
    nonce: randomBytes(16),
    tagLength: 32,
  };
  expect(await promisify(argon2id)("argon2id", parameters)).toEqual(
    await promisify(argon2)("argon2id", parameters),
  );
});
