import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { deviceKey, failuresKey, usedTokenKey } from "../src/identity/sign-in-table.ts";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import {
  BY_USER_INDEX,
  ENDINGS_BY_USER_INDEX,
  endingKey,
  PARTITION_KEY,
  REVOCATION_ATTRIBUTES,
  rosterKey,
  sessionKey,
  TOUCHED_ATTRIBUTES,
} from "../src/sessions/table.ts";
import {
  keepActs,
  readActivity,
  recountStatements,
  suspectStatements,
  writeActivity,
} from "./activity-permissions.ts";
import type { FunctionId } from "./function-ids.ts";
import { callJobStatements, jobStatements } from "./jobs/job-permissions.ts";
import { outboxStatements } from "./outbox/outbox-permissions.ts";
import type { OutboxTargets } from "./outbox/targets.ts";
import { signInStatements, type BoundAccess } from "./sign-in-permissions.ts";
import { allow, allowOnIndex } from "./statements.ts";

/** The tables there are, and what else a role may be for. */
export interface Tables {
  readonly sessions: Table;
  /** Only where the password directory is on. */
  readonly users?: Table;
  /** Only where the password directory or an OIDC source is on. */
  readonly signIn?: Table;
  /** Only where activity is on. */
  readonly activity?: Table;
  /** Only where jobs are on. */
  readonly jobs?: Table;
  readonly revocationFailures: Queue;
}

/** What the functions' permissions depend on. */
export interface Access {
  readonly tables: Tables;
  /** Whether people sign in by id tokens: whether there is an OIDC source. */
  readonly idTokens: boolean;
  /** Where callers may send a provider's access tokens. */
  readonly bound?: BoundAccess | undefined;
  /** For the outbox alone. */
  readonly targets?: OutboxTargets | undefined;
  /** For the calls about jobs alone. */
  readonly runJob?: LambdaFunction | undefined;
}

const SESSIONS = sessionKey("*").pk;
const ROSTERS = rosterKey("*").pk;
const ENDINGS = endingKey("*").pk;
const USED_TOKENS = usedTokenKey("*").pk;
const FAILURES = failuresKey("*").pk;
const DEVICES = deviceKey("*").pk;

/**
 * What each function may do, and nothing else: every action written out, on the table itself or on one index,
 * and writes on the kinds of item that the function writes. (The tables' own `grant` methods add all indexes,
 * and read-write grants add far more than the protocol does.) `test/stack/iam.test.ts` compares it with the
 * requests that the functions make.
 *
 * Transactions are authorized by the actions they consist of; a commit writes by put and delete only.
 */
const STATEMENTS: Readonly<Record<FunctionId, (access: Access) => readonly PolicyStatement[]>> = {
  login: ({ tables: { sessions, users, signIn, activity }, idTokens }) => [
    ...logIn(sessions),
    ...(activity ? writeActivity(activity) : []),
    ...(users ? [allow(["GetItem", "ConditionCheckItem"], users)] : []),
    ...(users && signIn ? throttle(signIn) : []),
    ...(idTokens && signIn ? useToken(signIn) : []),
  ],
  "login-oidc": ({ tables: { sessions, signIn, activity } }) => [
    ...logIn(sessions),
    ...(activity ? writeActivity(activity) : []),
    ...(signIn ? useToken(signIn) : []),
  ],
  logout: ({ tables: { sessions } }) => endOwn(sessions),
  "end-session": ({ tables: { sessions, users, activity } }) => [
    ...endOwn(sessions),
    // That the caller's own session is live, where it is not among those that end.
    allow(["ConditionCheckItem"], sessions, [SESSIONS]),
    ...(users ? [allow(["GetItem"], users)] : []),
    ...(activity ? [keepActs(activity)] : []),
  ],
  validate: ({ tables: { sessions } }) => [allow(["GetItem"], sessions), touch(sessions)],
  authorize: ({ tables: { sessions } }) => [allow(["GetItem"], sessions), touch(sessions)],
  "admin-logout": ({ tables: { sessions, users, activity, revocationFailures } }) => [
    allow(["GetItem", "BatchGetItem"], sessions),
    revoke(sessions),
    ...(users ? [allow(["GetItem", "BatchGetItem"], users)] : []),
    ...(activity ? [keepActs(activity)] : []),
    // Lambda itself sends there, by the function's role.
    new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [revocationFailures.queueArn] }),
  ],
  "list-sessions": ({ tables: { sessions, users } }) => [
    allow(["GetItem", "BatchGetItem"], sessions),
    allowOnIndex(["Query", "Scan"], sessions, BY_USER_INDEX.name),
    allowOnIndex(["Query"], sessions, ENDINGS_BY_USER_INDEX.name),
    ...(users ? [allow(["GetItem"], users)] : []),
  ],
  outbox: ({ tables: { sessions, activity }, targets }) => [
    ...(targets ? outboxStatements(sessions, targets) : []),
    ...(activity ? [...writeActivity(activity), ...suspectStatements(activity)] : []),
  ],
  activity: ({ tables: { sessions, users, activity } }) => [
    allow(["GetItem"], sessions),
    ...(activity ? readActivity(activity) : []),
    ...(users ? [allow(["GetItem"], users)] : []),
  ],
  recount: ({ tables: { sessions, activity } }) => (activity ? recountStatements(sessions, activity) : []),
  "run-job": ({ tables: { sessions, users, jobs } }) => [
    allow(["BatchGetItem"], sessions),
    revoke(sessions),
    ...(users ? [allow(["BatchGetItem"], users)] : []),
    ...(jobs ? jobStatements(jobs) : []),
  ],
  jobs: ({ tables: { sessions, users, activity, jobs }, runJob }) => [
    allow(["GetItem"], sessions),
    ...(users ? [allow(["GetItem"], users)] : []),
    ...(activity ? [keepActs(activity)] : []),
    ...(jobs && runJob ? callJobStatements(jobs, runJob) : []),
  ],
  // It knows all that it needs from the request.
  "push-authorize": () => [],
};

/** The statements of one function's role, beside those for its log. */
export function statementsFor(id: FunctionId, access: Access): readonly PolicyStatement[] {
  const { bound, tables } = access;
  const more = bound && tables.signIn ? signInStatements(id, tables.sessions, tables.signIn, bound) : [];
  return [...STATEMENTS[id](access), ...more];
}

/**
 * What a guard in somebody else's code may do: what validating does, and of the table only that. A reader
 * of a session's item learns nothing from what an update of it returns.
 */
export const guardStatements = (sessions: Table | ITable): readonly PolicyStatement[] => [
  allow(["GetItem"], sessions, [SESSIONS, ENDINGS]),
  touch(sessions),
];

/** The commit of a login: the only one that creates a session. */
export const logIn = (sessions: Table): readonly PolicyStatement[] => [
  allow(["GetItem"], sessions),
  allow(["PutItem"], sessions, [ROSTERS, SESSIONS, ENDINGS]),
  allow(["DeleteItem"], sessions, [SESSIONS]),
];

/** A commit that ends sessions and creates none. */
const endOwn = (sessions: Table): readonly PolicyStatement[] => [
  allow(["GetItem"], sessions),
  allow(["PutItem"], sessions, [ROSTERS, ENDINGS]),
  allow(["DeleteItem"], sessions, [SESSIONS]),
];

/**
 * Puts endings and deletes sessions. IAM has one action for both, so the keys alone would allow to put a
 * session; what can be put with an ending's attributes only is not a live one, since it has no idle expiry.
 */
const revoke = (sessions: Table): PolicyStatement =>
  allow(["BatchWriteItem"], sessions, [SESSIONS, ENDINGS], [PARTITION_KEY, ...REVOCATION_ATTRIBUTES]);

/**
 * The one write of a validating function: the activity of a session item. It cannot make, revive or prolong
 * anything else.
 */
const touch = (sessions: Table | ITable): PolicyStatement =>
  allow(["UpdateItem"], sessions, [SESSIONS], [PARTITION_KEY, ...TOUCHED_ATTRIBUTES]);

/**
 * Attempts are counted before they are made, and forgotten by a login that succeeds, which remembers the
 * device.
 */
const throttle = (signIn: Table): readonly PolicyStatement[] => [
  allow(["GetItem", "PutItem"], signIn, [DEVICES]),
  allow(["UpdateItem", "DeleteItem"], signIn, [FAILURES]),
];

/** The mark that an id token has signed in is a part of the login's commit. */
const useToken = (signIn: Table): readonly PolicyStatement[] => [
  allow(["GetItem", "PutItem"], signIn, [USED_TOKENS]),
];
