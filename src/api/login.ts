import * as z from "zod";
import * as mini from "zod/mini";
import { canonicalUserName } from "../identity/user-name.ts";
import { LONGEST_USER_ID_BYTES, userIdProblem } from "../sessions/session.ts";
import { IS_BASE64URL_32 } from "../sessions/token.ts";
import { LOGIN } from "./parts/client-routes.ts";
import { defineCall, defineSchema, type RequestOf, type ResponseOf } from "./parts/call.ts";
import { ALICE, FIREFOX } from "./parts/examples.ts";
import { fields, type Schema } from "./parts/fields.ts";
import { AT_THE_LIMIT, STATED_DEVICE } from "./parts/login-members.ts";
import { TOKEN_REFUSED } from "./parts/problem-codes.ts";
import { BODY_PROBLEMS, CHANGE_FAULTS } from "./parts/problem-groups.ts";
import { DISPLACED_SESSION, SIGNED_IN } from "./parts/views.ts";

export { LOGIN } from "./parts/client-routes.ts";

/**
 * Longer than any password the directory takes, so that a wrong one of any plausible length is simply wrong;
 * short enough that hashing it costs no more than any other.
 */
const LONGEST_PASSWORD = 1024;
/** The body's own limit is 16 KB; no provider's token with a few hundred groups in it comes near. */
const LONGEST_PROVIDER_TOKEN = 15_000;
const LONGEST_NONCE = 256;

const USERNAME = `a string of 1 to ${LONGEST_USER_ID_BYTES} UTF-8 bytes`;
const PASSWORD = `a string of 1 to ${LONGEST_PASSWORD} characters`;
const PROVIDER_TOKEN = `a JSON Web Token of at most ${LONGEST_PROVIDER_TOKEN} characters`;
const NONCE = `a string of 1 to ${LONGEST_NONCE} characters`;

const DEVICE = /* @__PURE__ */ defineSchema(() => mini.optional(fields(STATED_DEVICE)));

/** What a login may say that gives a session token. */
const ANY_LOGIN = /* @__PURE__ */ defineSchema(() => ({
  ...AT_THE_LIMIT,
  deliver: mini.optional(mini.enum(["cookie", "token"], { error: '"cookie" or "token"' })),
  device: DEVICE,
}));

const PASSWORD_LOGIN = /* @__PURE__ */ defineSchema(() =>
  fields({
    username: mini.string({ error: USERNAME }).check(
      // The length counts in the form in which the directory compares names.
      mini.refine((name) => userIdProblem(canonicalUserName(name)) === undefined, { error: USERNAME }),
    ),
    password: text(PASSWORD, LONGEST_PASSWORD),
    ...ANY_LOGIN,
  }),
);

const ID_TOKEN_LOGIN = /* @__PURE__ */ defineSchema(() =>
  fields({
    idToken: text(PROVIDER_TOKEN, LONGEST_PROVIDER_TOKEN),
    nonce: mini.optional(text(NONCE, LONGEST_NONCE)),
    ...ANY_LOGIN,
  }),
);

/** The client goes on sending the access token, so that there is nothing to deliver. */
const ACCESS_TOKEN_LOGIN = /* @__PURE__ */ defineSchema(() =>
  fields({ accessToken: text(PROVIDER_TOKEN, LONGEST_PROVIDER_TOKEN), ...AT_THE_LIMIT, device: DEVICE }),
);

function text(error: string, longest: number) {
  return mini.string({ error }).check(mini.minLength(1, { error }), mini.maxLength(longest, { error }));
}

/** A body by which somebody proves who it is, for a session token. */
export type CredentialsBody = z.output<typeof PASSWORD_LOGIN> | z.output<typeof ID_TOKEN_LOGIN>;

/** A body with a provider's access token. */
export type AccessTokenLogin = z.output<typeof ACCESS_TOKEN_LOGIN>;

/** A body as the schema gives it: exactly one way of proving who it is. */
export type LoginBody = CredentialsBody | AccessTokenLogin;

/** The ways of proving who it is that are on here. */
export interface LoginWays {
  readonly passwords: boolean;
  readonly idTokens: boolean;
  readonly accessTokens: boolean;
}

/**
 * The schema of a body, by what the body has and what is on here. None takes a field of another, so that a
 * body with two is refused by name.
 */
export function loginBodySchema(ways: LoginWays, body: unknown): Schema<LoginBody> {
  const has = (name: string): boolean => typeof body === "object" && body !== null && name in body;
  if (ways.accessTokens && has("accessToken")) return ACCESS_TOKEN_LOGIN;
  return ways.idTokens && (has("idToken") || !ways.passwords) ? ID_TOKEN_LOGIN : PASSWORD_LOGIN;
}

const REQUESTS = {
  password: { username: "alice", password: "local-demo-only" },
  // The header and the payload of RFC 7519 section 3.1, and no signature.
  idToken: { idToken: "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2lnbmF0dXJl" },
  accessToken: { accessToken: "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UifQ.c2lnbmF0dXJl" },
  takeover: { username: "alice", password: "local-demo-only", takeover: true },
  deliverToken: {
    username: "alice",
    password: "local-demo-only",
    deliver: "token",
    device: { class: "mobile", label: "MyBank on Pixel 8" },
  },
};

const RESPONSES = {
  loggedIn: { user: ALICE, session: FIREFOX, displaced: [] },
  loggedInWithToken: {
    user: ALICE,
    session: FIREFOX,
    displaced: [
      {
        id: "U_IAX53BVVK2_JyODw9A_FIMQic-sVTSznRIMnf4s0M",
        createdAt: "2026-11-23T09:55:32.671Z",
        device: { label: "Chrome on Windows", class: "desktop" },
      },
    ],
    // The first 32 numbers: nobody's token.
    token: "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
  },
};

const DESCRIPTION =
  "By user name and password, by an id token, or by an access token, as the setting `identity` has it. " +
  "By an access token the session is bound to the sign-in at the provider: the client goes on sending " +
  "access tokens of it, and where the sign-in has a live session already, that is the answer. A session " +
  "token that comes with the call is replaced: its session ends as logged out and does not count " +
  "against the limit. When it has answered, none of the sessions it displaced is live anywhere.";

/** Starts a session. */
export const login = /* @__PURE__ */ defineCall(() => ({
  ...LOGIN,
  operationId: "login",
  tag: "Sessions",
  summary: "Starts a session, ending what the session policy says",
  description: DESCRIPTION,
  session: "optional",
  body: {
    schemas: {
      PasswordLogin: PASSWORD_LOGIN,
      IdTokenLogin: ID_TOKEN_LOGIN,
      AccessTokenLogin: ACCESS_TOKEN_LOGIN,
    },
    examples: REQUESTS,
  },
  responses: {
    200: {
      description: "The sign-in of the access token has this live session already.",
      body: {
        name: "BoundLogin",
        schema: SIGNED_IN.extend({ displaced: z.array(DISPLACED_SESSION).max(0).describe("Nothing.") }),
        examples: { boundLogin: { user: ALICE, session: FIREFOX, displaced: [] } },
      },
    },
    201: {
      description: "Logged in. The token is in the cookie, or in the body where that was asked for.",
      body: {
        name: "Login",
        schema: SIGNED_IN.extend({
          displaced: z.array(DISPLACED_SESSION).describe("Exactly the sessions that this login displaced."),
          token: z
            .string()
            .regex(IS_BASE64URL_32)
            .describe(
              "Only with `deliver: token`: the session token, for `Authorization: Bearer`. " +
                "Its holder is signed in.",
            )
            .exactOptional(),
        }),
        examples: RESPONSES,
      },
      cookies: "LoginCookies",
    },
  },
  problems: [
    ...BODY_PROBLEMS,
    "invalid_credentials",
    "invalid_access_token",
    ...TOKEN_REFUSED,
    "cross_origin",
    "not_found",
    "session_limit",
    "too_many_attempts",
    "policy_failed",
    ...CHANGE_FAULTS,
  ],
}));

/** What a browser sends with a user name and a password, or an app with an id token. */
export type LoginRequest = RequestOf<typeof login>;
export type PasswordLogin = Extract<LoginRequest, { readonly username: string }>;
/** What a login answers; the token only where it was asked for. */
export type LoginResponse = ResponseOf<typeof login>;
