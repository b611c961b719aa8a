import { randomBytes } from "node:crypto";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import type { Context } from "aws-lambda";
import { createAdminLogoutHandler } from "../../functions/admin-logout-handler.ts";
import { createAuthorizeHandler } from "../../functions/authorize-handler.ts";
import { createEndSessionHandler } from "../../functions/end-session-handler.ts";
import { createListSessionsHandler } from "../../functions/list-sessions-handler.ts";
import { createLoginHandler } from "../../functions/login-handler.ts";
import { createLoginOidcHandler } from "../../functions/login-oidc-handler.ts";
import { createLogoutHandler } from "../../functions/logout-handler.ts";
import { createValidateHandler } from "../../functions/validate-handler.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import { createUserDirectory, type UserDirectory } from "../../src/identity/directory.ts";
import { createLoginThrottle } from "../../src/identity/login-throttle.ts";
import { createOidcFlow } from "../../src/identity/oidc-flow.ts";
import { createOidcSources } from "../../src/identity/oidc-sources.ts";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { createPasswordSource } from "../../src/identity/passwords.ts";
import { createThrottledPasswordSource } from "../../src/identity/throttled-passwords.ts";
import { createSessionStore } from "../../src/sessions/create-session-store.ts";
import type { PolicyUser } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { CLIENT_ID, makeCertificate, TestProvider } from "../../test/support/oidc-provider.ts";
import { captureLog, type CapturedLog } from "./captured-log.ts";
import { cheapHasher } from "../../test/support/cheap-hash.ts";
import { createTables, type Tables } from "./tables.ts";

export type HandlerName =
  | "login"
  | "login-oidc"
  | "logout"
  | "validate"
  | "authorize"
  | "list-sessions"
  | "end-session"
  | "admin-logout";

/** A handler as Lambda calls it, whatever the event is. */
export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Every handler over real tables, with the identity sources `passwords` and `corp`, an OpenID Connect provider on loopback. */
export interface Service {
  readonly handlers: Readonly<Record<HandlerName, Handler>>;
  readonly tables: Tables;
  readonly directory: UserDirectory;
  readonly provider: TestProvider;
  readonly log: CapturedLog;
  /** A store whose clock is behind by some milliseconds: for sessions of the past. */
  readonly storeOf: (behindMs?: number) => SessionStore;
  stop(): Promise<void>;
}

export const HOST = "api.example.com";
export const SOURCE = "corp";
export const MINUTE = 60_000;
/** Users of this name, of whichever source, are asked at their only session. */
export const ASKED = /(^|:)dora$/;
/** Users of this name may have three sessions. */
export const SEVERAL = /(^|:)alice$/;

const policyModule = {
  policyOf: ({ id }: PolicyUser) => {
    if (ASKED.test(id)) return { limit: 1, atLimit: "ask" };
    return SEVERAL.test(id) ? { limit: 3, atLimit: "displace" } : true;
  },
};

/** Waiting for a provider that was asked in vain is not what is tried here. */
const NO_PENALTY = {
  wait: () => Promise.resolve(),
  release: () => undefined,
  registerFailedAttempt: () => undefined,
  registerSuccessfulAttempt: () => undefined,
};

/** @param endpoint of the database. */
export async function startService(endpoint: string): Promise<Service> {
  const certificate = await makeCertificate();
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, certificate.cert]);
  // First, for the provider writes to the console too when it starts.
  const log = captureLog(Date.now);
  const provider = await TestProvider.start(certificate);
  provider.redirectUris = [`https://${HOST}/login/oidc/callback`];
  provider.restart();

  const tables = await createTables(endpoint);
  const { documents } = tables;
  const source: OidcSourceSettings = {
    kind: "oidc",
    name: SOURCE,
    issuer: provider.issuer,
    audience: [CLIENT_ID],
    jwksUri: provider.jwksUri,
    mapping: { adminClaim: "chief" },
    flow: {
      clientId: CLIENT_ID,
      scopes: ["openid"],
      endpoints: { authorization: `${provider.issuer}/auth`, token: `${provider.issuer}/token` },
    },
  };
  const settings: FunctionSettings = {
    era: "1",
    timeouts: { idle: 30 * MINUTE, absolute: 12 * 60 * MINUTE },
    logoutAllSessions: true,
    reauthWithin: 15 * MINUTE,
    policy: { policyExport: "policyOf" },
    allowedOrigins: ["https://app.example.com"],
    oidcSources: [source],
  };
  const storeOf = (behindMs = 0): SessionStore =>
    createSessionStore({
      documents,
      tableName: tables.sessions,
      settings,
      clock: () => Date.now() - behindMs,
      onTouchFailure: (error) => log.telemetry.touchFailed(error),
    });
  const clock = Date.now;
  const directory = createUserDirectory({ documents, tableName: tables.users, clock });
  const oidc = createOidcSources({
    sources: settings.oidcSources ?? [],
    documents,
    signInTable: tables.signIn,
    clock,
    newJwksCache: () => new SimpleJwksCache({ penaltyBox: NO_PENALTY }),
  });
  const passwords = createThrottledPasswordSource(
    createPasswordSource(directory, cheapHasher()),
    createLoginThrottle({ documents, tableName: tables.signIn, clock }),
  );
  const common = { store: storeOf(), settings, telemetry: log.telemetry, clock, directory };
  const login = { ...common, oidc, policyModule, random: randomBytes };
  const handlers = {
    login: createLoginHandler({ ...login, passwords }),
    "login-oidc": createLoginOidcHandler({ ...login, flow: createOidcFlow(randomBytes) }),
    logout: createLogoutHandler(common),
    validate: createValidateHandler(common),
    authorize: createAuthorizeHandler(common),
    "list-sessions": createListSessionsHandler(common),
    "end-session": createEndSessionHandler(common),
    "admin-logout": createAdminLogoutHandler(common),
  };
  return {
    handlers: handlers as Readonly<Record<HandlerName, Handler>>,
    tables,
    directory,
    provider,
    log,
    storeOf,
    async stop() {
      log.stop();
      setDefaultCACertificates(trusted);
      await provider.stop();
      documents.destroy();
    },
  };
}
