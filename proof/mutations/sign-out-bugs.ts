import { COMMIT, END_OWN, REVOKE, START_SESSION } from "./product-files.ts";
import type { SignInMutation } from "./sign-in-bugs.ts";

const COUNTS_FROM = "src/sessions/counts-from.ts";
const SIGN_OUT = "src/sessions/sign-out.ts";
const TRACES = "src/sessions/traces.ts";

const NO_CHECK = {
  file: COMMIT,
  find: `  { part: "sign-out", action: checkSignOut(tableName, signIn, user) },`,
  replace: "",
};

/** The rules of times (I8), each left out or turned round. */
export const SIGN_OUT_BUGS: readonly SignInMutation[] = [
  {
    name: "the sign-out item is not asked",
    scenarios: ["Q1", "Q3", "Q4"],
    caughtBy: ["model"],
    about: "After an administrators' logout a sign-in from before it is admitted.",
    patches: [
      NO_CHECK,
      {
        file: TRACES,
        find: "    tooOldByRoster(roster, signIn) ??\n    tooOldBySignOut(signOut, signIn, user)",
        replace: "    tooOldByRoster(roster, signIn)",
      },
    ],
  },
  {
    name: "the sign-out item is read and not checked in the commit",
    scenarios: ["Q1", "Q4"],
    caughtBy: ["model"],
    about: "An administrators' logout comes between the reading and the commit, and finds nothing to end.",
    patches: [NO_CHECK],
  },
  {
    name: "a revoke writes the time last",
    scenarios: ["Q1", "Q4"],
    caughtBy: ["model"],
    about: "Between the looking and the writing a sign-in is admitted that nobody ends.",
    patches: [
      {
        file: REVOKE,
        find: "const signedOut = await signOut(dependencies, request, userIds, isLate);",
        replace: "const signedOut = { done: userIds, undone: [] };",
      },
      {
        file: REVOKE,
        find: "  const byUser = new Map(chosen",
        replace: "  await signOut(dependencies, request, userIds, isLate);\n  const byUser = new Map(chosen",
      },
    ],
  },
  {
    name: "a revoke writes its time blindly",
    scenarios: ["Q3"],
    caughtBy: ["model"],
    about: "A second revoke by a slow clock lowers the time of the first.",
    patches: [
      {
        file: SIGN_OUT,
        find: `    ConditionExpression: "attribute_not_exists(#from) OR #from < :from",\n`,
        replace: "",
      },
    ],
  },
  {
    name: "a revoke writes no time",
    scenarios: ["Q1", "Q3", "Q4"],
    caughtBy: ["model"],
    about: "An administrators' logout ends sessions, and their devices come back by a sign-in of before.",
    patches: [
      {
        file: SIGN_OUT,
        find: "const isDone = !isLate() && (await raise(dependencies, signIns.tableName, request, userId));",
        replace: "const isDone = !isLate();",
      },
    ],
  },
  {
    name: "a revoke reads rosters plainly",
    scenarios: ["Q2"],
    caughtBy: ["model"],
    about: "A commit that is just being applied is past the check of the time, and not in the roster yet.",
    patches: [
      {
        file: REVOKE,
        find: "...(await readSettledItems(dependencies, settled))]",
        replace: "...(await batchGet(dependencies, settled))]",
      },
    ],
  },
  {
    name: "the roster's time is compared once",
    scenarios: ["R4"],
    caughtBy: ["model"],
    about: "The roster that is committed on is a newer one, and says that sign-ins of before do not count.",
    patches: [
      {
        file: START_SESSION,
        find: "const tooOld = fresh.signIn && tooOldByRoster(roster, fresh.signIn);",
        replace: "const tooOld = undefined;",
      },
    ],
  },
  {
    name: "a logout of all leaves no time",
    scenarios: ["R1", "U1"],
    caughtBy: ["model"],
    about: "Everything was signed out, and a sign-in of before is admitted.",
    patches: [
      {
        file: END_OWN,
        find: `const leaves = logoutAllSessions ? "a-time" : "no-time";`,
        replace: `const leaves = "no-time";`,
      },
    ],
  },
  {
    name: "ending all others leaves no time",
    scenarios: ["R4"],
    caughtBy: ["model"],
    about: "All others were ended, and a sign-in of before is admitted.",
    patches: [
      {
        file: END_OWN,
        find: `endOwn(dependencies, token, "a-time",`,
        replace: `endOwn(dependencies, token, "no-time",`,
      },
    ],
  },
  {
    name: "TTL takes the roster's time with the roster",
    scenarios: ["R5"],
    caughtBy: ["model"],
    about: "An hour after a logout of all nothing is left of it, and an old sign-in is admitted.",
    patches: [
      {
        file: "src/sessions/items.ts",
        find: "ttl: ttlOf(Math.max(lastExpiry, lastSignIn)),",
        replace: "ttl: ttlOf(lastExpiry),",
      },
    ],
  },
  {
    name: "an admission leaves its own time instead of its sign-in's",
    scenarios: ["P6"],
    caughtBy: ["model"],
    about: "An older sign-in that comes late shuts the newest one out for good.",
    patches: [{ file: COUNTS_FROM, find: "at: signedInAtOf(session),", replace: "at: session.createdAt," }],
  },
  {
    name: "a login under deny leaves a time",
    scenarios: ["P7"],
    caughtBy: ["model"],
    about: "A sign-in is called displaced that nothing ever displaced.",
    patches: [
      {
        file: COUNTS_FROM,
        find: "if (policy.limit !== 1 || !mayDisplace(policy, takeover)) return undefined;",
        replace: "if (policy.limit !== 1) return undefined;",
      },
    ],
  },
];
