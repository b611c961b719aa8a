import * as z from "zod/mini";
import { defineCall } from "./parts/call.ts";
import { fields } from "./parts/fields.ts";
import { ACCEPTED_PATH, ownPath } from "./parts/own-path.ts";
import { FAULTS } from "./parts/problem-groups.ts";

export const BEGIN_OIDC_LOGIN = { method: "GET", path: "/login/oidc", function: "login-oidc" } as const;

/**
 * The query, for the names of the sources that there are. With one source there is nothing to choose; with
 * several, a guess would send people to a stranger's sign-in page.
 */
export function beginOidcLoginQuery(names: readonly string[]) {
  const [only, second] = names;
  const name = z.enum(names, { error: names.join(" or ") });
  return queryWith(only !== undefined && second === undefined ? z._default(name, only) : name);
}

function queryWith<Source extends z.ZodMiniType>(source: Source) {
  return fields({
    source,
    returnTo: z._default(
      z.string().check(z.refine((path) => ownPath(path) !== undefined, { error: ACCEPTED_PATH })),
      "/",
    ),
    takeover: z._default(z.enum(["true", "false"], { error: "true or false" }), "false"),
  });
}

/** Sends the browser to an identity provider to sign in. */
export const beginOidcLogin = /* @__PURE__ */ defineCall(() => ({
  ...BEGIN_OIDC_LOGIN,
  operationId: "beginOidcLogin",
  tag: "OpenID Connect",
  summary: "Sends the browser to an identity provider to sign in",
  description: "Only where an identity source has the code flow on.",
  session: "none",
  query: {
    // Which names there are is the deployment's to say.
    schema: queryWith(z.optional(z.string())),
    purposes: {
      source: "The name of the identity source; may be left out where there is only one.",
      returnTo: "Where the browser goes afterwards.",
      takeover: "Where the session policy asks at the limit: end the least recently seen session.",
    },
  },
  responses: {
    303: {
      description: "Redirects to the identity provider.",
      headers: { Location: "Location" },
      cookies: "SignInCookie",
    },
  },
  problems: ["invalid_request", "cross_origin", ...FAULTS],
}));
