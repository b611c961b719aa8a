import { boundCallers, validateBound, type BoundCallers } from "../src/http/bound-callers.ts";
import { deviceIdOf } from "../src/http/device-cookie.ts";
import { deviceOf } from "../src/http/device.ts";
import { seenFrom } from "../src/http/place.ts";
import type { HttpRequest } from "../src/http/request.ts";
import type { BoundFound } from "../src/http/sign-in-problems.ts";
import type { AccessToken, AccessTokens } from "../src/identity/access-token.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import { sessionPolicyOf, type PolicyModule } from "../src/runtime/session-policy.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import type { SessionPolicy } from "../src/sessions/policy.ts";
import type { Device } from "../src/sessions/session.ts";
import type { SignInStore, SignInUse, UseSignInRequest } from "../src/sessions/sign-in-store.ts";
import { recordStart } from "./login-step.ts";

/** What the admission of a sign-in needs. */
export interface AdmissionDependencies {
  readonly accessTokens: Pick<AccessTokens, "verify">;
  readonly signIns: Pick<SignInStore, "validateSignIn" | "useSignIn">;
  readonly settings: Pick<FunctionSettings, "policy">;
  readonly policyModule: PolicyModule;
}

/**
 * Callers whose first call makes their session, where their source says so; what only watches makes none. For
 * the two functions that callers come to first, `validate` and `authorize`.
 */
export const boundAdmission = (dependencies: AdmissionDependencies): BoundCallers<HttpRequest> =>
  boundCallers(dependencies.accessTokens, (token, { request, touch, record }) =>
    !touch || token.admit === "login"
      ? validateBound(dependencies.signIns, token, { touch, request })
      : useToken(token, dependencies, { request, device: deviceIn(request), record }, (use) =>
          dependencies.signIns.useSignIn(use),
        ),
  );

/** What can be said of the device that sent a token; it keeps no cookie unless it sends one. */
export function deviceIn(request: HttpRequest, stated?: Parameters<typeof deviceOf>[1]): Device {
  const id = deviceIdOf(request);
  return { ...deviceOf(request, stated), ...(id !== undefined && { id }) };
}

/**
 * Uses a token for what may make its session, and records the outcome.
 * @throws SessionPolicyFailedError, StoreUnavailableError
 */
export async function useToken(
  token: AccessToken,
  { settings, policyModule }: Pick<AdmissionDependencies, "settings" | "policyModule">,
  {
    request,
    device,
    record,
  }: {
    readonly request: HttpRequest;
    readonly device: Device;
    readonly record: CallRecord | undefined;
  },
  use: (request: UseSignInRequest) => Promise<SignInUse>,
): Promise<BoundFound> {
  const { user, claims } = token;
  let asked: SessionPolicy | undefined;
  const policy = async (): Promise<SessionPolicy> =>
    (asked = await sessionPolicyOf({ ...user, claims }, settings.policy, policyModule));
  const found = await use({ ...token, device, policy, from: seenFrom(request, "bearer") });
  if (found.outcome === "live") {
    if (found.admitted && record !== undefined) recordStart(found, record);
    return found;
  }
  record?.note({ userId: user.id });
  if (found.outcome !== "session-limit") return found;
  record?.count("Denied");
  if (asked === undefined) throw new Error("the limit of a policy that was not asked");
  return { ...found, atLimit: asked.atLimit };
}
