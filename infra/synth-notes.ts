import { Annotations, RemovalPolicy } from "aws-cdk-lib";
import { HttpApi, type IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import type { Construct, IConstruct } from "constructs";
import { hasOriginSecret } from "./console/origin-secret.ts";
import { hasRoutes } from "./routes.ts";
import { SettingError } from "./settings/setting-error.ts";

/**
 * A mistake that would close the API to everybody. The CDN may be made after the sessions, so that it shows
 * at the synth.
 */
export function needsCdn(sessions: Construct): void {
  const subject = `onlyThroughCdn (prop) of ${sessions.node.path} is true, and no CDN has the origin secret`;
  const accepted = "with a SingleSessionConsole, or a CDN of your own that sends originSecret()";
  const { message } = new SettingError(subject, accepted);
  sessions.node.addValidation({ validate: () => (hasOriginSecret(sessions) ? [] : [message]) });
}

/**
 * A console before an API that nobody gave the sessions' routes would be a page of errors. They may be added
 * after it, and to an API of another app by that one.
 */
export function needsRoutes(console: Construct, sessions: Construct, httpApi: HttpApi | IHttpApi): void {
  if (!(httpApi instanceof HttpApi)) return;
  const subject = `httpApi (prop) is ${httpApi.node.path}, which has no routes of ${sessions.node.path}`;
  const { message } = new SettingError(subject, "an API that addRoutes was called with");
  // CDK's own types disagree under `exactOptionalPropertyTypes`.
  const api = httpApi as IHttpApi;
  console.node.addValidation({ validate: () => (hasRoutes(sessions, api) ? [] : [message]) });
}

/** Acknowledge it by this id, where the guard is given `accessTokens`, or callers send no such tokens. */
const GUARD_NOTE = "serverless-single-session:guardAccessTokens";

/** What verifies tokens is no part of a guard unless it is asked for, which no synth can see. */
export function noteGuardWithAccessTokens(lambda: IConstruct): void {
  Annotations.of(lambda).addInfoV2(
    GUARD_NOTE,
    "An identity source has accessTokens. The guard of this function takes a provider's access token " +
      "only by createGuard({ accessTokens: accessTokens() }); without it such a token is 401 there. See " +
      "docs/guides/guard.md.",
  );
}

/** Acknowledge it by this id, or say `keepUsersTable: false`, where there never were passwords. */
const USERS_TABLE_NOTE = "serverless-single-session:usersTable";

/**
 * Nobody can tell at a synth whether the last deployment had the password directory. Where it had, its table
 * leaves the template with this deployment.
 */
export function noteUsersTable(sessions: Construct, removalPolicy: RemovalPolicy): void {
  const isDeleted = removalPolicy === RemovalPolicy.DESTROY;
  const outcome = isDeleted
    ? "is deleted with all users and password hashes"
    : "stays in the account, but no stack has it any more, and turning passwords on again makes a new, " +
      "empty one";
  const text =
    "The identity source passwords is off. If it was on, the users table leaves the stack with this " +
    `deployment: it ${outcome}. keepUsersTable: true keeps it; keepUsersTable: false says that there ` +
    "was none. See docs/operate/deploy.md.";
  const annotations = Annotations.of(sessions);
  if (isDeleted) annotations.addWarningV2(USERS_TABLE_NOTE, text);
  else annotations.addInfoV2(USERS_TABLE_NOTE, text);
}

/** Acknowledge it by this id, or say `events` yourself. */
const EVENTS_NOTE = "serverless-single-session:eventsInVpc";

/** The outbox waits in vain in a VPC that leads to DynamoDB only, and pages that wait for push ask seldom. */
export function noteEventsInVpc(sessions: Construct): void {
  Annotations.of(sessions).addWarningV2(
    EVENTS_NOTE,
    "Events and push are on by default, and the outbox runs in the VPC: it needs a way to EventBridge " +
      "and SQS (interface endpoints), and for push to the internet. Say events: true where it has one, { " +
      "push: false } or false where not. See docs/guides/push.md.",
  );
}

/** Acknowledge it by this id, or say `jobs` yourself. */
const JOBS_NOTE = "serverless-single-session:jobsInVpc";

export function noteJobsInVpc(sessions: Construct): void {
  Annotations.of(sessions).addWarningV2(
    JOBS_NOTE,
    "Jobs are on by default, and their functions run in the VPC: they need a way to Lambda's own API (an " +
      "interface endpoint). Say jobs: true where there is one, false where not. See docs/operate/lists.md.",
  );
}
