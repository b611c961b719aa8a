/** What the lab's page gets of the local stack. Times are epoch milliseconds. No token is in any of it. */

/** A session as its item has it. */
export interface SessionRow {
  readonly id: string;
  readonly device: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly idleExpiresAt: number;
  readonly expiresAt: number;
  /** By the clock that the functions read. */
  readonly live: boolean;
}

export interface RosterRow {
  readonly version: string;
  readonly changedAt: number;
  readonly entries: readonly { readonly id: string; readonly device: string }[];
  /** What the last commit deleted. */
  readonly leaving: readonly string[];
}

export interface EndingRow {
  readonly id: string;
  readonly reason: string;
  readonly endedAt: number;
  readonly by: string;
  /** The label of the device that displaced it. */
  readonly byDevice?: string;
}

/** Everything that the sessions table has of one user, read consistently. */
export interface UserTables {
  readonly sessions: readonly SessionRow[];
  readonly roster?: RosterRow;
  readonly endings: readonly EndingRow[];
}

/** One action of a transaction, or a write of its own. */
export interface DrawnPart {
  readonly action: "put" | "delete" | "update" | "check";
  /** `roster alice`, `session 3f9c0a1b`, … */
  readonly item: string;
  readonly kind: "roster" | "session" | "ending" | "other";
  /** In plain words, made of what was sent. */
  readonly does: string;
  /** As it was sent, with names and values in their places. */
  readonly condition?: string;
  /** `held` is of a part without a condition too. */
  readonly outcome: "held" | "failed" | "unknown";
}

/** A transaction as it passed on its way to the database. */
export interface DrawnTransaction {
  readonly number: number;
  readonly at: number;
  /** The function that sent it. */
  readonly sender: string;
  readonly parts: readonly DrawnPart[];
  readonly outcome: "committed" | "cancelled" | "throttled" | "answer-lost" | "failed";
  /** How often these bytes had come before, under the same request token. */
  readonly repeats: number;
}

/** What happened, newest last. */
export type HappenedLine = { readonly number: number; readonly at: number } & (
  | {
      readonly kind: "request";
      /** `Device 1`, or the client's address where it is none of the lab's. */
      readonly from: string;
      readonly call: string;
      readonly status: number;
      /** The code of the problem, where it is one. */
      readonly code?: string;
    }
  | { readonly kind: "write"; readonly sender: string; readonly changes: readonly string[] }
  | { readonly kind: "lab"; readonly text: string }
);

export interface LabState {
  /** Changes when anything below may have. */
  readonly version: number;
  readonly clockOffsetMs: number;
  readonly tables: UserTables;
  readonly happened: readonly HappenedLine[];
  readonly transactions: readonly DrawnTransaction[];
}

/** What the page needs to know once. */
export interface LabSettings {
  readonly stackName: string;
  /** Whom the devices can sign in as. */
  readonly users: readonly string[];
  readonly devices: readonly { readonly origin: string; readonly label: string }[];
}

/** How many of several logins at once are live afterwards. */
export interface RaceRound {
  readonly logins: number;
  /** Whether each one's session is live, in the order of the logins. */
  readonly live: readonly boolean[];
  /** Logins that were not answered with success. */
  readonly failed: number;
}

export interface RaceResult {
  readonly ours: RaceRound & { readonly inTable: number };
  /** Round after round, until one has several live. */
  readonly usual: readonly RaceRound[];
}

/** How often a fault that was asked for came about. */
export interface FaultCount {
  readonly met: number;
}

/** What an administrator's logout answered, and the tables after it. */
export interface LogOutAnswer {
  readonly answer: unknown;
  readonly tables: UserTables;
}

export interface SweepAnswer {
  /** Items that time to live took away. */
  readonly deleted: number;
  readonly before: UserTables;
  readonly after: UserTables;
}

/** What a device tells the lab's page of a call that it made. */
export interface DeviceAnswer {
  readonly status: number;
  readonly code?: string;
  readonly sessionId?: string;
  /** The user who is signed in. */
  readonly user?: string;
  /** The label of the device that displaced this one. */
  readonly byDevice?: string;
}
