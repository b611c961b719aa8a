import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import type { Draws } from "../../test/support/seeded.ts";
import type { Call, Operation } from "../model/call.ts";
import { SIGN_IN_USER as USER } from "../model/scenario.ts";

/** Who there is in a history. */
export interface Cast {
  readonly policy: SessionPolicy;
  readonly signIns: Map<string, SignIn>;
  /** Operations that made or used a session: their names, or their sign-ins', stand for it. */
  readonly made: Operation[];
}

const SECOND = 1000;

const WEIGHTS = {
  "use of a new sign-in": 25,
  use: 40,
  login: 9,
  "login by a sign-in": 7,
  logoutSignIn: 6,
  logout: 3,
  endOne: 4,
  endOthers: 3,
  revoke: 4,
  revokeOne: 3,
} as const;

/** The next call of a history, whoever makes it. New sign-ins may be some seconds old. */
export function nextCall(
  draws: Draws,
  { policy, signIns, made }: Cast,
  { name, time }: { readonly name: string; readonly time: number },
): Call {
  const kind = draws.weighted(WEIGHTS);
  const newSignIn = (): string => {
    const agoMs = draws.pick([0, SECOND, 3 * SECOND, 20 * SECOND, 300 * SECOND]);
    signIns.set(name.toUpperCase(), {
      issuer: "https://issuer.example",
      userId: USER,
      sessionClaim: name,
      signedInAt: Math.floor((time - agoMs) / SECOND) * SECOND,
      identifiedBy: "claim",
    });
    return name.toUpperCase();
  };
  const known = [...signIns.keys()];
  const aSignIn = (): string => (known.length === 0 ? newSignIn() : draws.pick(known));
  const sessions = made.map(({ name: own, call }) => (call.call === "use" ? call.signIn : own));
  const session = sessions.length === 0 ? undefined : draws.pick(sessions);
  const use = (signIn: string): Call => ({ call: "use", user: USER, signIn, policy });
  switch (kind) {
    case "use of a new sign-in":
      return use(newSignIn());
    case "use":
      return use(aSignIn());
    case "login":
      return { call: "login", user: USER, policy };
    case "login by a sign-in":
      return { call: "login", user: USER, policy, signIn: aSignIn() };
    case "logoutSignIn":
      return { call: "logoutSignIn", user: USER, signIn: aSignIn() };
    case "revoke":
      return { call: "revoke", user: USER };
    case "logout":
    case "endOthers":
      return session === undefined ? use(aSignIn()) : { call: kind, session };
    case "endOne":
      return session === undefined ? use(aSignIn()) : { call: kind, session, target: draws.pick(sessions) };
    case "revokeOne":
      return session === undefined ? use(aSignIn()) : { call: kind, user: USER, target: session };
  }
}
