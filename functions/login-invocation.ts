import * as z from "zod/mini";
import { fields } from "../src/api/parts/fields.ts";
import { AT_THE_LIMIT, STATED_DEVICE, STRING } from "../src/api/parts/login-members.ts";
import { USER_ID } from "../src/api/parts/user-id.ts";
import { permissionsProblem } from "../src/identity/permissions-problem.ts";

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
