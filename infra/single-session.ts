import type { IResource, IRestApi, RestApi } from "aws-cdk-lib/aws-apigateway";
import type { HttpApi, IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Lazy, Stack } from "aws-cdk-lib";
import type { EventApi } from "aws-cdk-lib/aws-appsync";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Construct } from "constructs";
import { needsOwnCors } from "./settings/allowed-origins.ts";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { hasAccessTokens } from "../src/identity/oidc-settings.ts";
import { toGuardSettings, type MetricName } from "../src/runtime/function-settings.ts";
import { allowLogs } from "./baseline.ts";
import type { AuthorizerCache } from "./authorizer.ts";
import { createFunction, type Functions } from "./functions.ts";
import { ACTIVITY, LOGIN_OIDC, OUTBOX, PUSH_AUTHORIZE, RECOUNT, RUN_JOB, JOBS } from "./function-ids.ts";
import type { ProtectedFunction } from "./guard.ts";
import { ImportedSingleSession, type SingleSessionAttributes } from "./imported-single-session.ts";
import { accountWideName, addOperatorsOutput, addressOf } from "./operators-output.ts";
import { createJobs } from "./jobs/jobs.ts";
import { createOutbox, withPush } from "./outbox/outbox.ts";
import { createRecount } from "./outbox/recount.ts";
import { warnAboutIdentity } from "./settings/identity-warnings.ts";
import { readProps } from "./read-props.ts";
import { addPreflightRoutes } from "./routes.ts";
import { createRevocationFailures, deliverFailures } from "./revocation-failures.ts";
import { createOriginSecret } from "./console/origin-secret.ts";
import { needsCdn, noteEventsInVpc, noteGuardWithAccessTokens, noteJobsInVpc } from "./synth-notes.ts";
import { SettingError } from "./settings/setting-error.ts";
import { signInWays, type SignInWays } from "./sign-in-ways.ts";
import { SingleSessionBase } from "./single-session-base.ts";
import type { ISingleSession } from "./single-session-interface.ts";
import type { MonitorProps } from "./monitor/monitor-props.ts";
import type { SessionMonitor } from "./monitor/monitor.ts";
import { Monitoring } from "./monitor/monitoring.ts";
import { sessionMetric } from "./monitor/session-metric.ts";
import type { SingleSessionProps } from "./single-session-props.ts";
import { createTables } from "./tables.ts";

/**
 * A limited number of sessions per user, by default one: the table, the functions, and what puts them on an
 * HTTP API or a REST API.
 *
 * @throws SettingError while it is made, for a setting that cannot be right (design section 5).
 */
export class SingleSession extends SingleSessionBase {
  /**
   * Sessions that another app or stack made, by the ARNs of their parts, for an API of this one: its
   * authorizers, and its routes. Within one app a `SingleSession` itself may be handed from stack to stack.
   * @throws SettingError for an attribute that is no ARN, and later for one that is needed and was not given.
   */
  static fromAttributes(scope: Construct, id: string, attributes: SingleSessionAttributes): ISingleSession {
    return new ImportedSingleSession(scope, id, attributes);
  }

  /** Sessions, rosters and endings. Its stream tells of every change. */
  readonly sessionsTable: Table;
  /** The password directory, where that identity source is on. */
  readonly usersTable?: Table;
  /** Used id tokens, failed attempts and devices, where the password directory or an OIDC source is on. */
  readonly signInTable?: Table;
  /** What happened, its counters by the hour, and who may share an account, where activity is on. */
  readonly activityTable?: Table;
  /** `POST /login`; also invoked directly by a backend that has authenticated a user itself. */
  readonly loginFunction: LambdaFunction;
  /** `GET /login/oidc` and `GET /login/oidc/callback`, where an OIDC source has the code flow on. */
  readonly loginOidcFunction?: LambdaFunction;
  /** `POST /logout`. */
  readonly logoutFunction: LambdaFunction;
  /** `GET /session`. */
  readonly validateFunction: LambdaFunction;
  /** What the authorizers ask. */
  readonly authorizeFunction: LambdaFunction;
  /** `POST /admin/logout`; also invoked directly, and fit as the target of an EventBridge rule. */
  readonly adminLogoutFunction: LambdaFunction;
  /**
   * Events of asynchronous callers (EventBridge, Scheduler, `InvocationType: Event`) that {@link
   * adminLogoutFunction} refused or could not carry out to the end, after two more tries: somebody's sessions
   * may be live that should not be. {@link monitor} puts an alarm on it;
   * `docs/operate/revoke-from-events.md` says what to do with a message.
   */
  readonly revocationFailures: Queue;
  /** `GET /sessions`, `GET /admin/sessions`, `GET /admin/endings`. */
  readonly listSessionsFunction: LambdaFunction;
  /** `DELETE /sessions`, `DELETE /sessions/{id}`, `DELETE /admin/sessions/{id}`. */
  readonly endSessionFunction: LambdaFunction;
  /**
   * `GET /admin/overview`, `GET /admin/suspects`, `GET /admin/activity` and `GET /sessions/activity`, where
   * activity is on.
   */
  readonly activityFunction?: LambdaFunction;
  /** What tells of the changes of the sessions table, where events are on. No route leads to it. */
  readonly outboxFunction?: LambdaFunction;
  /**
   * Finished events that the bus did not take, where events are on. {@link monitor} puts an alarm on it;
   * `sessions redrive-events` tells them again.
   */
  readonly untoldEvents?: Queue;
  /** Lists of users to log out, and how far each is, where jobs are on. */
  readonly jobsTable?: Table;
  /** The durable function that logs out a list, where jobs are on. No route leads to it. */
  readonly runJobFunction?: LambdaFunction;
  /** `POST /admin/jobs`, and the other calls about jobs, where they are on. */
  readonly jobsFunction?: LambdaFunction;
  /** What pages connect to, where push is on: `eventApi.realtimeDns` is for a content policy of your own. */
  readonly eventApi?: EventApi;
  /** The origins of front ends elsewhere, as set: what an API's own CORS must allow, with credentials. */
  readonly allowedOrigins: readonly string[];
  /** The era of the sessions, as set: operators' commands read it from the stack's outputs. */
  readonly era: string;
  readonly guardSettings: string;
  /** The ways in which people sign in through the API. */
  readonly signIn: SignInWays;

  protected override readonly authorizerCache: AuthorizerCache | undefined;
  readonly #functions: Functions;
  readonly #encryptionKey: IKey | undefined;
  readonly #monitoring: Monitoring;
  #apiUrl: string | undefined;
  protected override readonly takesAccessTokens: boolean;

  constructor(scope: Construct, id: string, props: SingleSessionProps = {}) {
    super(scope, id);
    const { settings, called, baseline, ...kept } = SettingError.in(this, () => readProps(props));
    const { removalPolicy, deletionProtection, logRetention } = kept;
    const { identity } = settings;
    warnAboutIdentity(this, identity.oidc);
    if (baseline.vpc && props.events === undefined) noteEventsInVpc(this);
    if (baseline.vpc && props.jobs === undefined) noteJobsInVpc(this);
    const { encryptionKey, namePrefix } = baseline;
    if (encryptionKey) allowLogs(this, encryptionKey);
    const { usersTable, ...tables } = createTables(this, settings, {
      removalPolicy,
      deletionProtection,
      ...(encryptionKey && { encryptionKey }),
      ...(namePrefix !== undefined && { namePrefix }),
    });
    const { sessions, users, signIn, activity, jobs } = tables;
    const revocationFailures = createRevocationFailures(this, encryptionKey);
    const { context, push } = withPush(this, {
      tables: { ...tables, revocationFailures },
      settings,
      baseline,
      logRetention,
      removalPolicy,
    });
    const jobFunctions = createJobs(this, context);
    this.#functions = Object.fromEntries(
      called.map((name) => [
        name,
        (name === JOBS ? jobFunctions?.calls : undefined) ?? createFunction(this, name, context),
      ]),
    ) as unknown as Functions;
    const outbox = createOutbox(this, context, push);
    const recount = createRecount(this, context);
    if (outbox) this.outboxFunction = outbox.lambda;
    if (outbox) this.untoldEvents = outbox.untold;
    if (push) this.eventApi = push.api;
    if (jobs) this.jobsTable = jobs;
    if (jobFunctions) this.runJobFunction = jobFunctions.runJob;
    if (jobFunctions) this.jobsFunction = jobFunctions.calls;
    this.authorizerCache = props.authorizerCache;
    this.#encryptionKey = encryptionKey;
    this.takesAccessTokens = identity.oidc.some(hasAccessTokens);
    this.sessionsTable = sessions;
    if (usersTable) this.usersTable = usersTable;
    if (signIn) this.signInTable = signIn;
    if (activity) this.activityTable = activity;
    this.loginFunction = this.#functions["login"];
    const { [LOGIN_OIDC]: loginOidc, [ACTIVITY]: readsActivity } = this.#functions;
    if (loginOidc) this.loginOidcFunction = loginOidc;
    if (readsActivity) this.activityFunction = readsActivity;
    this.logoutFunction = this.#functions["logout"];
    this.validateFunction = this.#functions["validate"];
    this.authorizeFunction = this.#functions["authorize"];
    this.adminLogoutFunction = this.#functions["admin-logout"];
    deliverFailures(this.adminLogoutFunction, revocationFailures);
    this.revocationFailures = revocationFailures;
    this.listSessionsFunction = this.#functions["list-sessions"];
    this.endSessionFunction = this.#functions["end-session"];
    this.allowedOrigins = settings.allowedOrigins;
    this.era = settings.functions.era;
    this.guardSettings = Stack.of(this).toJsonString(toGuardSettings(settings.functions, signIn?.tableName));
    this.signIn = signInWays(settings);
    const { policy, onlyThroughCdn } = settings.functions;
    this.#monitoring = new Monitoring({
      functions: {
        ...this.#functions,
        ...(outbox && { [OUTBOX]: outbox.lambda }),
        ...(recount && { [RECOUNT]: recount }),
        ...(push && { [PUSH_AUTHORIZE]: push.authorizer }),
        ...(jobFunctions && { [RUN_JOB]: jobFunctions.runJob }),
      },
      prefix: namePrefix ?? accountWideName(this),
      hasPolicyFunction: "policyExport" in policy,
    });
    if (onlyThroughCdn === true) needsCdn(this);
    addOperatorsOutput(this, {
      era: this.era,
      sessionsTable: sessions.tableName,
      ...(users && { usersTable: users.tableName }),
      ...(signIn && { signInTable: signIn.tableName }),
      ...(activity && { activityTable: activity.tableName }),
      loginFunction: this.loginFunction.functionName,
      authorizeFunction: this.authorizeFunction.functionName,
      adminLogoutFunction: this.adminLogoutFunction.functionName,
      endSessionFunction: this.endSessionFunction.functionName,
      ...(jobs && { jobsTable: jobs.tableName }),
      ...(jobFunctions && { runJobFunction: jobFunctions.runJob.functionName }),
      ...(outbox && { untoldEvents: outbox.untold.queueUrl, eventBus: outbox.bus }),
      apiUrl: Lazy.string({ produce: () => this.#apiUrl }),
      policy: "policyExport" in policy ? "function" : policy,
    });
  }

  override protect(lambda: ProtectedFunction): void {
    super.protect(lambda);
    if (this.takesAccessTokens) noteGuardWithAccessTokens(lambda);
  }

  override addRoutes(httpApi: HttpApi | IHttpApi): void {
    super.addRoutes(httpApi);
    if (needsOwnCors(this.allowedOrigins))
      addPreflightRoutes(this, httpApi, this.paths, this.validateFunction);
    this.#monitoring.addApi(httpApi);
    this.#apiUrl ??= addressOf(this, httpApi);
  }

  override addRestRoutes(restApi: RestApi | IRestApi, under?: IResource): void {
    super.addRestRoutes(restApi, under);
    this.#monitoring.addApi(restApi);
    this.#apiUrl ??= addressOf(this, restApi, under);
  }

  /**
   * Makes a dashboard and alarms for these sessions, and saves the queries of the runbook
   * (`docs/operate/monitor.md`). The APIs that have the routes are watched too, whether they got them before
   * or get them later. Sessions of `fromAttributes` have no such method: call it where they are made.
   * @throws SettingError for an option that cannot be right, and for a second call.
   */
  monitor(props: MonitorProps = {}): SessionMonitor {
    return this.#monitoring.monitor(this, props);
  }

  /**
   * A metric of these sessions, for alarms and dashboards: `sessions.metric("Unavailable")`. The dimension
   * `deployment` tells it from other sessions of the account.
   * @throws SettingError for a name that no metric has: its alarm would never go off.
   * @default the sum
   */
  metric(metricName: MetricName, options: MetricOptions = {}): Metric {
    return sessionMetric(this, metricName, options);
  }

  /**
   * The secret by which a CDN before the API proves itself, so that the functions believe what it says of the
   * viewer; made, and given to the functions, when it is first asked for.
   * @param generation 1 to 32 letters and digits. Another one is another secret (`docs/operate/secrets.md`
   * says when).
   * @param accepted generations that the functions take as well, while one is being replaced.
   * @throws SettingError for any other text, and where it was asked for with another generation before.
   */
  originSecret(generation = "1", accepted: readonly string[] = []): Secret {
    return createOriginSecret(this, generation, this.#functions, {
      accepted,
      encryptionKey: this.#encryptionKey,
    });
  }
}
