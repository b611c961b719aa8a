import * as z from "zod/mini";
import { permissionsProblem } from "../src/identity/permissions.ts";
import { fields } from "../src/http/schema.ts";
import { USER_ID } from "../src/http/user-id-schema.ts";
import { DEVICE_CLASSES, LONGEST_USER_ID_BYTES, userIdProblem } from "../src/sessions/session.ts";

/**
 * Longer than any password the directory takes, so that a wrong one of any plausible length is simply wrong; short enough
 * that hashing it costs no more than any other.
 */
const LONGEST_PASSWORD = 1024;

const USERNAME = `a string of 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes`;
const PASSWORD = `a string of 1 to ${LONGEST_PASSWORD} characters`;
const DELIVER = '"cookie" or "token"';

/** The body of `POST /login`. `takeover` and `end` have their place here once the policy `ask` has an answer for them. */
export const LOGIN_BODY = fields({
  username: z.string({ error: USERNAME }).check(
    // The directory compares names in NFC, so that is the form whose length counts.
    z.refine((name) => userIdProblem(name.normalize("NFC")) === undefined, { error: USERNAME }),
  ),
  password: z
    .string({ error: PASSWORD })
    .check(z.minLength(1, { error: PASSWORD }), z.maxLength(LONGEST_PASSWORD, { error: PASSWORD })),
  deliver: z.optional(z.enum(["cookie", "token"], { error: DELIVER })),
});
export type LoginBody = z.infer<typeof LOGIN_BODY>;

const STRING = z.string({ error: "a string" });
const PERMISSIONS = "an array of permission names, at most 1024 bytes as JSON";

/** A direct invocation of the login: a user whom the invoker has already authenticated. */
export const TRUSTED_LOGIN = fields({
  user: fields({
    id: USER_ID,
    isAdmin: z.optional(z.boolean({ error: "true or false" })),
    permissions: z.optional(
      z
        .array(z.string({ error: "a permission name" }), { error: PERMISSIONS })
        .check(z.refine((names) => permissionsProblem(names) === undefined, { error: PERMISSIONS })),
    ),
    claims: z.optional(z.record(z.string(), z.unknown(), { error: "an object" })),
  }),
  device: z.optional(
    fields({
      label: z.optional(STRING),
      class: z.optional(z.enum(DEVICE_CLASSES, { error: DEVICE_CLASSES.join(" or ") })),
      userAgent: z.optional(STRING),
      address: z.optional(STRING),
    }),
  ),
});
export type TrustedLogin = z.infer<typeof TRUSTED_LOGIN>;
