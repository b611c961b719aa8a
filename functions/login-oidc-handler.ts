import { BEGIN_OIDC_LOGIN, beginOidcLoginQuery } from "../src/api/begin-oidc-login.ts";
import { FINISH_OIDC_LOGIN } from "../src/api/finish-oidc-login.ts";
import { ownPath } from "../src/api/parts/own-path.ts";
import { presentedToken } from "../src/http/caller.ts";
import { sessionCookie } from "../src/http/cookie.ts";
import { presentedDevice } from "../src/http/device-cookie.ts";
import { deviceOf } from "../src/http/device.ts";
import { placeOf } from "../src/http/place.ts";
import {
  createHttpFunction,
  type CallDependencies,
  type HttpCall,
  type HttpFunction,
} from "../src/http/endpoint.ts";
import type { FunctionSettings } from "../src/runtime/function-settings.ts";
import { clearedSignInCookie, signInCookie, signInOf, type SignInUnderWay } from "../src/http/oidc-cookie.ts";
import { oidcFailed, providerUnavailable } from "../src/http/oidc-problems.ts";
import { publicUrl } from "../src/http/public-url.ts";
import { invalidRequest, problem, type Problem } from "../src/http/problem.ts";
import { seeOther, withCookie, type Reply } from "../src/http/reply.ts";
import { crossOriginProblem } from "../src/http/same-origin.ts";
import { sessionLimitProblem } from "../src/http/session-limit.ts";
import { checkQuery } from "../src/http/schema.ts";
import type { PolicyModule } from "../src/runtime/session-policy.ts";
import type { Identity } from "../src/identity/identity.ts";
import { hasFlow, type OidcFlow } from "../src/identity/oidc-flow.ts";
import type { OidcSources } from "../src/identity/oidc-sources.ts";
import { refusalFields, SIGN_IN_REFUSALS, type TokenRefusal } from "../src/identity/token-refusal.ts";
import type { SessionStore } from "../src/sessions/store.ts";
import type { RefusalDependencies } from "./keep-refusal.ts";
import { logInIdentity } from "./login-step.ts";

export interface LoginOidcDependencies extends CallDependencies, RefusalDependencies {
  readonly store: Pick<SessionStore, "login">;
  readonly oidc: OidcSources;
  readonly flow: OidcFlow;
  readonly settings: Pick<FunctionSettings, "policy" | "allowedOrigins" | "publicOrigin" | "onlyThroughCdn">;
  readonly policyModule: PolicyModule;
}

/** `GET /login/oidc` and `GET /login/oidc/callback`: signing in for pages that have nothing yet. */
export function createLoginOidcHandler(dependencies: LoginOidcDependencies): HttpFunction {
  return createHttpFunction(dependencies, async (call) => {
    if (!call.input.path.endsWith(CALLBACK)) return begin(call, dependencies);
    return withCookie(await finish(call, dependencies), clearedSignInCookie());
  });
}

/** What the path of the call that finishes has after the path of the one that begins. */
const CALLBACK = FINISH_OIDC_LOGIN.path.slice(BEGIN_OIDC_LOGIN.path.length);

async function begin(
  { input: request, record }: HttpCall,
  dependencies: LoginOidcDependencies,
): Promise<Reply> {
  const { oidc, flow, settings } = dependencies;
  // Another site's page must not make a browser log in: that would displace a session of the person's (design
  // section 6).
  const foreign = crossOriginProblem(request, settings);
  if (foreign !== undefined) return foreign;
  const sources = oidc.all.filter(hasFlow);
  const checked = checkQuery(beginOidcLoginQuery(sources.map((each) => each.name)), request.query);
  if (checked.outcome === "invalid") {
    return invalidRequest("The query is not as this call accepts it.", checked.errors);
  }
  const { source: name, returnTo, takeover } = checked.value;
  const source = sources.find((each) => each.name === name);
  if (source === undefined) throw new Error("the schema let a source through that does not exist");

  const callback = publicUrl(request, settings, request.path + CALLBACK);
  if (callback === undefined) return hostProblem(request);
  const begun = await flow.begin(source, callback.href);
  if (begun.outcome === "unavailable") return providerUnavailable(begun.cause, record);
  const signIn = { ...begun.secrets, source: source.name, returnTo, takeover: takeover === "true" };
  return withCookie(seeOther(begun.url.href), signInCookie(signIn));
}

function hostProblem({ headers }: HttpCall["input"]): Problem {
  const host = JSON.stringify(headers.get("host")?.slice(0, 80) ?? "missing");
  return problem("invalid_request", {
    detail: `The header host is ${host}; accepted is the API's host name.`,
  });
}

async function finish(
  { input: request, record }: HttpCall,
  dependencies: LoginOidcDependencies,
): Promise<Reply> {
  const { oidc, flow, settings } = dependencies;
  const signIn = signInOf(request);
  const source = oidc.all.filter(hasFlow).find(({ name }) => name === signIn?.source);
  if (signIn === undefined || source === undefined || request.query.get("state") !== signIn.state) {
    return oidcFailed("not_under_way", record);
  }
  const answer = publicUrl(request, settings, request.path);
  if (answer === undefined) return hostProblem(request);
  answer.search = request.query.toString();
  const finished = await flow.finish(source, answer, signIn);
  switch (finished.outcome) {
    case "unavailable":
      return providerUnavailable(finished.cause, record);
    case "refused-by-provider":
      return oidcFailed("refused_by_provider", record, { error: finished.error });
    case "not-proven":
      record.note({ outcome: `oidc-${finished.reason}` });
      return oidcFailed("not_proven", record);
    case "token-refused":
      return tokenRefused(finished.reason, record);
    case "id-token":
      break;
  }
  const credentials = { idToken: finished.idToken, nonce: signIn.nonce };
  const authentication = await oidc.authenticate(credentials, source.name);
  switch (authentication.outcome) {
    case "unavailable":
      return providerUnavailable(authentication.cause, record);
    case "refused":
      return tokenRefused(authentication.reason, record);
    case "authenticated":
      return answerSignIn({ request, record }, authentication, signIn, dependencies);
  }
}

async function answerSignIn(
  { request, record }: { request: HttpCall["input"]; record: HttpCall["record"] },
  identity: Identity,
  { returnTo, takeover }: SignInUnderWay,
  dependencies: LoginOidcDependencies,
): Promise<Reply> {
  const device = presentedDevice(request, dependencies.random);
  const presented = presentedToken(request);
  const outcome = await logInIdentity(identity, record, dependencies, {
    device: { ...deviceOf(request), id: device.id },
    place: placeOf(request),
    takeover,
    ...(presented.outcome === "token" && { presented: presented.token }),
  });
  switch (outcome.outcome) {
    case "logged-in": {
      const { token, session } = outcome;
      // The cookie is the browser's to change, and so is the way back in it.
      const reply = seeOther(ownPath(returnTo) ?? "/");
      const cookie = sessionCookie(token, session.expiresAt, dependencies.clock());
      return withCookie(withCookie(reply, cookie), device.cookie);
    }
    case "session-limit":
      return sessionLimitProblem(outcome);
    case "sign-in-spent":
    case "too-old":
    case "expired":
      return tokenRefused(SIGN_IN_REFUSALS[outcome.outcome], record);
    case "check-failed":
      // The only check of an id token's login is that the token is new.
      return tokenRefused("used-before", record);
  }
}

function tokenRefused(reason: TokenRefusal, record: HttpCall["record"]): Problem {
  record.note(refusalFields(reason));
  return oidcFailed("not_proven", record);
}
