import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * The server's half of the password protocol that Cognito calls `USER_SRP_AUTH` (SRP-6a, RFC 5054, with the
 * 3072-bit group of RFC 3526 and a key by HKDF), so that front ends which sign in by it work unchanged.
 */

const PRIME = BigInt(
  `0x${[
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD",
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED",
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F",
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B",
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510",
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7",
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C",
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
  ].join("")}`,
);
const GENERATOR = 2n;
const MULTIPLIER = numberOf(sha256(padded(PRIME), padded(GENERATOR)));

/** What the client is told, and must answer to. */
export interface SrpChallenge {
  readonly salt: string;
  readonly publicValue: string;
  /** Whether the signature over these texts shows that the client knows the password. */
  isProof(signature: string, message: readonly (string | Buffer)[]): boolean;
}

/**
 * @param client the client's public value, in hexadecimal.
 * @param identity what Cognito puts before the password: the pool's name and the user's.
 * @returns `undefined` for a value that would give the key away (RFC 5054 section 2.5.4).
 */
export function challengeFor(client: string, identity: string, password: string): SrpChallenge | undefined {
  const clientValue = /^[0-9a-f]+$/i.test(client) ? BigInt(`0x${client}`) : 0n;
  if (clientValue % PRIME === 0n) return undefined;
  const salt = BigInt(`0x${randomBytes(16).toString("hex")}`);
  const secret = BigInt(`0x${randomBytes(32).toString("hex")}`);
  const exponent = numberOf(sha256(padded(salt), sha256(Buffer.from(`${identity}:${password}`))));
  const verifier = power(GENERATOR, exponent);
  const publicValue = (MULTIPLIER * verifier + power(GENERATOR, secret)) % PRIME;
  const scrambling = sha256(padded(clientValue), padded(publicValue));
  const shared = power(clientValue * power(verifier, numberOf(scrambling)), secret);
  const salting = padded(numberOf(scrambling));
  const key = Buffer.from(hkdfSync("sha256", padded(shared), salting, "Caldera Derived Key", 16));
  return {
    salt: salt.toString(16),
    publicValue: publicValue.toString(16),
    isProof(signature, message) {
      const expected = createHmac("sha256", key);
      for (const part of message) expected.update(part);
      const given = Buffer.from(signature, "base64");
      const right = expected.digest();
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % PRIME;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % PRIME;
    square = (square * square) % PRIME;
  }
  return result;
}

/** As Java writes a positive number: a zero byte before a first bit that is set. */
function padded(value: bigint): Buffer {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Buffer.from(/^[89a-f]/i.test(even) ? `00${even}` : even, "hex");
}

function sha256(...parts: readonly Buffer[]): Buffer {
  return createHash("sha256").update(Buffer.concat(parts)).digest();
}

function numberOf(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString("hex")}`);
}
