import type { Tamper } from "./execution.ts";
import type { Item } from "./expression.ts";
import type { Violation } from "./invariants.ts";

/**
 * A protocol that lacks something, made by changing the product's requests on their way; and where that
 * shows.
 */
export interface Weaker {
  readonly name: string;
  readonly scenario: string;
  readonly violates: Violation["invariant"];
  readonly tamper: Tamper;
}

interface Action {
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}
type Actions = Readonly<Record<"Put" | "Delete" | "ConditionCheck", Action | undefined>>;

const keyOf = ({ Key, Item: item }: Action): string => ((Key ?? item)?.["pk"] ?? "") as string;
const isRoster = (action: Action): boolean => keyOf(action).startsWith("user#");
const isSession = (action: Action): boolean => keyOf(action).startsWith("session#");

/** Changes each action of each transaction; `undefined` leaves it out. */
const inCommits =
  (change: (action: Actions) => object | undefined): Tamper =>
  (input, command) => {
    if (command !== "TransactWriteCommand") return input;
    const actions = input["TransactItems"] as readonly Actions[];
    return { ...input, TransactItems: actions.map(change).filter((action) => action !== undefined) };
  };

const withoutCondition = <T extends object>(action: T): T => ({
  ...action,
  ConditionExpression: undefined,
  ExpressionAttributeValues: undefined,
});

const rosterPut = (change: (put: Action) => Action): Tamper =>
  inCommits((action) =>
    action.Put !== undefined && isRoster(action.Put) ? { Put: change(action.Put) } : action,
  );

const noLeaving = rosterPut((put) => ({ ...put, Item: { ...put.Item, leaving: [] } }));

/** What the protocol would be without each of its parts. Every one of them leads to a violation. */
export const WEAKER: readonly Weaker[] = [
  {
    name: "without the condition on the roster's version",
    scenario: "two logins",
    violates: "I4",
    tamper: rosterPut(withoutCondition),
  },
  {
    name: "without deleting again what the last commit deleted",
    scenario: "two logins",
    violates: "I4",
    tamper: noLeaving,
  },
  {
    name: "without revoke's deleting what the last commit deleted",
    scenario: "login and revoke",
    violates: "I5",
    tamper: noLeaving,
  },
  {
    name: "with the roster's version a counter",
    scenario: "two logins while everything expires and TTL removes it",
    violates: "I4",
    tamper: rosterPut((put) => {
      const read = Number(put.ExpressionAttributeValues?.[":read"] ?? 0);
      return { ...put, Item: { ...put.Item, version: String(read + 1) } };
    }),
  },
  {
    name: "with expired entries dropped and not deleted",
    scenario: "login by a clock that is ahead, and a session expired by it alone",
    violates: "I4",
    tamper: inCommits((action) =>
      action.Delete !== undefined && action.Delete.ConditionExpression === undefined ? undefined : action,
    ),
  },
  {
    name: "with a touch that creates what is not there",
    scenario: "touch and logout",
    violates: "I3",
    tamper: (input, command) =>
      command === "UpdateCommand" ? { ...input, ConditionExpression: undefined } : input,
  },
  {
    name: "with an unanswered commit sent again under another token",
    scenario: "login and logout",
    violates: "I4",
    tamper: (input, command, index) =>
      command === "TransactWriteCommand"
        ? { ...input, ClientRequestToken: `${input["ClientRequestToken"] as string}/${index}` }
        : input,
  },
  {
    name: "without the directory's check in the commit",
    scenario: "login by password and disable",
    violates: "I5",
    tamper: inCommits((action) => (action.ConditionCheck === undefined ? action : undefined)),
  },
  {
    name: "without the check that the caller's own session is live",
    scenario: "endOthers and revoke",
    violates: "I5",
    tamper: inCommits((action) => (action.ConditionCheck === undefined ? action : undefined)),
  },
  {
    name: "without the condition that a token never signed in",
    scenario: "two logins by one token for one sign-in",
    violates: "answers",
    tamper: inCommits((action) =>
      action.Put !== undefined && keyOf(action.Put).startsWith("token#")
        ? { Put: withoutCondition(action.Put) }
        : action,
    ),
  },
  {
    name: "with a logout that ends whatever is listed, its own session dead or not",
    scenario: "login and logout",
    violates: "I5",
    tamper: inCommits((action) =>
      action.Delete !== undefined && isSession(action.Delete)
        ? { Delete: withoutCondition(action.Delete) }
        : action,
    ),
  },
];
