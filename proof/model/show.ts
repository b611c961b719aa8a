import type { Answer } from "./answer.ts";
import type { Item } from "./expression.ts";
import { askOf, type Request } from "./request.ts";
import type { Write } from "./database.ts";

/**
 * Texts for the traces that people read. Session ids are replaced by the names of their logins where the
 * trace is printed.
 */

const place = (full: string): string => full.slice(full.indexOf("|") + 1);

export function showRequest(request: Request): string {
  const ask = askOf(request);
  switch (ask.ask) {
    case "read":
      return `reads ${place(ask.place)}`;
    case "read-together":
      return `reads in one transaction ${ask.places.map(place).join(", ")}`;
    case "read-each":
      return `reads each of ${ask.keys.map(({ key }) => Object.values(key).join()).join(", ")}`;
    case "write":
      return showWrite(ask.write);
    case "write-together":
      return `transaction {${ask.writes.map(showWrite).join("; ")}}`;
    case "write-each":
      return `batch {${ask.writes.map(showWrite).join("; ")}}`;
  }
}

function showWrite({ place: full, change, ConditionExpression: condition, ...rest }: Write): string {
  const what = change === "check" || change === "delete" ? change : "put" in change ? "put" : "update";
  const entries = typeof change === "object" && "put" in change ? showItem(change.put) : "";
  const values = JSON.stringify(rest.ExpressionAttributeValues ?? {});
  return `${what} ${place(full)}${entries}${condition === undefined ? "" : ` if ${condition} ${values}`}`;
}

function showItem(item: Item): string {
  const { version, entries, leaving } = item as {
    version?: string;
    entries?: { id: string }[];
    leaving?: string[];
  };
  if (entries === undefined) return "";
  const listed = entries.map(({ id }) => id).join(" ");
  return ` = {version ${version ?? "?"}, lists [${listed}], leaving [${(leaving ?? []).join(" ")}]}`;
}

export function showAnswer(answer: Answer, request?: Request): string {
  switch (answer.answer) {
    case "output":
      return showOutput(answer.output, request?.command === "GetCommand");
    case "cancelled":
      return `cancelled: ${answer.reasons.map(({ Code }) => Code).join(", ")}`;
    case "invalid":
      return `invalid: ${answer.problem}`;
    case "condition-failed":
      return "its condition failed";
    case "conflict":
    case "in-progress":
    case "throttled":
    case "timeout":
      return answer.answer;
  }
}

function showOutput({ Item: item, Responses: responses }: Record<string, unknown>, isRead: boolean): string {
  if (item !== undefined) return showRead(item as Item);
  if (Array.isArray(responses))
    return responses.map(({ Item: one }: { Item?: Item }) => (one ? showRead(one) : "nothing")).join(", ");
  if (responses !== undefined) {
    const found = Object.values(responses as Record<string, Item[]>).flat();
    return found.length === 0 ? "nothing" : found.map(showRead).join(", ");
  }
  return isRead ? "nothing" : "done";
}

const showRead = (item: Item): string => `${String(item["pk"] ?? item["userName"])}${showItem(item)}`;

export const shortTime = (milliseconds: number): string => `${milliseconds / 1000} s`;
