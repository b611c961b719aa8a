import { describe, expect, test } from "vitest";
import {
  createPasswordHasher,
  DUMMY_HASH,
  MalformedPasswordHashError,
  passwordProblem,
} from "../../src/identity/password-hash.ts";

const hasher = createPasswordHasher();
const PASSWORD = "correct horse battery";

describe("hashing", () => {
  test("the right password verifies, another does not", async () => {
    const hash = await hasher.hash(PASSWORD);
    expect(await hasher.verify(PASSWORD, hash)).toBe(true);
    expect(await hasher.verify(`${PASSWORD} `, hash)).toBe(false);
    expect(await hasher.verify("", hash)).toBe(false);
  });

  test("a hash is a PHC string with OWASP's parameters, a 16-byte salt and a 32-byte tag", async () => {
    const [, algorithm, version, parameters, salt, tag] = (await hasher.hash(PASSWORD)).split("$");
    expect([algorithm, version, parameters]).toEqual(["argon2id", "v=19", "m=19456,t=2,p=1"]);
    expect(Buffer.from(salt ?? "", "base64")).toHaveLength(16);
    expect(Buffer.from(tag ?? "", "base64")).toHaveLength(32);
  });

  test("the same password twice gives two hashes", async () => {
    expect(await hasher.hash(PASSWORD)).not.toBe(await hasher.hash(PASSWORD));
  });

  test("a hash of the reference implementation with parameters of its own verifies", async () => {
    // From phc-winner-argon2's src/test.c.
    const reference =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    expect(await hasher.verify("password", reference)).toBe(true);
    expect(await hasher.verify("passwore", reference)).toBe(false);
  });

  test("composed and decomposed characters are the same password", async () => {
    const hash = await hasher.hash("caf\u00e9 au lait, s'il");
    expect(await hasher.verify("cafe\u0301 au lait, s'il", hash)).toBe(true);
  });

  test.each([
    "",
    "plain text",
    "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
    "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  ])("a stored hash that is none of ours is a fault that does not show it: %s", async (hash) => {
    const error: unknown = await hasher.verify(PASSWORD, hash).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MalformedPasswordHashError);
    if (hash !== "") expect(String(error)).not.toContain(hash);
  });

  test("the dummy hash is read like a real one and refuses", async () => {
    expect(DUMMY_HASH.split("$")[3]).toBe((await hasher.hash(PASSWORD)).split("$")[3]);
    expect(await hasher.verify(PASSWORD, DUMMY_HASH)).toBe(false);
  });
});

describe("what a password may be", () => {
  test.each([
    ["15 characters", "a".repeat(15)],
    ["256 characters", "a".repeat(256)],
    ["15 characters outside the basic plane", "\u{1F512}".repeat(15)],
    ["spaces only", " ".repeat(15)],
  ])("%s are accepted", (_, password) => {
    expect(passwordProblem(password)).toBeUndefined();
  });

  test.each([
    ["14 characters", "a".repeat(14), "A password must have 15 to 256 characters; this one has 14."],
    ["257 characters", "a".repeat(257), "A password must have 15 to 256 characters; this one has 257."],
    ["14 decomposed characters", "e\u0301".repeat(14), "15 to 256 characters; this one has 14"],
    ["8 characters of two code units", "\u{1F512}".repeat(8), "15 to 256 characters; this one has 8"],
    ["nothing", "", "15 to 256 characters; this one has 0"],
    ["half a surrogate pair", "a".repeat(20) + "\ud83d", "well-formed Unicode"],
  ])("%s are refused, saying what is accepted", (_, password, message) => {
    expect(passwordProblem(password)).toContain(message);
  });
});
