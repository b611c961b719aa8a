import fc from "fast-check";
import { AT_LIMIT, type SessionPolicy } from "../../src/sessions/policy.ts";
import { SIGN_INS_KEPT_MS } from "../../src/sessions/sign-in.ts";

/**
 * What one client does. Sessions are named by their place among those that there were before, dead ones
 * included.
 */
export type Step =
  | {
      readonly step: "login";
      readonly user: "alice" | "bob";
      readonly presented?: number;
      readonly end?: number;
      readonly takeover: boolean;
    }
  | { readonly step: "logout" | "endOthers" | "validate"; readonly session: number }
  | { readonly step: "endOne"; readonly session: number; readonly target: number }
  | { readonly step: "revoke" | "disable" }
  /** DynamoDB's TTL, at last: rosters, then sessions, then endings whose time has come. */
  | { readonly step: "ttl" };

export interface Client {
  readonly step: Step;
  /** How far the clock of the function that serves it is from the true one. */
  readonly skewMs: number;
}

/** A few operations of one user at once, the order of their requests, and what goes wrong meanwhile. */
export interface Plan {
  readonly policy: SessionPolicy;
  readonly logoutAllSessions: boolean;
  readonly idleTimeout: boolean;
  /** Whether alice is a user of the password directory; else somebody trusted vouches for her. */
  readonly hasPassword: boolean;
  /** How often alice logged in before; those beyond the limit are displaced already. */
  readonly before: number;
  /** How long ago that was. */
  readonly ageMs: number;
  /** How far time moves with each request. */
  readonly tickMs: number;
  readonly clients: readonly Client[];
  /**
   * Whose request goes next, turn by turn: of those that wait, in the order of the clients, beginning with
   * whoever went last. So zero is "go on", every other number is a switch, and after the last of them
   * everybody runs to the end in order. Removing turns and making them zero, which is how fast-check shrinks,
   * leads to the fewest switches that fail.
   */
  readonly turns: readonly number[];
  /** The write whose answer is lost, counted over all clients. */
  readonly lostAnswer?: number;
  /** The client whose function dies at its request of that number; the request still takes effect. */
  readonly crash?: { readonly client: number; readonly request: number };
  /** Each client's first batch of either kind is carried out in part only. */
  readonly unprocessed: boolean;
  /** Queries of an index find nothing: it is that far behind. */
  readonly indexLags: boolean;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Two function instances' clocks are at most 5 s apart. */
export const LARGEST_SKEW_MS = 2500;
export const IDLE_MS = 30 * MINUTE;
export const ABSOLUTE_MS = 12 * HOUR;
/** Past the touch interval, with an idle timeout and without one. */
const TOUCHABLE_MS = IDLE_MS / 10 + MINUTE;
const TOUCHABLE_WITHOUT_IDLE_TIMEOUT_MS = HOUR + MINUTE;
/** Past the roster's TTL: it may keep the time from which sign-ins count. */
const LONG_GONE_MS = SIGN_INS_KEPT_MS + MINUTE;

const session = fc.nat(2);
const unset = { nil: undefined };

const login = fc
  .record({
    step: fc.constant("login" as const),
    user: fc.oneof({ weight: 5, arbitrary: fc.constant("alice" as const) }, fc.constant("bob" as const)),
    presented: fc.option(session, { ...unset, freq: 2 }),
    end: fc.option(session, { ...unset, freq: 2 }),
    takeover: fc.boolean(),
  })
  .map(({ presented, end, ...rest }) => ({
    ...rest,
    ...(presented !== undefined && { presented }),
    ...(end !== undefined && { end }),
  }));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: login },
  { weight: 3, arbitrary: fc.record({ step: fc.constant("logout" as const), session }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("endOthers" as const), session }) },
  { weight: 2, arbitrary: fc.record({ step: fc.constant("endOne" as const), session, target: session }) },
  { weight: 3, arbitrary: fc.record({ step: fc.constant("validate" as const), session }) },
  { weight: 2, arbitrary: fc.constant({ step: "revoke" as const }) },
  { weight: 2, arbitrary: fc.constant({ step: "disable" as const }) },
  { weight: 2, arbitrary: fc.constant({ step: "ttl" as const }) },
);

const client: fc.Arbitrary<Client> = fc.record({
  step,
  skewMs: fc.constantFrom(0, 0, LARGEST_SKEW_MS, -LARGEST_SKEW_MS),
});

/** Plans of two and three operations; what fails shrinks to few clients, switches and circumstances. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    policy: fc.record({
      limit: fc.constantFrom(1, 1, 2, 3),
      atLimit: fc.constantFrom("displace" as const, ...AT_LIMIT),
    }),
    logoutAllSessions: fc.boolean(),
    idleTimeout: fc.boolean(),
    hasPassword: fc.boolean(),
    before: fc.nat(3),
    ageMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant(SECOND) },
      { weight: 4, arbitrary: fc.constant(TOUCHABLE_MS) },
      { weight: 2, arbitrary: fc.constantFrom(IDLE_MS, ABSOLUTE_MS) },
      { weight: 1, arbitrary: fc.constant(IDLE_MS + MINUTE) },
      { weight: 1, arbitrary: fc.constant(LONG_GONE_MS) },
    ),
    tickMs: fc.constantFrom(0, 0, 1, SECOND),
    clients: fc.array(client, { minLength: 2, maxLength: 3 }),
    // Few switches find most: a client goes on more often than not.
    turns: fc.array(fc.constantFrom(0, 0, 0, 1, 2), { maxLength: 16, size: "max" }),
    lostAnswer: fc.option(fc.nat(3), { ...unset, freq: 2 }),
    crash: fc.option(fc.record({ client: fc.nat(2), request: fc.nat(4) }), { ...unset, freq: 1 }),
    unprocessed: fc.boolean(),
    indexLags: fc.boolean(),
  })
  .map(fitting);

/**
 * Sessions that a step names exist, TTL comes when there is something for it, and whom to disable is in the
 * directory.
 */
function fitting({ lostAnswer, crash, ...plan }: Required<Undefinable<Plan>>): Plan {
  const steps = plan.clients.map(({ step: does }) => does);
  const hasTtl = steps.some(({ step: does }) => does === "ttl");
  const ageMs =
    plan.ageMs === TOUCHABLE_MS && !plan.idleTimeout ? TOUCHABLE_WITHOUT_IDLE_TIMEOUT_MS : plan.ageMs;
  return {
    ...plan,
    ...(lostAnswer !== undefined && { lostAnswer }),
    ...(crash !== undefined && { crash }),
    before: steps.some((does) => "session" in does || "presented" in does || "end" in does)
      ? Math.max(1, plan.before)
      : plan.before,
    ageMs: hasTtl ? LONG_GONE_MS : ageMs,
    hasPassword: plan.hasPassword || steps.some(({ step: does }) => does === "disable"),
  };
}

type Undefinable<T> = { [K in keyof T]: T[K] | undefined } & Pick<
  T,
  Exclude<keyof T, "lostAnswer" | "crash">
>;
