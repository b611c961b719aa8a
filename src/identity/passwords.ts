import type { UserDirectory } from "./directory.ts";
import type { Identity } from "./identity.ts";
import { createPasswordHasher, DUMMY_HASH, type PasswordHasher } from "./password-hash.ts";
import { canonicalUserName } from "./user-name.ts";

export interface PasswordCredentials {
  /** As typed. */
  readonly username: string;
  readonly password: string;
}

export type PasswordOutcome =
  | ({ readonly outcome: "authenticated" } & Identity)
  /** Unknown user, wrong password or disabled user: which of them is not told (ASVS 6.3.8). */
  | { readonly outcome: "refused" };

/** The identity source `passwords`. */
export interface PasswordSource {
  /**
   * Who the credentials are of. Every call reads the directory once and hashes once, whatever it finds.
   * @throws StoreUnavailableError where the directory could not be asked.
   */
  authenticate(credentials: PasswordCredentials): Promise<PasswordOutcome>;
}

/** The identity source over a password directory; tests give a `hasher` of their own. */
export function createPasswordSource(
  directory: Pick<UserDirectory, "getWithPasswordHash" | "unchangedCheck">,
  hasher: PasswordHasher = createPasswordHasher(),
): PasswordSource {
  return {
    async authenticate({ username, password }) {
      const found = await directory.getWithPasswordHash(canonicalUserName(username));
      const verified = await hasher.verify(password, found?.passwordHash ?? DUMMY_HASH);
      if (found === undefined || !verified || found.user.disabled) return { outcome: "refused" };
      const { userName, isAdmin, permissions } = found.user;
      return {
        outcome: "authenticated",
        user: { id: userName, isAdmin, permissions },
        claims: {},
        identitySource: "passwords",
        checks: [directory.unchangedCheck(found.user)],
      };
    },
  };
}
