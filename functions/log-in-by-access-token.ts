import type { AccessTokenLogin } from "../src/api/login.ts";
import type { BoundCallers } from "../src/http/bound-callers.ts";
import type { HttpRequest } from "../src/http/request.ts";
import { created, ok, type Reply } from "../src/http/reply.ts";
import { signInProblem } from "../src/http/sign-in-problems.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import type { PolicyModule } from "../src/runtime/session-policy.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import type { Credential } from "../src/sessions/sign-in.ts";
import type { SignInStore } from "../src/sessions/sign-in-store.ts";
import { deviceIn, useToken } from "./bound-admission.ts";
import { keepRefusal, type RefusalDependencies } from "./keep-refusal.ts";
import { loginView } from "./login-step.ts";

/** What logs in by a provider's access token. */
export interface BoundLogin extends Pick<BoundCallers, "verify"> {
  readonly signIns: Pick<SignInStore, "logInBySignIn">;
}

/**
 * `POST /login` with an access token: 201 where it made the session of the token's sign-in, 200 where there
 * is one already. There is nothing to deliver; the client goes on sending access tokens.
 */
export async function logInByAccessToken(
  call: {
    readonly request: HttpRequest;
    readonly record: CallRecord;
    readonly presented: Credential | undefined;
  },
  { accessToken, device, takeover, end }: AccessTokenLogin,
  dependencies: {
    readonly bound: BoundLogin;
    readonly settings: Pick<FunctionSettings, "policy">;
    readonly policyModule: PolicyModule;
  } & RefusalDependencies,
): Promise<Reply> {
  const { request, record, presented } = call;
  const { bound } = dependencies;
  const token = await bound.verify(accessToken, record);
  if ("code" in token) {
    record.count("FailedLogins");
    return token;
  }
  const client = { request, device: deviceIn(request, device), record };
  const found = await useToken(token, dependencies, client, (use) =>
    bound.signIns.logInBySignIn({
      ...use,
      ...(presented !== undefined && { presented }),
      ...(takeover !== undefined && { takeover }),
      ...(end && { end }),
    }),
  );
  if (found.outcome === "session-limit") {
    const { user, identitySource } = token;
    const denied = { kind: "denied", userId: user.id, identitySource, device: client.device } as const;
    await keepRefusal(denied, dependencies, record);
  }
  if (found.outcome !== "live") return signInProblem(found);
  record.note({ outcome: "logged-in", userId: token.user.id });
  return found.admitted ? created(loginView(found)) : ok(loginView(found));
}
