/**
 * What the responses hold, as plain types: the client (`client/`) takes them from here, and is compiled
 * without the types of Node.js and of zod. So the file imports nothing. `views.ts` has the schemas, which the
 * compiler holds to these types.
 */

/** Who is signed in, as it was at the login. */
export interface UserView {
  readonly id: string;
  readonly isAdmin: boolean;
  readonly permissions: readonly string[];
}

/** What can be said of the client. Nothing of it is proven. */
export interface DeviceView {
  /** For people: "Chrome on Windows". */
  readonly label: string;
  /** Tablets count as mobile. */
  readonly class: "mobile" | "desktop";
  /** As the client sent it, at most 256 characters. */
  readonly userAgent?: string;
  /** The source address that the API saw. */
  readonly address?: string;
}

/** One signed-in device or client of one user. Times are ISO 8601, in UTC. */
export interface SessionView {
  /** Safe to log and to show. */
  readonly id: string;
  readonly createdAt: string;
  /** The last activity that was recorded, which is done at intervals. */
  readonly lastSeenAt: string;
  /** When the session expires unless there is activity. */
  readonly idleExpiresAt: string;
  /** When it expires whatever happens. */
  readonly expiresAt: string;
  readonly device: DeviceView;
}

/** One of the caller's own sessions. */
export interface OwnSessionView extends SessionView {
  /** Only on the session that asked. */
  readonly current?: true;
}

/** A session that a login displaced. */
export interface DisplacedView {
  readonly id: string;
  /** When the user had logged in there. */
  readonly createdAt: string;
  readonly device: Pick<DeviceView, "label" | "class">;
}

/** Who is signed in, and by which session. */
export interface SignedInView {
  readonly user: UserView;
  readonly session: SessionView;
}

/**
 * Where a page hears that something happened to its session: AppSync Events. What comes there is a hint to
 * ask `GET /session?watch=1`, and says nothing itself.
 */
export interface LiveView {
  /** Of the WebSocket: `wss://<host>/event/realtime`. */
  readonly url: string;
  /** The HTTP host of the API, which connecting and subscribing name. */
  readonly host: string;
  /** The session's own name there: a secret, as the token is. The channel is `/sessions/<channel>`. */
  readonly channel: string;
}

/** What the caller of `GET /session` learns of itself. */
export interface CallerView extends SignedInView {
  /** Absent where push is off, and for sessions that began before it was on. */
  readonly live?: LiveView;
}

/** What a refusal at the session limit says. */
export interface SessionLimitView {
  /** `ask`: log in again with `takeover` or `end`. */
  readonly atLimit: "displace" | "deny" | "ask";
  /** The user's live sessions. */
  readonly sessions: readonly SessionView[];
}

/** One thing that is wrong with a request: a member of the body (a JSON pointer) or a query parameter. */
export type FieldError =
  | { readonly detail: string; readonly pointer: string }
  | { readonly detail: string; readonly parameter: string };

/** What a login may choose at the limit. */
export interface LimitChoice {
  /** Ends all other sessions. */
  readonly takeover?: boolean;
  /** The ids of the sessions to end. */
  readonly end?: readonly string[];
}

/** What a login may say of its device: its own word. */
export interface StatedDevice {
  readonly label?: string;
  readonly class?: "mobile" | "desktop";
}

/** Whether two types say the same. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** Compiles only where each of the types is `true`. */
export type AllTrue<Checks extends readonly true[]> = Checks;
