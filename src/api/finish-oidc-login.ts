import * as z from "zod";
import { defineCall } from "./parts/call.ts";
import { CHANGE_FAULTS } from "./parts/problem-groups.ts";

export const FINISH_OIDC_LOGIN = {
  method: "GET",
  path: "/login/oidc/callback",
  function: "login-oidc",
} as const;

/**
 * `__Host-` for the reason the session cookie has it: with a planted one a stranger could sign a person in as
 * somebody else.
 */
export const OIDC_COOKIE = "__Host-oidc";

/** Starts a session for whom the identity provider sent back. */
export const finishOidcLogin = /* @__PURE__ */ defineCall(() => ({
  ...FINISH_OIDC_LOGIN,
  operationId: "finishOidcLogin",
  tag: "OpenID Connect",
  summary: "Starts a session for whom the identity provider sent back",
  description: "Only where an identity source has the code flow on. Each sign-in can come back only once.",
  session: "optional",
  parameters: [
    fromProvider("state", "As it was given to the provider.", true),
    fromProvider("code", "The provider's authorization code."),
    fromProvider("error", "The provider's refusal."),
    fromProvider("iss", "The provider's issuer."),
    {
      name: OIDC_COOKIE,
      in: "cookie",
      required: true,
      description: "What the browser kept of the sign-in that it began.",
      schema: z.string(),
    },
  ],
  responses: {
    303: {
      description: "Logged in. Redirects to the page where the sign-in began.",
      headers: { Location: "Location" },
      cookies: "CallbackCookies",
    },
  },
  problems: ["invalid_request", "oidc_failed", "session_limit", "policy_failed", ...CHANGE_FAULTS],
  problemCookies: "MaybeClearedSignInCookie",
}));

/**
 * Of the authorization response (RFC 6749 section 4.1.2, RFC 9207); what is in it, `openid-client` checks.
 */
function fromProvider(name: string, description: string, required = false) {
  return { name, in: "query", required, description, schema: z.string() } as const;
}
