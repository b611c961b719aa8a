import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import {
  PARTITION_KEY,
  sessionIdInEndingKey,
  sessionIdInKey,
  sessionKey,
  endingKey,
  rosterKey,
  userIdInKey,
} from "../../src/sessions/table.ts";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import type { StackModel } from "../model/stack-model.ts";
import type { DrawnPart } from "./shapes.ts";

/** What people call the items of the stack's tables. */
export interface ItemNames {
  /** @param attributes the item's key, or the whole item. */
  describe(tableName: string, attributes: Record<string, AttributeValue>): Pick<DrawnPart, "item" | "kind">;
}

/** The first characters of a session id: enough to tell two apart on a page. */
export const SHORT_ID = 8;

export function createItemNames(
  { tables, functions }: Pick<StackModel, "tables" | "functions">,
  sessionsTable: string,
): ItemNames {
  /** What the functions know the table as; somebody else's has the name of the template. */
  function tableLabel(name: string): string {
    const known = Object.entries(LABELS).find(([variable]) =>
      functions.some(({ environment }) => environment[variable] === name),
    );
    return known?.[1] ?? tables.find((table) => table.name === name)?.logicalId ?? name;
  }
  return {
    describe(tableName, attributes) {
      const table = tables.find(({ name }) => name === tableName);
      const key = unmarshall(attributes)[table?.keySchema[0]?.AttributeName ?? PARTITION_KEY] as unknown;
      const text = String(key);
      if (tableName !== sessionsTable) {
        return { kind: "other", item: `${tableLabel(tableName)} ${cut(text)}` };
      }
      if (text.startsWith(rosterKey("").pk)) return { kind: "roster", item: `roster ${userIdInKey(text)}` };
      if (text.startsWith(sessionKey("").pk)) {
        return { kind: "session", item: `session ${sessionIdInKey(text).slice(0, SHORT_ID)}` };
      }
      if (text.startsWith(endingKey("").pk)) {
        return { kind: "ending", item: `ending ${sessionIdInEndingKey(text).slice(0, SHORT_ID)}` };
      }
      return { kind: "other", item: cut(text) };
    },
  };
}

const LONGEST = 16;
const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const LABELS: Readonly<Record<string, string>> = {
  [ENVIRONMENT.usersTable]: "directory user",
  [ENVIRONMENT.signInTable]: "sign-in record",
  [ENVIRONMENT.activityTable]: "activity",
};
