import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { wireJobStore } from "../../functions/job-store.ts";
import {
  wireDirectory,
  wireFunctions,
  wireLoginOidc,
  wireStore,
  type Functions,
  type Handler,
} from "../../functions/wiring.ts";
import type { FunctionSettings } from "../../src/runtime/function-settings.ts";
import type { UserDirectory } from "../../src/identity/directory.ts";
import type { OidcSourceSettings } from "../../src/identity/oidc-settings.ts";
import { fillJob } from "../../src/jobs/fill-job.ts";
import type { JobStore } from "../../src/jobs/store.ts";
import type { PolicyUser } from "../../src/sessions/policy.ts";
import type { SessionStore } from "../../src/sessions/store.ts";
import { CLIENT_ID, makeCertificate, TestProvider } from "../../test/support/oidc-provider.ts";
import { captureLog, type CapturedLog } from "./captured-log.ts";
import { cheapHasher } from "../../test/support/cheap-hash.ts";
import { createCountedTables, type CountedTables } from "./tables.ts";

export type HandlerName = keyof Functions | "login-oidc";

/**
 * Every handler over real tables, with the identity sources `passwords` and `corp`, an OpenID Connect
 * provider on loopback.
 */
export interface Service {
  readonly handlers: Readonly<Record<HandlerName, Handler>>;
  readonly tables: CountedTables;
  readonly directory: UserDirectory;
  readonly provider: TestProvider;
  /** Of a job that is under way, as far as its item says; no run of any job is started. */
  readonly jobId: string;
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

  const tables = await createCountedTables(endpoint);
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
  const parts = {
    documents,
    tables,
    settings,
    telemetry: log.telemetry,
    hasher: cheapHasher(),
    policyModule,
    newJwksCache: () => new SimpleJwksCache({ penaltyBox: NO_PENALTY }),
    startRun: () => Promise.resolve(),
  };
  const storeOf = (behindMs = 0): SessionStore => wireStore({ ...parts, clock: () => Date.now() - behindMs });
  return {
    handlers: { ...wireFunctions(parts), "login-oidc": wireLoginOidc(parts) as Handler },
    tables,
    directory: wireDirectory(parts)!,
    provider,
    jobId: await beginJob(wireJobStore(parts)),
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

async function beginJob(jobs: JobStore): Promise<string> {
  const job = await jobs.create({ actor: "admin", includeAdmins: false, dryRun: false, rate: 500 });
  const size = await fillJob(jobs, job, ["alice"], new AbortController().signal, () => undefined);
  await jobs.start(job.id, size);
  return job.id;
}
