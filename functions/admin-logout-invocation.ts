import * as z from "zod/mini";
import { LOG_OUT_MEMBERS, type LogOutResult } from "../src/api/log-out-users.ts";
import { ACT_REASON } from "../src/api/parts/act-reason.ts";
import { fields } from "../src/api/parts/fields.ts";
import { USER_ID } from "../src/api/parts/user-id.ts";
import { refusal, type DirectRefusal } from "./direct-invocation.ts";
import type { Call } from "../src/http/endpoint.ts";
import type { FieldError } from "../src/api/parts/problems.ts";
import { checkJson } from "../src/http/schema.ts";
import { UnreadOutcomeError } from "../src/http/unread-outcome.ts";
import type { LogOutUsersRequest } from "./log-out-users.ts";

/**
 * An administrators' logout cannot carry out the event, and its sender reads no response: the
 * platform must try again, and then put the event where somebody finds it.
 */
export class RevocationRefusedError extends UnreadOutcomeError {
  override readonly name = "RevocationRefusedError";
}

/**
 * Users of an event are still to be logged out. Carrying the same event out again is harmless, and goes on.
 */
export class RevocationUnfinishedError extends UnreadOutcomeError {
  override readonly name = "RevocationUnfinishedError";
}

/** An invocation that came through no API: what it asks for, and whether its sender reads the answer. */
interface Invocation {
  readonly request: unknown;
  readonly isAnswered: boolean;
}

const ACTED = { ...LOG_OUT_MEMBERS, actor: z._default(USER_ID, "direct-invocation") };
const TRUE_OR_FALSE = "true or false";
const ONLY_ANSWERED = "false where nobody reads the answer";

/** A direct invocation: the invoker may name who is behind it, for the endings and the audit lines. */
const DIRECT_ADMIN_LOGOUT = fields({
  ...ACTED,
  /** Whether the invoker reads no answer, so that what goes wrong must be thrown. */
  asynchronous: z.optional(z.literal(false, { error: TRUE_OR_FALSE })),
});

/** The same where nobody reads the answer, which is all that a dry run gives. */
const ADMIN_LOGOUT_EVENT = fields({
  ...ACTED,
  dryRun: z.optional(z.literal(false, { error: ONLY_ANSWERED })),
  asynchronous: z.optional(z.boolean({ error: TRUE_OR_FALSE })),
});

const MEMBERS = Object.keys(ADMIN_LOGOUT_EVENT.shape);
/** Members that tell a request of ours: events of others may well have a `reason`. */
const TELLING: readonly string[] = ["userIds", "includeAdmins", "actor", "asynchronous"];
const ACCEPTED =
  "accepted are an event of EventBridge whose detail has userIds, and an object with userIds, " +
  "includeAdmins, actor, reason, asynchronous";

/**
 * Carries out an invocation that came through no API. A request, an object with at least one of our members
 * or none at all, is answered, also with a refusal. Whatever else comes (an event of EventBridge or
 * Scheduler, `Records` of a queue, a topic or a stream, the array of a pipe, text) is from somebody who reads
 * no answer, and so is a request that says `asynchronous`: what is refused there, or left unfinished, is
 * thrown.
 */
export async function answerInvocation(
  call: Call<unknown>,
  logOut: (request: LogOutUsersRequest) => Promise<LogOutResult>,
): Promise<LogOutResult | DirectRefusal> {
  const { request, isAnswered } = readInvocation(call.input);
  // Errors of what is thrown end up in logs, whatever the event has where: values are shown to none but their
  // sender.
  const checked = isAnswered
    ? checkJson(DIRECT_ADMIN_LOGOUT, request)
    : checkJson(ADMIN_LOGOUT_EVENT, request, { values: "hidden" });
  if (checked.outcome === "invalid") {
    call.record.count("RevocationsRefused");
    call.record.note({ code: "invalid_request" });
    call.record.audit({
      action: "admin_logout",
      phase: "ended",
      outcome: "refused",
      actor: isAnswered ? "direct-invocation" : "event",
    });
    if (isAnswered) {
      return refusal("invalid_request", "The event is not as this function accepts it.", {
        errors: checked.errors,
      });
    }
    throw new RevocationRefusedError(`nobody was logged out: ${inWords(checked.errors)} (${ACCEPTED})`);
  }
  const result = await logOut(checked.value);
  const left = result.unfinished.length;
  if (isAnswered || left === 0) return result;
  throw new RevocationUnfinishedError(
    `${left} of the event's users are still to be logged out; the audit lines of this call name them`,
  );
}

/** Names of members that are not ours are the sender's words too, and stay out of the log. */
const inWords = (errors: readonly FieldError[]): string =>
  errors
    .map((error) => (isOfOurs(error) ? error.detail : "It has a member that is not known here."))
    .join(" ");

const isOfOurs = (error: FieldError): boolean =>
  "pointer" in error && (error.pointer === "#" || MEMBERS.includes(error.pointer.split("/")[1] ?? ""));

function readInvocation(event: unknown): Invocation {
  if (!isObject(event)) return { request: event, isAnswered: false };
  if (isEnvelope(event)) return { request: requestOf(event), isAnswered: false };
  const names = Object.keys(event);
  const isOurs = names.length === 0 || names.some((name) => TELLING.includes(name));
  if (!isOurs) return { request: {}, isAnswered: false };
  // A word that is neither true nor false is refused, and thrown: its author meant to read no response.
  const isAnswered = !("asynchronous" in event) || event["asynchronous"] === false;
  return { request: event, isAnswered };
}

/** Records of a queue, topic or stream may have our members beside them only by mistake. */
const isEnvelope = (event: Fields): boolean =>
  "detail-type" in event || "detail" in event || "Records" in event;

/**
 * Of an EventBridge event the request is the `detail`, which an input transformer may have made text of; who
 * acts is the event's `source` where the detail names nobody. Events carry more than we ask for: only our
 * members are looked at.
 */
function requestOf({ detail, source }: Fields): unknown {
  const members = typeof detail === "string" ? parsed(detail) : detail;
  if (!isObject(members)) return members;
  const ours = MEMBERS.filter((name) => Object.hasOwn(members, name))
    // Events of others have reasons of any kind, and nobody's sessions may stay live for that.
    .filter((name) => name !== "reason" || ACT_REASON.safeParse(members[name]).success)
    .map((name) => [name, members[name]]);
  return { ...(source !== undefined && { actor: source }), ...Object.fromEntries(ours) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
