import * as z from "zod/mini";
import { permissionsProblem } from "../src/identity/permissions-problem.ts";
import { canonicalUserName } from "../src/identity/user-name.ts";
import { fields, type Schema } from "../src/http/schema.ts";
import { USER_ID } from "../src/http/user-id-schema.ts";
import { HIGHEST_LIMIT } from "../src/sessions/policy.ts";
import { parseSessionId, type SessionId } from "../src/sessions/token.ts";
import { DEVICE_CLASSES, LONGEST_USER_ID_BYTES, userIdProblem } from "../src/sessions/session.ts";

/**
 * Longer than any password the directory takes, so that a wrong one of any plausible length is simply wrong; short enough
 * that hashing it costs no more than any other.
 */
const LONGEST_PASSWORD = 1024;

const USERNAME = `a string of 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes`;
const PASSWORD = `a string of 1 to ${LONGEST_PASSWORD} characters`;
/** The body's own limit is 16 KB; no provider's token with a few hundred groups in it comes near. */
const LONGEST_ID_TOKEN = 15_000;
const LONGEST_NONCE = 256;
const ID_TOKEN = `a JSON Web Token of at most ${LONGEST_ID_TOKEN} characters`;
const NONCE = `a string of 1 to ${LONGEST_NONCE} characters`;
const ENDED = `an array of at most ${HIGHEST_LIMIT} session ids`;
const SESSION_ID = z.pipe(
  z
    .string({ error: "a session id" })
    .check(z.refine((text) => parseSessionId(text) !== undefined, { error: "a session id" })),
  z.transform((text) => text as SessionId),
);
const STRING = z.string({ error: "a string" });
const DELIVER = '"cookie" or "token"';

/** What a login may say about the sessions there are, when the policy asks (design section 4, `ask`). */
const AT_THE_LIMIT = {
  takeover: z.optional(z.boolean({ error: "true or false" })),
  end: z.optional(z.array(SESSION_ID, { error: ENDED }).check(z.maxLength(HIGHEST_LIMIT, { error: ENDED }))),
};

/** What a client may say of its device. A label that is too long is cut, as everywhere. */
const STATED_DEVICE = {
  label: z.optional(STRING),
  class: z.optional(z.enum(DEVICE_CLASSES, { error: DEVICE_CLASSES.join(" or ") })),
};

/** What a login may say whichever way it proves who it is. */
const ANY_LOGIN = {
  ...AT_THE_LIMIT,
  deliver: z.optional(z.enum(["cookie", "token"], { error: DELIVER })),
  device: z.optional(fields(STATED_DEVICE)),
};

const PASSWORD_LOGIN = fields({
  username: z.string({ error: USERNAME }).check(
    // The length counts in the form in which the directory compares names.
    z.refine((name) => userIdProblem(canonicalUserName(name)) === undefined, { error: USERNAME }),
  ),
  password: z
    .string({ error: PASSWORD })
    .check(z.minLength(1, { error: PASSWORD }), z.maxLength(LONGEST_PASSWORD, { error: PASSWORD })),
  ...ANY_LOGIN,
});

const ID_TOKEN_LOGIN = fields({
  idToken: z
    .string({ error: ID_TOKEN })
    .check(z.minLength(1, { error: ID_TOKEN }), z.maxLength(LONGEST_ID_TOKEN, { error: ID_TOKEN })),
  nonce: z.optional(
    z
      .string({ error: NONCE })
      .check(z.minLength(1, { error: NONCE }), z.maxLength(LONGEST_NONCE, { error: NONCE })),
  ),
  ...ANY_LOGIN,
});

/** The body of `POST /login`: exactly one way of proving who it is. */
export type LoginBody = z.infer<typeof PASSWORD_LOGIN> | z.infer<typeof ID_TOKEN_LOGIN>;

/**
 * The schema of a body of `POST /login`, by what the body has and what is on here. Either takes no field of the other, so that
 * a body with both is refused by name.
 */
export function loginBodySchema(
  ways: { readonly passwords: boolean; readonly idTokens: boolean },
  body: unknown,
): Schema<LoginBody> {
  const hasIdToken = typeof body === "object" && body !== null && "idToken" in body;
  return ways.idTokens && (hasIdToken || !ways.passwords) ? ID_TOKEN_LOGIN : PASSWORD_LOGIN;
}

const PERMISSIONS = "an array of permission names, at most 1024 bytes as JSON";

/** A policy function is given a copy of them, and copying nests as deep as they do. */
const DEEPEST_CLAIMS = 100;
const CLAIMS = `an object nested at most ${DEEPEST_CLAIMS} deep`;

function isAtMost(depth: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isAtMost(depth - 1, member));
}

/** A direct invocation of the login: a user whom the invoker has already authenticated. */
export const TRUSTED_LOGIN = fields({
  ...AT_THE_LIMIT,
  user: fields({
    id: USER_ID,
    isAdmin: z.optional(z.boolean({ error: "true or false" })),
    permissions: z.optional(
      z
        .array(z.string({ error: "a permission name" }), { error: PERMISSIONS })
        .check(z.refine((names) => permissionsProblem(names) === undefined, { error: PERMISSIONS })),
    ),
    claims: z.optional(
      z
        .record(z.string(), z.unknown(), { error: CLAIMS })
        .check(z.refine((claims) => isAtMost(DEEPEST_CLAIMS, claims), { error: CLAIMS })),
    ),
  }),
  device: z.optional(
    fields({
      ...STATED_DEVICE,
      userAgent: z.optional(STRING),
      address: z.optional(STRING),
    }),
  ),
});
export type TrustedLogin = z.infer<typeof TRUSTED_LOGIN>;
