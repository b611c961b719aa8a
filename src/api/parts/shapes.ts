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

/** What of a device a record of activity keeps. */
export type ActivityDeviceView = Pick<DeviceView, "label" | "class">;

/** What was done on an administrator's, an operator's or a rule's account. */
export interface AdministratorsActView {
  readonly action: "log_out_users" | "end_session" | "start_job";
  /** The user id of who acted, or what an operator or a rule called itself. */
  readonly actor: string;
  readonly outcome: "done" | "unfinished" | "failed" | "refused" | "dry-run";
  /** The user ids that it was about, at most 100 of them. */
  readonly targets: readonly string[];
  /** How many it was about. */
  readonly targetCount: number;
  /** How many sessions ended, or would have. */
  readonly sessionCount?: number;
  /** Why, in the words of who acted. For administrators only. */
  readonly reason?: string;
  /** The log lines of the call have it. */
  readonly requestId: string;
}

/** Something that happened, as administrators see it. Times are ISO 8601, in UTC. */
export interface ActivityView {
  readonly id: string;
  readonly time: string;
  readonly kind: "started" | "ended" | "contention" | "suspected" | "denied" | "throttled" | "administered";
  readonly userId?: string;
  readonly sessionId?: string;
  readonly identitySource?: string;
  readonly device?: ActivityDeviceView;
  /** Of `contention` and `suspected`. */
  readonly devices?: readonly [ActivityDeviceView, ActivityDeviceView];
  /** Of `contention` and `suspected`: what raised it. */
  readonly suspicion?: "displacements" | "returns" | "places";
  /** How many displacements, returns or switches of place there were. */
  readonly times?: number;
  /** Of `ended`. */
  readonly reason?: "displaced" | "logged_out" | "revoked" | "expired" | "unknown";
  /** Of `ended`: who ended it, and for `displaced` the label of the device that signed in. */
  readonly by?: { readonly id: string; readonly device?: string };
  /** Of `ended`: when the session began. */
  readonly startedAt?: string;
  /** Of `administered`. */
  readonly act?: AdministratorsActView;
}

/** A sign-in of one's own, the end of a session, or a sign-in that the session limit refused. */
export interface OwnActivityView {
  readonly id: string;
  readonly time: string;
  readonly kind: "started" | "ended" | "denied";
  readonly sessionId?: string;
  /** Only where it is about the session that asked. */
  readonly current?: true;
  readonly device?: ActivityDeviceView;
  /** Of `ended`. */
  readonly reason?: "displaced" | "logged_out" | "revoked" | "expired" | "unknown";
  /** Of `ended`: oneself, one's device that signed in, or an administrator, operator or rule. */
  readonly by?: { readonly self: true } | { readonly device: string } | { readonly administrator: true };
  /** Of `ended`: when the session began. */
  readonly startedAt?: string;
}

/** Somebody who seems to share an account, or whose session is used from two places. */
export interface SuspectView {
  readonly userId: string;
  readonly firstAt: string;
  readonly lastAt: string;
  /** How often it was noticed. */
  readonly times: number;
  readonly suspicions: readonly ("displacements" | "returns" | "places")[];
  readonly devices: readonly [ActivityDeviceView, ActivityDeviceView];
  /** The session that it was last noticed of. */
  readonly sessionId?: string;
}

/** What happened in one hour. */
export interface ActivityHourView {
  /** When the hour began. */
  readonly hour: string;
  readonly started: number;
  readonly ended: Readonly<Record<"displaced" | "logged_out" | "revoked" | "expired" | "unknown", number>>;
  readonly denied: number;
  readonly throttled: number;
  readonly suspected: number;
  /** How many sessions were live, as last measured in that hour; absent where it was not. */
  readonly live?: number;
}

/** A list of users to log out, and how far that is. Times are ISO 8601, in UTC. */
export interface JobView {
  readonly id: string;
  /** `unfinished`: it ended, and users are left. */
  readonly state: "filling" | "running" | "finished" | "unfinished";
  /** On whose account. */
  readonly actor: string;
  readonly includeAdmins: boolean;
  readonly dryRun: boolean;
  /** Users a second at most. */
  readonly rate: number;
  /** Why, for administrators only. */
  readonly reason?: string;
  readonly users: number;
  readonly usersDone: number;
  readonly unfinished: number;
  readonly loggedOut: number;
  readonly sessionCount: number;
  readonly skipped: number;
  /** Users without a live session. */
  readonly unknown: number;
  /** How often it was started. */
  readonly runs: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly endedAt?: string;
}

/** Whether two types say the same. */
export type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** Compiles only where each of the types is `true`. */
export type AllTrue<Checks extends readonly true[]> = Checks;
