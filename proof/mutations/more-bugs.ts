import type { Mutation } from "./mutation.ts";
import { ATTEMPT, COMMIT, END_OWN, START_SESSION, REVOKE, TRANSACT, VALIDATE } from "./product-files.ts";

/** Further parts of the protocol, each left out or turned round: none is there for nothing. */
export const MORE_BUGS: readonly Mutation[] = [
  {
    name: "first roster put without a condition",
    caughtBy: ["model", "interleavings"],
    about: "Two first logins of one user at once both make the roster, and the later hides the earlier.",
    patches: [{ file: COMMIT, find: "? { ConditionExpression: IS_ABSENT }\n", replace: "? {}\n" }],
  },
  {
    name: "touch as a put of the whole item",
    caughtBy: ["model", "interleavings"],
    about:
      "The session is written back as it was read, ended or not (connect-dynamodb's and Auth.js's upsert).",
    patches: [
      {
        file: VALIDATE,
        find: `        new UpdateCommand({
          TableName: tableName,
          Key: sessionKey(session.id),
          UpdateExpression: \`SET lastSeenAt = :now, idleExpiresAt = :idleExpiresAt\${alsoSet(noted)}\`,
          ConditionExpression: "attribute_exists(pk) AND lastSeenAt = :read",
          ExpressionAttributeValues: {
            ":now": now,
            ":idleExpiresAt": idleExpiresAt,
            ":read": session.lastSeenAt,
            ...(noted.place !== undefined && { ":place": noted.place }),
          },
        }),`,
        replace: `        new PutCommand({
          TableName: tableName,
          Item: toSessionItem({ ...session, lastSeenAt: now, idleExpiresAt, ...noted }),
        }),`,
      },
      {
        file: VALIDATE,
        find: `import { UpdateCommand } from "@aws-sdk/lib-dynamodb";`,
        replace: `import { PutCommand } from "@aws-sdk/lib-dynamodb";\nimport { toSessionItem } from "./items.ts";`,
      },
    ],
  },
  {
    name: "unknown by plain reads",
    caughtBy: ["model"],
    about: "Beside the commit that ends a session its ending may not be visible yet: nobody is told why.",
    patches: [
      {
        file: VALIDATE,
        find: "(await readEnding(dependencies, id)) ?? (await readSettledEnding(dependencies, id));",
        replace: "await readEnding(dependencies, id);",
      },
    ],
  },
  {
    name: "sessions ended without asking whether they are live",
    caughtBy: ["model", "interleavings"],
    about: "What somebody else has ended is ended again: the loser of a race acts as if it had won.",
    patches: [
      {
        file: COMMIT,
        find: `          Key: sessionKey(ending.sessionId),
          ConditionExpression: IS_LIVE,
          ExpressionAttributeValues: { ":now": now },`,
        replace: `          Key: sessionKey(ending.sessionId),`,
      },
    ],
  },
  {
    name: "ending the others without being live oneself",
    caughtBy: ["model", "interleavings"],
    about: "A session that was displaced a moment ago ends the session that displaced it.",
    patches: [
      {
        file: END_OWN,
        find: "const ending = isListed || isAmong(own, chosen) ? chosen : [own];",
        replace: "const ending = chosen;",
      },
      {
        file: END_OWN,
        find: "checks: isAmong(own, ending) ? [] : [sessionIsLive(tableName, own.id, now)],",
        replace: "checks: [],",
      },
    ],
  },
  {
    name: "own commit not recognized and retried without its token",
    caughtBy: ["model", "interleavings"],
    about: "A login whose answer was lost logs in once more and displaces itself.",
    patches: [
      {
        file: TRANSACT,
        find: `ClientRequestToken: Buffer.from(dependencies.random(16)).toString("hex"),`,
        replace: "",
      },
      {
        file: ATTEMPT,
        find: "return roster.entries.some((entry) => entry.id === session.id && entry.createdAt === session.createdAt);",
        replace: "return false;",
      },
    ],
  },
  {
    name: "the presented session left alive",
    caughtBy: ["model", "interleavings"],
    about: "A login keeps the session that the client came with (session fixation; ASVS 7.2.4).",
    patches: [
      {
        file: ATTEMPT,
        find: `...decision.logOut.map((entry) => ending(entry, user.id, "logged_out", session)),`,
        replace: "",
      },
    ],
  },
  {
    name: "a limit of one counted before the race",
    caughtBy: ["model", "interleavings"],
    about:
      "Whoever lost the race goes on with the answer that it gave before: it names sessions as displaced that others displaced.",
    patches: [
      {
        file: START_SESSION,
        find: `        return { outcome: "started", ...startedBy(attempt) };`,
        replace: `        return { outcome: "started", ...startedBy({ ...attempt, displaced: attempts[0].displaced }) };`,
      },
    ],
  },
  {
    name: "revoke trusts the index",
    caughtBy: ["interleavings", "prove lagging"],
    about: "The administrators' logout takes the sessions from the index and misses the newest.",
    patches: [
      {
        file: REVOKE,
        find: `    listed: listedIds(fromRosterItem(item), now),
  }));`,
        replace: `    listed: [],
  }));
  for (const roster of rosters) {
    const { items } = await listUser(dependencies, roster.userId, { limit: 100 });
    roster.listed = items.map((session) => session.id);
  }`,
      },
      {
        file: REVOKE,
        find: `import type { RevokeRequest, RevokeResult } from "./store.ts";`,
        replace: `import { listUser } from "./list.ts";\nimport type { RevokeRequest, RevokeResult } from "./store.ts";`,
      },
    ],
  },
  {
    name: "displaced sessions deleted without an ending",
    caughtBy: ["model", "interleavings"],
    about: "Somebody is signed out and never told why (devise 247, amplify-android 2597).",
    patches: [
      {
        file: COMMIT,
        find: `    { part: "unconditional", action: { Put: { TableName: tableName, Item: toEndingItem(ending) } } },`,
        replace: "",
      },
    ],
  },
  {
    name: "ids that are leaving left out of the next commit",
    caughtBy: ["model"],
    about:
      "A transaction becomes visible item by item: a commit that follows at once leaves a session that still reads as live (Isolation levels, DynamoDB Developer Guide).",
    patches: [
      {
        file: COMMIT,
        find: "const leaving = leavingIds(change.roster, now).filter((id) => !gone.has(id) && id !== add?.id);",
        replace: "const leaving = [];",
      },
    ],
  },
  {
    name: "revoke deletes only what it saw live",
    caughtBy: ["model"],
    about: "A session that was just appearing when the administrator's logout read it lives on.",
    patches: [
      {
        file: REVOKE,
        find: "const deadIds = targets.flatMap(({ listed }) => listed.filter((id) => !isLive.has(id)));",
        replace: "const deadIds = [];",
      },
    ],
  },
  {
    name: "the limit decided by plain reads",
    caughtBy: ["model"],
    about:
      "Reading one item after the other beside a running commit sees part of it: the roster of after, the sessions of before.",
    patches: [
      {
        file: "src/sessions/read.ts",
        find: "    const [rosterItem, ...sessionItems] = await transactGet(dependencies, [",
        replace: "    const [rosterItem, ...sessionItems] = await plainGets(dependencies, [",
      },
      {
        file: "src/sessions/read.ts",
        find: "async function transactGet(",
        replace: `async function plainGets(dependencies, keys) {
  const items = [];
  for (const key of keys) items.push(await getItem(dependencies, key));
  return items;
}

async function transactGet(`,
      },
    ],
  },
];
