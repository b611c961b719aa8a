import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import * as z from "zod/mini";
import { CONTENTION_SUSPICIONS, DEVICE_CLASSES } from "../sessions/session.ts";
import { sessionIdInKey, sessionKey } from "../sessions/table.ts";
import type { SessionId } from "../sessions/token.ts";

/** Epoch milliseconds, of a year that a date can have. */
const TIME = z.number().check(z.minimum(0), z.maximum(8.64e15));

const DEVICE = z.object({ label: z.string(), class: z.enum(DEVICE_CLASSES) });

/** What of a session's item the outbox looks at. */
const SEEN_SESSION = z.object({
  userId: z.string(),
  identitySource: z.string(),
  device: DEVICE,
  era: z.string(),
  createdAt: TIME,
  lastSeenAt: TIME,
  idleExpiresAt: TIME,
  expiresAt: TIME,
  channel: z.optional(z.string()),
  contention: z.optional(
    z.object({
      devices: z.tuple([DEVICE, DEVICE]),
      displacements: z.number(),
      suspicion: z.optional(z.enum(CONTENTION_SUSPICIONS)),
    }),
  ),
});

/** What more it looks at where a touch has found the session suspect. */
const SEEN_PLACES = z.object({
  suspectedAt: TIME,
  place: z.extend(DEVICE, { before: DEVICE, switches: z.array(z.unknown()).check(z.minLength(1)) }),
});

/** A session as a record of the stream shows it. Times are epoch milliseconds. */
export type SeenSession = z.output<typeof SEEN_SESSION> & { readonly id: SessionId };

/** From where it is used by turns. */
export type SeenPlaces = z.output<typeof SEEN_PLACES>;

/** What a record of the stream says. `at` is the record's own time, in epoch milliseconds, whole seconds. */
export type Reading =
  /** Not a change of which sessions there are: a touch, a roster, an ending, another item. */
  | { readonly reading: "ignored" }
  /** A session was inserted long after it began: somebody copied it into the table. */
  | { readonly reading: "copied"; readonly sessionId: SessionId }
  | { readonly reading: "started"; readonly at: number; readonly session: SeenSession }
  /** A touch found that the session is used from two places by turns. */
  | {
      readonly reading: "suspected";
      readonly at: number;
      readonly session: SeenSession;
      readonly places: SeenPlaces;
    }
  | {
      readonly reading: "removed";
      readonly at: number;
      readonly session: SeenSession;
      readonly byTtl: boolean;
    }
  /** Of a session, and not as this outbox knows them. `problem` has names of members, and no values. */
  | { readonly reading: "unreadable"; readonly sessionId: SessionId; readonly problem: string };

const SESSION_PREFIX = sessionKey("").pk;
/** A login commits within seconds of its session's `createdAt`; nobody restores a copy as fast. */
const LONGEST_LOGIN_MS = 5 * 60_000;
/** Who removes an item for DynamoDB's time to live. */
const TTL_PRINCIPAL = "dynamodb.amazonaws.com";

/** Reads a record, whatever the mapping's filter has let through. */
export function readRecord({ dynamodb: change, userIdentity }: DynamoDBRecord): Reading {
  const pk = change?.Keys?.["pk"]?.S;
  if (change === undefined || pk?.startsWith(SESSION_PREFIX) !== true) return { reading: "ignored" };
  const sessionId = sessionIdInKey(pk) as SessionId;
  const { NewImage: after, OldImage: before, ApproximateCreationDateTime: seconds } = change;
  const isTouch = after !== undefined && before !== undefined;
  if (isTouch && !isSuspectedNow(after, before)) return { reading: "ignored" };
  const image = after ?? before;
  const unreadable = (problem: string) => ({ reading: "unreadable", sessionId, problem }) as const;
  if (image === undefined) return unreadable("neither NewImage nor OldImage is there");
  if (typeof seconds !== "number") return unreadable("ApproximateCreationDateTime is not there");
  const item = plain(image);
  const checked = SEEN_SESSION.safeParse(item);
  if (!checked.success) return unreadable(problemIn(checked.error));
  const session = { ...checked.data, id: sessionId };
  const at = Math.floor(seconds) * 1000;
  if (isTouch) {
    const places = SEEN_PLACES.safeParse(item);
    return places.success
      ? { reading: "suspected", at, session, places: places.data }
      : unreadable(problemIn(places.error));
  }
  if (after === undefined) {
    return { reading: "removed", at, session, byTtl: isByTtl(userIdentity) };
  }
  return Math.abs(at - session.createdAt) <= LONGEST_LOGIN_MS
    ? { reading: "started", at, session }
    : { reading: "copied", sessionId };
}

function problemIn({ issues }: z.core.$ZodError): string {
  const members = issues.map(({ path, code }) => `${path.join(".")} (${code})`);
  return `the item is not as expected: ${members.join(", ")}`;
}

/** The one touch that is told. */
const isSuspectedNow = (after: Image, before: Image): boolean =>
  after["suspectedAt"] !== undefined && before["suspectedAt"] === undefined;

type Image = NonNullable<NonNullable<DynamoDBRecord["dynamodb"]>["NewImage"]>;

/** The item of an image; `undefined` where it is none, such as for a number that JavaScript has not. */
function plain(image: Image): unknown {
  try {
    return unmarshall(image as Parameters<typeof unmarshall>[0]);
  } catch {
    return undefined;
  }
}

/** `@types/aws-lambda` says nothing of it. Only DynamoDB's own deletions have one. */
const isByTtl = (userIdentity: unknown): boolean =>
  (userIdentity as { readonly principalId?: unknown } | undefined)?.principalId === TTL_PRINCIPAL;
