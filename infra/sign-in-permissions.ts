import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { SIGN_OUT_ATTRIBUTES, signOutKey, spentSignInKey } from "../src/sessions/sign-in-keys.ts";
import { endingKey, PARTITION_KEY, rosterKey, sessionKey } from "../src/sessions/table.ts";
import type { FunctionId } from "./function-ids.ts";
import { allow } from "./statements.ts";

/** What the permissions for sessions bound to sign-ins depend on. */
export interface BoundAccess {
  /** Whether the first call with a token makes its session: only then may the validating functions commit. */
  readonly firstUse: boolean;
}

const SESSIONS = sessionKey("*").pk;
const ROSTERS = rosterKey("*").pk;
const ENDINGS = endingKey("*").pk;
const SPENT = spentSignInKey("*").pk;
const SIGN_OUTS = signOutKey("*").pk;

/** What a guard may do more that takes a provider's access tokens: find out why there is no session. */
export const guardSignInStatements = (
  sessions: Table | ITable,
  signIn: Table | ITable,
): readonly PolicyStatement[] => [
  // By transactional reads too, which wait for a commit that is under way.
  allow(["GetItem"], sessions, [ROSTERS]),
  allow(["BatchGetItem"], sessions, [ROSTERS, ENDINGS]),
  allow(["BatchGetItem"], signIn, [SPENT, SIGN_OUTS]),
];

/** What a function may do more, where callers may send a provider's access tokens. */
export function signInStatements(
  id: FunctionId,
  sessions: Table,
  signIn: Table,
  { firstUse }: BoundAccess,
): readonly PolicyStatement[] {
  // Why there is no session: ending, mark, roster and time in one request.
  const readsSignIns = allow(["BatchGetItem"], signIn, [SPENT, SIGN_OUTS]);
  const reading = (...kinds: readonly string[]) => [allow(["BatchGetItem"], sessions, kinds), readsSignIns];
  const reads = reading(ROSTERS, ENDINGS);
  const spends = allow(["PutItem"], signIn, [SPENT]);
  const isNotSignedOut = allow(["ConditionCheckItem"], signIn, [SIGN_OUTS]);
  switch (id) {
    case "login":
      // A login reads the session with them.
      return [...reading(ROSTERS, ENDINGS, SESSIONS), spends, isNotSignedOut];
    case "login-oidc":
      return [...reading(ROSTERS), spends, isNotSignedOut];
    case "validate":
    case "authorize":
      return firstUse
        ? [
            ...reads,
            allow(["PutItem"], sessions, [ROSTERS, SESSIONS, ENDINGS]),
            allow(["DeleteItem"], sessions, [SESSIONS]),
            spends,
            isNotSignedOut,
          ]
        : reads;
    case "logout":
      return [spends];
    case "end-session":
    case "activity":
    case "jobs":
      return reads;
    // These two read batches of all kinds anyway.
    case "list-sessions":
      return [readsSignIns];
    case "admin-logout":
      return [
        readsSignIns,
        allow(["UpdateItem"], signIn, [SIGN_OUTS], [PARTITION_KEY, ...SIGN_OUT_ATTRIBUTES]),
      ];
    case "run-job":
      return [
        // By transactional reads, which wait for a commit that is under way.
        allow(["GetItem"], sessions, [ROSTERS]),
        allow(["UpdateItem"], signIn, [SIGN_OUTS], [PARTITION_KEY, ...SIGN_OUT_ATTRIBUTES]),
      ];
    case "outbox":
    case "recount":
    case "push-authorize":
      return [];
  }
}
