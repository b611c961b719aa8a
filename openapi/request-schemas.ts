import type * as z from "zod/mini";
import { ADMIN_LOGOUT_BODY } from "../functions/admin-logout-request.ts";
import { ENDINGS_QUERY, SESSIONS_QUERY } from "../functions/list-sessions-handler.ts";
import { signInQuerySchema } from "../functions/login-oidc-handler.ts";
import { loginBodySchema } from "../functions/login-request.ts";

/** The very schemas that the functions check requests with. */

type AnySchema = z.core.$ZodType;

const BOTH = { passwords: true, idTokens: true };

export const PASSWORD_LOGIN: AnySchema = loginBodySchema(BOTH, {});
export const ID_TOKEN_LOGIN: AnySchema = loginBodySchema(BOTH, { idToken: "" });
export const ADMIN_LOGOUT_REQUEST: AnySchema = ADMIN_LOGOUT_BODY;

/** Query parameters, as the functions check them. */
export const QUERIES = {
  sessions: SESSIONS_QUERY,
  endings: ENDINGS_QUERY,
  // Which names there are is the deployment's to say; with one source there is a default.
  signIn: signInQuerySchema([{ name: "corp" }]),
} as const satisfies Record<string, AnySchema>;

/**
 * What a schema accepts in words, from the very message that the API answers where it is not met ("a session id"): JSON Schema
 * cannot say that a text is in Unicode NFC, and has nothing for a length in bytes.
 */
export function acceptedWords(schema: AnySchema): string | undefined {
  const { error, checks = [] } = schema._zod.def;
  for (const message of [error, ...checks.map((check) => check._zod.def.error)]) {
    const words = message?.({ code: "custom", path: [], input: undefined, message: "" } as never);
    if (typeof words === "string") return `Accepted is ${words}.`;
  }
  return undefined;
}
