import type { Mutation } from "./mutation.ts";
import { COMMIT, END_OWN, TRANSACT, VALIDATE } from "./product-files.ts";

/** Bugs that systems of this kind have had, each put into the protocol by a few lines. */
export const KNOWN_BUGS: readonly Mutation[] = [
  {
    name: "condition on the version removed",
    caughtBy: ["prove jitter", "model", "interleavings"],
    about:
      "Two logins both read the old state and both write: each survives. django-single-session's delete, save, link; Spring Security's count, then register (issues 3121, 5775, 12867).",
    patches: [
      {
        file: COMMIT,
        find: `: { ConditionExpression: IS_AT_VERSION, ExpressionAttributeValues: { ":read": roster.version } }),`,
        replace: ": {}),",
      },
    ],
  },
  {
    name: "the index decides",
    caughtBy: ["prove lagging", "interleavings"],
    about:
      "Sessions are found by the user-ID index, as session middleware on DynamoDB does it: a GSI is always eventually consistent and misses the session of a moment ago.",
    patches: [
      {
        file: "src/sessions/read.ts",
        find: "  return fromRosterItem(await getItem(dependencies, rosterKey(userId)));",
        replace: `  const roster = fromRosterItem(await getItem(dependencies, rosterKey(userId)));
  const { items } = await listUser(dependencies, userId, { limit: 100 });
  return { ...roster, entries: items.map((session) => entryOf(session)) };`,
      },
      {
        file: "src/sessions/read.ts",
        find: `import type { Roster } from "./roster.ts";`,
        replace: `import { listUser } from "./list.ts";\nimport { entryOf, type Roster } from "./roster.ts";`,
      },
    ],
  },
  {
    name: "the directory check left out of the commit",
    caughtBy: ["prove jitter", "model", "interleavings"],
    about:
      "Credentials are checked, the user is disabled and signed out, and then the login that was under way gets in (ASVS 7.4.2).",
    patches: [
      {
        file: "src/identity/passwords.ts",
        find: "checks: [directory.unchangedCheck(found.user)],",
        replace: "checks: [],",
      },
    ],
  },
  {
    name: "expired entries dropped but not deleted",
    caughtBy: ["prove expiring", "model", "interleavings"],
    about:
      "Housekeeping forgets what its own clock calls expired, while another server's clock still lets it in: nobody lists it and nobody can end it.",
    patches: [{ file: COMMIT, find: "...[...drop, ...leaving].map(", replace: "...[...leaving].map(" }],
  },
  {
    name: "the roster's version a counter and TTL removing the roster",
    caughtBy: ["model", "prove rosters-removed"],
    about:
      "The ABA problem of optimistic locks with a counter (DynamoDBMapper's version attribute): the item is gone and made anew, and the old version holds again.",
    patches: [
      {
        file: COMMIT,
        find: `const version = Buffer.from(dependencies.random(12)).toString("base64url");`,
        replace: "const version = String(Number(change.roster.version ?? 0) + 1);",
      },
    ],
  },
  {
    name: "a racing logout that ends the winner",
    // Not by rounds here: what is left of the logout may also try for ever, which a round waits for.
    caughtBy: ["interleavings", "model"],
    about:
      "A logout ends whatever sessions the user has when it gets there, also the one that displaced its own in the meantime (devise-security).",
    patches: [
      {
        file: END_OWN,
        find: "logoutAllSessions ? [own, ...others.filter((entry) => entry.id !== own.id)] : [own],",
        replace: "logoutAllSessions ? others : [own],",
      },
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
      {
        file: END_OWN,
        find: `if (answer.dead.includes(own.id)) return { outcome: "not-live" };`,
        replace: `if (answer.dead.includes(own.id) && !settings.logoutAllSessions) return { outcome: "not-live" };`,
      },
    ],
  },
  {
    name: "touch without attribute_exists",
    caughtBy: ["prove expiring", "model", "interleavings"],
    about:
      "Recording activity by an update without a condition makes an item where there was none: an ended session has a body again (DynamoDB's UpdateItem is an upsert; express-session 632).",
    patches: [
      {
        file: VALIDATE,
        find: `ConditionExpression: "attribute_exists(pk) AND lastSeenAt = :read",`,
        replace: "",
      },
      { file: VALIDATE, find: `":read": session.lastSeenAt,`, replace: "" },
    ],
  },
  {
    name: "delete before put outside a transaction",
    caughtBy: ["prove usual", "model", "interleavings"],
    about:
      "The old session is destroyed before the new one is stored, in requests of their own: what fails in between leaves the user with none, and two at once leave two (kratos; django-single-session).",
    patches: [
      {
        file: TRANSACT,
        find: `      await dependencies.documents.send(
        watched(new TransactWriteCommand(input), (error) => {
          if (faultKind(error) === "unanswered") effect = "unknown";
        }),
      );
      return { result: "applied" };`,
        replace: `      return await oneByOne(dependencies, actions);`,
      },
      {
        file: TRANSACT,
        find: "function watched(",
        replace: `async function oneByOne(dependencies, actions) {
  const indexed = actions.map((action, index) => ({ action, index }));
  const order = [...indexed.filter(({ action }) => action.Delete), ...indexed.filter(({ action }) => action.Put)];
  for (const { action, index } of order) {
    try {
      await dependencies.documents.send(
        action.Delete ? new DeleteCommand(action.Delete) : new PutCommand(action.Put),
      );
    } catch (error) {
      if (error.name !== "ConditionalCheckFailedException") throw error;
      const item = error.Item === undefined ? undefined : unmarshall(error.Item);
      return { result: "condition-failed", failed: [{ index, item }] };
    }
  }
  return { result: "applied" };
}

function watched(`,
      },
      {
        file: TRANSACT,
        find: `import { TransactWriteCommand, type`,
        replace: `import { DeleteCommand, PutCommand, TransactWriteCommand, type`,
      },
    ],
  },
  {
    name: "unprocessed items dropped",
    caughtBy: ["prove contended", "interleavings"],
    about:
      "A batch that DynamoDB carried out in part is taken for done: some of the sessions stay (Auth.js's adapter).",
    patches: [
      {
        file: "src/dynamodb/batch.ts",
        find: "left = answer.UnprocessedItems?.[dependencies.tableName] ?? [];",
        replace: "left = [];",
      },
    ],
  },
  {
    name: "ambiguous write retried without its token",
    caughtBy: ["interleavings", "model", "prove ambiguous"],
    about:
      "A transaction whose answer was lost is sent again as a new one: it has happened, and now it is refused, or happens twice (DynamoDB's ClientRequestToken is there for this).",
    patches: [
      {
        file: TRANSACT,
        find: `ClientRequestToken: Buffer.from(dependencies.random(16)).toString("hex"),`,
        replace: "",
      },
    ],
  },
  {
    name: "expired check left to TTL",
    caughtBy: ["prove expiring", "interleavings"],
    about:
      "A session is good for as long as its item is there; TTL removes items up to days late (connect-dynamodb and most other stores of its kind).",
    patches: [
      {
        file: VALIDATE,
        find: `return { outcome: isUnexpired(session, dependencies.clock()) ? "live" : "expired", session };`,
        replace: `return { outcome: "live", session };`,
      },
    ],
  },
  {
    name: "eviction that ends the winner",
    caughtBy: ["prove jitter", "interleavings"],
    about:
      "The displaced device's next request logs the user out, and with that the device that displaced it (devise-security's session_limitable).",
    patches: [
      {
        file: VALIDATE,
        find: `return ending === undefined ? { outcome: "unknown" } : { outcome: "ended", ending };`,
        replace: `if (ending === undefined) return { outcome: "unknown" };
    if (ending.reason === "displaced") {
      await revoke(dependencies, { userIds: [ending.userId], revokedBy: ending.userId });
    }
    return { outcome: "ended", ending };`,
      },
      {
        file: VALIDATE,
        find: `import type { ValidateOptions, Validation } from "./store.ts";`,
        replace: `import { revoke } from "./revoke.ts";\nimport type { ValidateOptions, Validation } from "./store.ts";`,
      },
    ],
  },
];
