import { ENVIRONMENT } from "../src/runtime/function-settings.ts";
import { createUserDirectory, type UserDirectory } from "../src/identity/directory.ts";
import type { Wiring } from "./wiring.ts";

/** The password directory, or `undefined` where the identity source `passwords` is off. */
export function wireDirectory({ documents, clock }: Wiring): UserDirectory | undefined {
  const tableName = process.env[ENVIRONMENT.usersTable];
  return tableName === undefined || tableName === ""
    ? undefined
    : createUserDirectory({ documents, tableName, clock });
}
