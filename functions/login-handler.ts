import type { Context } from "aws-lambda";
import { loginBodySchema, type CredentialsBody, type LoginResponse } from "../src/api/login.ts";
import { readBody } from "../src/http/body.ts";
import { presentedCredential } from "../src/http/caller.ts";
import { sessionCookie } from "../src/http/cookie.ts";
import { deviceIdOf, presentedDevice } from "../src/http/device-cookie.ts";
import { describeDevice, deviceOf } from "../src/http/device.ts";
import { placeOf } from "../src/http/place.ts";
import {
  createDirectFunction,
  createTwoWayFunction,
  refusal,
  type DirectRefusal,
} from "./direct-invocation.ts";
import { createHttpFunction, type Call, type CallDependencies, type HttpCall } from "../src/http/endpoint.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import { providerUnavailable } from "../src/http/oidc-problems.ts";
import { problem, unauthorized, type Problem } from "../src/http/problem.ts";
import { created, withCookie, type Reply } from "../src/http/reply.ts";
import type { HttpRequest } from "../src/http/request.ts";
import { crossOriginProblem } from "../src/http/same-origin.ts";
import { AT_THE_LIMIT, atTheLimitView, sessionLimitProblem } from "../src/http/session-limit.ts";
import { needingSignIn } from "../src/http/sign-in-problems.ts";
import type { PolicyModule } from "../src/runtime/session-policy.ts";
import type { CallRecord } from "../src/runtime/telemetry.ts";
import type { IdTokenOutcome, OidcSources } from "../src/identity/oidc-sources.ts";
import type {
  LoginClient,
  ThrottledPasswordOutcome,
  ThrottledPasswordSource,
} from "../src/identity/throttled-passwords.ts";
import { refusalFields, SIGN_IN_REFUSALS } from "../src/identity/token-refusal.ts";
import { trustedIdentity } from "../src/identity/trusted.ts";
import { TOKEN_UNUSED } from "../src/identity/used-tokens.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import { logInByAccessToken, type BoundLogin } from "./log-in-by-access-token.ts";
import { keepRefusal, type RefusalDependencies } from "./keep-refusal.ts";
import { logInIdentity, loginView } from "./login-step.ts";
import { TRUSTED_LOGIN, type TrustedLogin } from "./login-invocation.ts";

export interface LoginDependencies extends CallDependencies, RefusalDependencies {
  readonly store: Pick<SessionStore, "login">;
  /** `undefined` where the identity source `passwords` is off. */
  readonly passwords: ThrottledPasswordSource | undefined;
  /** `undefined` where there is no OIDC source. */
  readonly oidc: Pick<OidcSources, "authenticate"> | undefined;
  /** `undefined` where no source has `accessTokens`. */
  readonly bound?: BoundLogin | undefined;
  readonly settings: Pick<FunctionSettings, "policy" | "allowedOrigins" | "publicOrigin">;
  readonly policyModule: PolicyModule;
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
  const { passwords, oidc, bound, settings } = dependencies;
  const ways = {
    passwords: passwords !== undefined,
    idTokens: oidc !== undefined,
    accessTokens: bound !== undefined,
  };
  if (!ways.passwords && !ways.idTokens)
    return problem("not_found", { detail: "No sign-in is set up here." });
  const foreign = crossOriginProblem(request, settings);
  if (foreign !== undefined) return foreign;
  const reading = readBody(request, (body) => loginBodySchema(ways, body));
  if (reading.outcome === "refused") return reading.problem;
  const { body } = reading;
  if (!("accessToken" in body)) return logInWithCredentials({ request, record }, body, dependencies);
  if (bound === undefined) throw new Error("the body is of a way that is off");
  const presented = await presentedCredential(request, bound);
  return logInByAccessToken({ request, record, presented }, body, { ...dependencies, bound });
}

async function logInWithCredentials(
  { request, record }: { readonly request: HttpRequest; readonly record: CallRecord },
  { deliver, device, takeover, end, ...credentials }: CredentialsBody,
  dependencies: LoginDependencies,
): Promise<Reply> {
  const { clock, random, bound } = dependencies;
  // Who wants a token keeps no cookies: such a client is a known device only where it sends the cookie all
  // the same.
  const deviceCookie = deliver === "token" ? undefined : presentedDevice(request, random);
  const sentDevice = deviceIdOf(request);
  const deviceId = deviceCookie?.id ?? sentDevice;
  const authentication = await authenticate(credentials, dependencies, {
    address: request.sourceAddress,
    device: sentDevice,
    rememberAs: deviceCookie?.id,
  });
  if (authentication.outcome === "throttled")
    return tooManyAttempts(authentication.retryAfterSeconds, record);
  if (authentication.outcome === "unavailable") return providerUnavailable(authentication.cause, record);
  const detail = "idToken" in credentials ? REFUSED_TOKEN : REFUSED;
  if (authentication.outcome === "refused") {
    if ("reason" in authentication) record.note(refusalFields(authentication.reason));
    // Not the name that was typed: people type passwords there.
    if ("throttles" in authentication) await keepRefusal({ kind: "throttled" }, dependencies, record);
    return invalidCredentials(detail, record);
  }
  const presented = await presentedCredential(request, bound);
  const outcome = await logInIdentity(authentication, record, dependencies, {
    device: { ...deviceOf(request, device), ...(deviceId !== undefined && { id: deviceId }) },
    place: placeOf(request),
    ...(presented !== undefined && { presented }),
    takeover,
    end,
  });
  switch (outcome.outcome) {
    case "logged-in": {
      const { token, session } = outcome;
      if (deviceCookie === undefined) return created({ ...loginView(outcome), token: token.reveal() });
      const reply = withCookie(created(loginView(outcome)), sessionCookie(token, session.expiresAt, clock()));
      return withCookie(reply, deviceCookie.cookie);
    }
    case "session-limit":
      return sessionLimitProblem(outcome);
    case "check-failed":
      if (outcome.check === TOKEN_UNUSED) record.note(refusalFields("used-before"));
      return invalidCredentials(detail, record);
    case "sign-in-spent":
    case "too-old":
    case "expired":
      record.note(refusalFields(SIGN_IN_REFUSALS[outcome.outcome]));
      return needingSignIn(invalidCredentials(detail, record));
  }
}

async function authenticate(
  credentials: CredentialsBody,
  { passwords, oidc }: Pick<LoginDependencies, "passwords" | "oidc">,
  client: LoginClient,
): Promise<ThrottledPasswordOutcome | IdTokenOutcome> {
  const outcome =
    "idToken" in credentials ? oidc?.authenticate(credentials) : passwords?.authenticate(credentials, client);
  if (outcome === undefined) throw new Error("the body is of a way to sign in that is switched off");
  return outcome;
}

async function logInDirectly(
  { input, record }: Call<TrustedLogin>,
  dependencies: LoginDependencies,
): Promise<LoginResponse | DirectRefusal> {
  const { device = {}, takeover, end } = input;
  const { userAgent, address: sourceAddress } = device;
  const outcome = await logInIdentity(trustedIdentity(input.user), record, dependencies, {
    device: describeDevice(device),
    place: placeOf({ userAgent, sourceAddress }),
    takeover,
    end,
  });
  switch (outcome.outcome) {
    case "logged-in":
      return { ...loginView(outcome), token: outcome.token.reveal() };
    case "session-limit":
      return refusal("session_limit", AT_THE_LIMIT, { ...atTheLimitView(outcome) });
    case "check-failed":
    case "sign-in-spent":
    case "too-old":
    case "expired":
      return refusal("invalid_credentials", REFUSED);
  }
}

/** One text for every reason (ASVS 6.3.8). */
const REFUSED = "The user name or the password is wrong.";
const REFUSED_TOKEN = "The id token is not accepted, or not any more.";

/**
 * It does not say whether the user name, the address or the device ran out of attempts: that would tell who
 * is guessed at.
 */
function tooManyAttempts(seconds: number, record: CallRecord): Problem {
  record.count("Throttled");
  const detail = `Too many failed attempts. Try again in ${seconds} seconds.`;
  return problem("too_many_attempts", { detail }, { "Retry-After": String(seconds) });
}

function invalidCredentials(detail: string, record: CallRecord): Problem {
  record.count("FailedLogins");
  return unauthorized("invalid_credentials", { detail }, { tokenPresented: false });
}
