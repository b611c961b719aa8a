import type { Context } from "aws-lambda";
import { readBody } from "../src/http/body.ts";
import { presentedToken } from "../src/http/caller.ts";
import { sessionCookie } from "../src/http/cookie.ts";
import { describeDevice, deviceOf } from "../src/http/device.ts";
import {
  createDirectFunction,
  createTwoWayFunction,
  refusal,
  type DirectRefusal,
} from "../src/http/direct.ts";
import { createHttpFunction, type Call, type CallDependencies, type HttpCall } from "../src/http/endpoint.ts";
import type { FunctionSettings } from "../src/http/function-settings.ts";
import { problem, unauthorized, type Problem } from "../src/http/problem.ts";
import { created, withCookie, type Reply } from "../src/http/reply.ts";
import { crossOriginProblem } from "../src/http/same-origin.ts";
import { sessionPolicyOf, type PolicyModule } from "../src/http/session-policy.ts";
import type { CallRecord } from "../src/http/telemetry.ts";
import { showDisplaced, showSession, showUser } from "../src/http/views.ts";
import type { Identity } from "../src/identity/identity.ts";
import type { PasswordSource } from "../src/identity/passwords.ts";
import { trustedIdentity } from "../src/identity/trusted.ts";
import type { LoginOutcome, LoginRequest, SessionStore } from "../src/sessions/store.ts";
import { LOGIN_BODY, TRUSTED_LOGIN, type TrustedLogin } from "./login-request.ts";

export interface LoginDependencies extends CallDependencies {
  readonly store: Pick<SessionStore, "login">;
  /** `undefined` where the identity source `passwords` is off: then users come by direct invocation only. */
  readonly passwords: PasswordSource | undefined;
  readonly settings: Pick<FunctionSettings, "policy" | "allowedOrigins" | "publicOrigin">;
  readonly policyModule: PolicyModule;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** `POST /login`, and the login of a trusted backend by direct invocation (design section 6). */
export function createLoginHandler(
  dependencies: LoginDependencies,
): (event: unknown, context: Context) => Promise<unknown> {
  return createTwoWayFunction(
    createHttpFunction(dependencies, (call) => logInOverHttp(call, dependencies)),
    createDirectFunction(dependencies, "login", TRUSTED_LOGIN, (call) => logInDirectly(call, dependencies)),
  );
}

async function logInOverHttp(
  { input: request, record }: HttpCall,
  dependencies: LoginDependencies,
): Promise<Reply> {
  const { passwords, settings, clock } = dependencies;
  if (passwords === undefined) return problem("not_found", { detail: "There are no password logins here." });
  const foreign = crossOriginProblem(request, settings);
  if (foreign !== undefined) return foreign;
  const reading = readBody(request, LOGIN_BODY);
  if (reading.outcome === "refused") return reading.problem;
  const { deliver, ...credentials } = reading.body;

  const authentication = await passwords.authenticate(credentials);
  if (authentication.outcome === "refused") return invalidCredentials(record);
  const presented = presentedToken(request);
  const outcome = await logIn(authentication, record, dependencies, {
    device: deviceOf(request),
    ...(presented.outcome === "token" && { presented: presented.token }),
  });
  switch (outcome.outcome) {
    case "logged-in": {
      const { token, session } = outcome;
      if (deliver === "token") return created({ ...loginView(outcome), token: token.reveal() });
      return withCookie(created(loginView(outcome)), sessionCookie(token, session.expiresAt, clock()));
    }
    case "session-limit":
      return problem("session_limit", { detail: AT_THE_LIMIT, sessions: outcome.sessions.map(showSession) });
    case "check-failed":
      return invalidCredentials(record);
  }
}

async function logInDirectly(
  { input, record }: Call<TrustedLogin>,
  dependencies: LoginDependencies,
): Promise<ReturnType<typeof loginView> | DirectRefusal> {
  const device = describeDevice(input.device ?? {});
  const outcome = await logIn(trustedIdentity(input.user), record, dependencies, { device });
  switch (outcome.outcome) {
    case "logged-in":
      return { ...loginView(outcome), token: outcome.token.reveal() };
    case "session-limit":
      return refusal("session_limit", AT_THE_LIMIT, { sessions: outcome.sessions.map(showSession) });
    case "check-failed":
      return refusal("invalid_credentials", REFUSED);
  }
}

async function logIn(
  { user, claims, identitySource, checks }: Identity,
  record: CallRecord,
  { store, settings, policyModule }: LoginDependencies,
  client: Pick<LoginRequest, "device" | "presented">,
): Promise<LoginOutcome> {
  record.note({ userId: user.id });
  const policy = await sessionPolicyOf({ ...user, claims }, settings.policy, policyModule);
  const outcome = await store.login({ user, identitySource, policy, checks, ...client });
  record.note({ outcome: outcome.outcome });
  if (outcome.outcome === "session-limit") record.count("Denied");
  if (outcome.outcome === "logged-in") {
    record.note({ sessionId: outcome.session.id });
    record.count("Logins");
    record.count("Displaced", outcome.displaced.length);
  }
  return outcome;
}

const AT_THE_LIMIT = "The user has as many sessions as the session policy allows.";
/** One text for every reason (ASVS 6.3.8). */
const REFUSED = "The user name or the password is not right.";

function invalidCredentials(record: CallRecord): Problem {
  record.count("FailedLogins");
  return unauthorized("invalid_credentials", { detail: REFUSED }, { tokenPresented: false });
}

function loginView({ session, displaced }: Extract<LoginOutcome, { outcome: "logged-in" }>) {
  return {
    user: showUser(session.user),
    session: showSession(session),
    displaced: displaced.map(showDisplaced),
  } as const;
}
