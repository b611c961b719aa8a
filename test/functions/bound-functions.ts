import { expect } from "vitest";
import type { AccessTokenSettings } from "../../src/identity/oidc-settings.ts";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import { eventV2 } from "../http/events.ts";
import { cognitoSource, corpSource, createSigner, type Signer } from "../support/access-tokens.ts";
import { addUsers, bearer, startFunctions, type Answer, type Functions } from "./harness.ts";

/** Functions whose callers send the access tokens of a user pool, and the user pool. */
export interface BoundFunctions {
  readonly functions: Functions;
  readonly signer: Signer;
  /** Moves the clock of the functions and of the provider. */
  tick(ms: number): void;
  /** A sign-in at the provider: it gives ever new tokens of one `origin_jti` and one `auth_time`. */
  signIn(user: string, claim: string, more?: object): () => Promise<string>;
  call(token: string | Promise<string>, route?: string, more?: object): Promise<Answer>;
  authorize(token: string | Promise<string>): Promise<unknown>;
}

export async function startBound(
  accessTokens: AccessTokenSettings = {},
  policy: SessionPolicy = { limit: 1, atLimit: "displace" },
): Promise<BoundFunctions> {
  const clock = { now: Date.now() };
  const signer = await createSigner(() => clock.now);
  const functions = await startFunctions({
    settings: { policy, oidcSources: [cognitoSource(accessTokens), corpSource(accessTokens)] },
    newJwksCache: signer.newJwksCache,
  });
  clock.now = functions.clock.now;
  await addUsers(functions.directory, { boss: { isAdmin: true } });
  return {
    functions,
    signer,
    tick(ms) {
      functions.clock.now += ms;
      clock.now = functions.clock.now;
    },
    signIn(user, claim, more = {}) {
      const at = Math.floor(clock.now / 1000);
      return () => signer.cognito({ sub: user, origin_jti: `${user}-${claim}`, auth_time: at, ...more });
    },
    call: async (token, route = "GET /session", more = {}) =>
      functions.send(route, { ...bearer(await token), ...more }),
    authorize: async (token) =>
      functions.invoke("authorize", eventV2({ headers: { authorization: `Bearer ${await token}` } })),
  };
}

export const DISPLACED = {
  status: 401,
  body: {
    code: "session_displaced",
    newSignIn: true,
    detail: expect.stringContaining("prompt=login") as string,
  },
};

export const sessionIdOf = ({ body }: Answer): string => (body["session"] as { id: string }).id;
