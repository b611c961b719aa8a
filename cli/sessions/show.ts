import { GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Command } from "commander";
import { showEnding, showUserSession, toIsoTime } from "../../src/http/views.ts";
import { fromEndingItem, fromSessionItem } from "../../src/sessions/items.ts";
import { isUnexpired, type Session } from "../../src/sessions/session.ts";
import { endingKey, sessionKey } from "../../src/sessions/table.ts";
import type { SessionId } from "../../src/sessions/token.ts";
import { EXIT_CODES } from "../messages.ts";
import { printable } from "../printable.ts";
import {
  addCommand,
  carryOut,
  sessionIdArgument,
  type Answer,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";

/** `sessions show`. */
export function addShow(program: Command): void {
  addCommand(program, "show", "show one session: whose it is, on what device, live or how it ended", [
    "show K7x0cYk1QGkT6m8YwB3n5sZr2fVdLhJpX9aQeUuItOo",
    "show K7x0cYk1QGkT6m8YwB3n5sZr2fVdLhJpX9aQeUuItOo --json",
  ])
    .argument("<session-id>", "as `sessions list`, the console and log lines have it", sessionIdArgument)
    .action((id: SessionId, options: CommonOptions) => carryOut(options, (context) => show(context, id)));
}

async function show(context: SessionsContext, id: SessionId): Promise<number> {
  // The session first: if it ends in between, its ending is there.
  const session = await itemOf(context, sessionKey(id));
  const answer = session === undefined ? undefined : sessionAnswer(context, fromSessionItem(id, session));
  const ending = answer === undefined ? await itemOf(context, endingKey(id)) : undefined;
  if (answer !== undefined) context.show(answer);
  else if (ending !== undefined) {
    const shown = showEnding(fromEndingItem(id, ending));
    context.show({ text: asLines({ state: "ended", ...shown }), json: { state: "ended", ending: shown } });
  } else {
    context.show({
      text:
        `There is no session ${id}, and no record of how it ended. A record goes when the session would ` +
        "have expired.",
      json: { state: "unknown" },
    });
    return EXIT_CODES.refused;
  }
  return EXIT_CODES.done;
}

/** A session's item is no proof that it is live: TTL may be days late, and the era may have changed. */
function sessionAnswer({ located }: SessionsContext, session: Session): Answer {
  const state =
    session.era !== located.era ? "of-another-era" : isUnexpired(session, Date.now()) ? "live" : "expired";
  const { device, ...view } = showUserSession(session);
  const more = {
    identitySource: session.identitySource,
    permissions: session.user.permissions,
    ...(session.signedInAt !== undefined && { signedInAt: toIsoTime(session.signedInAt) }),
    ...(session.bound === true && { bound: true }),
  };
  const { label, ...rest } = device;
  return {
    text: asLines({ state, ...view, ...more, device: label, ...rest }),
    json: { state, session: { ...view, ...more, device } },
  };
}

async function itemOf(
  { documents, located }: SessionsContext,
  key: { readonly pk: string },
): Promise<Record<string, unknown> | undefined> {
  const input = { TableName: located.sessionsTable, Key: key, ConsistentRead: true };
  return (await documents.send(new GetCommand(input))).Item;
}

/** A line a member: its name, then its value. */
function asLines(members: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(members);
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => `${name.padEnd(width)}  ${inWords(members[name])}`).join("\n");
}

const inWords = (value: unknown): string =>
  printable(Array.isArray(value) ? value.join(", ") || "none" : String(value));
