import type { Mutation } from "./mutation.ts";
import { ATTEMPT, COMMIT, START_SESSION } from "./product-files.ts";

/** A bug of bound sessions, and where the model must see it. */
export interface SignInMutation extends Mutation {
  /**
   * The rules' names for the scenarios. Of those that have a name, at least one must catch the bug; see
   * `proof/model/sign-in-scenarios.ts`.
   */
  readonly scenarios: readonly [string, ...string[]];
}

const LOOK_AGAIN = "src/sessions/look-again.ts";
const SPEND = "src/sessions/spend-sign-in.ts";
const USE = "src/sessions/use-sign-in.ts";

/**
 * The rules of bound sessions (docs/design/bound-sessions.md), each left out or turned round: those of I7 and
 * I4. `sign-out-bugs.ts` has those of I8.
 */
export const SIGN_IN_BUGS: readonly SignInMutation[] = [
  {
    name: "a sign-in leaves no mark",
    scenarios: ["R2", "S1", "S2", "T1"],
    caughtBy: ["model"],
    about: "Nothing says that a sign-in has had its session: whoever was displaced comes back by refreshing.",
    patches: [
      { file: COMMIT, find: `  { part: "mark", action: markSpent(tableName, signIn, nonce) },`, replace: "" },
    ],
  },
  {
    name: "a mark for each era",
    scenarios: ["T1"],
    caughtBy: ["model"],
    about: "Changing the era lets every spent sign-in in once more.",
    patches: [
      {
        file: ATTEMPT,
        find: "        signIn,\n        user,",
        replace: "        signIn: { ...signIn, issuer: session.era },\n        user,",
      },
    ],
  },
  {
    name: "a login by id token marks nothing",
    scenarios: ["S1", "S2"],
    caughtBy: ["model"],
    about: "One sign-in makes two sessions, one by each of its tokens.",
    patches: [
      { file: "src/sessions/login.ts", find: "signIn: signIn?.signIn };", replace: "signIn: undefined };" },
    ],
  },
  {
    name: "a mark that lives as long as the timeout of its time",
    scenarios: ["V2"],
    caughtBy: ["model"],
    about: "A timeout is made longer, and sign-ins that were spent under the old one are admitted again.",
    patches: [
      {
        file: SPEND,
        find: "ttl: ttlOf(signIn.signedInAt + SIGN_INS_KEPT_MS),",
        replace: "ttl: ttlOf(signIn.signedInAt + 12 * 3_600_000),",
      },
    ],
  },
  {
    name: "the loser of the mark is refused",
    scenarios: ["P1", "R2"],
    caughtBy: ["model"],
    about: "The parallel first calls of an honest client: all but one are told 401, and it signs itself out.",
    patches: [
      {
        file: USE,
        find: "const found = await answerBySecondLook(dependencies, request);",
        replace: `const found = { outcome: "unknown" };`,
      },
      {
        file: START_SESSION,
        find: "if (attempts.length === 0 && isListed(session, roster)) return SPENT_ELSEWHERE;",
        replace: "",
      },
    ],
  },
  {
    name: "the second look is a plain one",
    scenarios: ["P3"],
    caughtBy: ["model"],
    about: "The mark may be visible before the session: a plain read then says that there is none.",
    patches: [
      {
        file: LOOK_AGAIN,
        find: "const [session, roster, ending] = await transactGet(dependencies, [",
        replace: "const [session, roster, ending] = await plainGets(dependencies, [",
      },
      {
        file: LOOK_AGAIN,
        find: "/**\n * A bound session that a plain read",
        replace: `async function plainGets(dependencies, keys) {
  return readAcross(dependencies, keys.map((key) => ({ tableName: dependencies.tableName, key })));
}

/**
 * A bound session that a plain read`,
      },
      {
        file: LOOK_AGAIN,
        find: `import type { StoreDependencies }`,
        replace: `import { readAcross } from "../dynamodb/read-across.ts";\nimport type { StoreDependencies }`,
      },
    ],
  },
  {
    name: "a young session is not seen whole",
    scenarios: ["P3"],
    caughtBy: ["model"],
    about:
      "A client that holds its token before the commit is served while what it displaces still validates.",
    patches: [
      {
        file: LOOK_AGAIN,
        find: "if (clock() - createdAt >= WHOLE_AFTER_MS || seen.has(id))",
        replace: "if (clock() - createdAt >= 0 || seen.has(id))",
      },
    ],
  },
  {
    name: "an older sign-in displaces newer ones",
    scenarios: ["P5"],
    caughtBy: ["model"],
    about: "At the limit the device that signed in last is thrown out by one that signed in before.",
    patches: [
      {
        file: "src/sessions/decide-login.ts",
        find: "return takeover || notNewerThan === undefined || signedInAtOf(entry) <= notNewerThan;",
        replace: "return true;",
      },
    ],
  },
  {
    name: "a logout without a session spends nothing",
    scenarios: ["R2"],
    caughtBy: ["model"],
    about: "A sign-in is admitted after its logout was answered.",
    patches: [
      {
        file: "src/sessions/log-out-sign-in.ts",
        find: `if (await spend(dependencies, signIn)) return { outcome: "spent" };`,
        replace: "",
      },
    ],
  },
  {
    name: "a bound session expires by its admission",
    scenarios: ["P4", "P1", "P5", "S1"],
    caughtBy: ["model"],
    about: "The later a sign-in is admitted, the longer it lasts.",
    patches: [
      {
        file: USE,
        find: "expiresAt: windowEnd(signIn, settings.timeouts),",
        replace: "expiresAt: now + settings.timeouts.absolute,",
      },
    ],
  },
  {
    name: "an admission may end the session that it makes",
    scenarios: ["P1", "P2"],
    caughtBy: ["model"],
    about: "Read beside another call's commit, the roster lists the session whose mark is not visible yet.",
    patches: [
      {
        file: START_SESSION,
        find: "if (attempts.length === 0 && isListed(session, roster)) return SPENT_ELSEWHERE;",
        replace: "",
      },
      {
        file: START_SESSION,
        find: "roster: { ...roster, entries: roster.entries.filter(({ id }) => id !== session.id) },",
        replace: "roster,",
      },
    ],
  },
];
