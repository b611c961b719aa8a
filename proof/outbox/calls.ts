import { randomnessOf } from "../model/operation.ts";
import type { ModelledProduct } from "../model/product.ts";
import type { StoreDependencies } from "../../src/sessions/dependencies.ts";
import type { SeenPlace } from "../../src/sessions/places.ts";
import type { SessionPolicy } from "../../src/sessions/policy.ts";
import type { Device, DeviceId } from "../../src/sessions/session.ts";
import type { SignIn } from "../../src/sessions/sign-in.ts";
import type { SessionId, SessionToken } from "../../src/sessions/token.ts";
import type { Draws } from "../../test/support/seeded.ts";
import { SESSIONS, SIGN_IN } from "../model/request.ts";

/** What clients and administrators do to the sessions of a history. */

/** A client with a session, as its login told it. */
interface Holder {
  readonly userId: string;
  readonly credential: SessionToken | SignIn;
  readonly id: SessionId;
}

/** Who there is, and what they know. */
export interface Society {
  readonly policy: SessionPolicy;
  /** Logins come mostly from two devices, one after the other. */
  readonly quarrels: boolean;
  readonly holders: Holder[];
  readonly signIns: SignIn[];
  /** Whatever no event may contain. */
  readonly secrets: Set<string>;
}

const OWN = "ann";
const BOUND = "pool:bob";
export const USERS = [OWN, BOUND];
const SECOND = 1000;

export const DEVICES: readonly Device[] = ["A", "B", "C"].map((name) => ({
  id: name.repeat(43) as DeviceId,
  label: `Browser ${name}`,
  class: name === "B" ? "mobile" : "desktop",
  userAgent: `agent-of-${name}`,
  address: `address-of-${name}`,
}));

const WEIGHTS = {
  login: 30,
  "login that presents": 5,
  "use of a sign-in": 18,
  "logout of a sign-in": 4,
  validate: 24,
  logout: 8,
  endOne: 5,
  endOthers: 4,
  revoke: 8,
  "revoke that runs out of time": 4,
  revokeOne: 5,
} as const;

type Tools = Pick<
  StoreDependencies,
  "documents" | "settings" | "clock" | "sleep" | "jitter" | "stopwatch" | "seenWhole"
>;

/** An operation: its name, and how it is run. What it learns it adds to the society. */
export interface Play {
  readonly what: string;
  run(tools: Tools): Promise<unknown>;
}

/** The next thing that somebody does. */
export function nextPlay(
  product: ModelledProduct,
  draws: Draws,
  society: Society,
  { name, time }: { readonly name: string; readonly time: number },
): Play {
  const kind = draws.weighted(WEIGHTS);
  const holder = society.holders.length === 0 ? undefined : draws.pick(society.holders.slice(-6));
  const device = society.quarrels ? draws.pick(DEVICES.slice(0, 2)) : draws.pick(DEVICES);
  const login = { device, presents: undefined };
  const play = (what: string, run: Run): Play => ({
    what,
    run: (tools) => run(storesOf(product, name, tools), tools),
  });
  switch (kind) {
    case "login":
      return play(kind, logIn(society, login));
    case "login that presents":
      return play(kind, logIn(society, { device, presents: holder }));
    case "use of a sign-in":
      return play(kind, use(society, device, signIn(draws, society, name, time)));
    case "logout of a sign-in":
      return play(kind, ({ signIns }, tools) =>
        signIns.logOutSignIn(requestOf(society, device, signIn(draws, society, name, tools.clock()))),
      );
    case "revoke":
      return play(kind, ({ store }) => store.revoke({ userIds: USERS, revokedBy: "administrator" }));
    case "revoke that runs out of time":
      return play(kind, ({ store }, { clock }) =>
        store.revoke({ userIds: USERS, revokedBy: "administrator", deadline: clock() + 3 * SECOND }),
      );
    case "validate":
    case "logout":
    case "endOne":
    case "endOthers":
    case "revokeOne":
      return holder === undefined
        ? play("login", logIn(society, login))
        : play(kind, byHolder(kind, holder, society, draws, device));
  }
}

type Stores = ReturnType<typeof storesOf>;
type Run = (stores: Stores, tools: Tools) => Promise<unknown>;

function storesOf(product: ModelledProduct, name: string, tools: Tools) {
  const signIns = { tableName: SIGN_IN, isOfSource: (userId: string) => userId === BOUND };
  const options = { ...tools, tableName: SESSIONS, random: randomnessOf(name), signIns };
  return { store: product.createSessionStore(options), signIns: product.createSignInStore(options) };
}

function byHolder(
  kind: string,
  { credential, id, userId }: Holder,
  society: Society,
  draws: Draws,
  device: Device,
): Run {
  const another = draws.pick(society.holders.filter((other) => other.userId === userId));
  const isToken = "reveal" in credential;
  switch (kind) {
    case "validate":
      return ({ store, signIns }) =>
        isToken
          ? store.validate(credential, { from: seenOn(device) })
          : signIns.validateSignIn(requestOf(society, device, credential));
    case "logout":
      return ({ store }) => store.logout(credential);
    case "endOne":
      return ({ store }) => store.endOne(credential, another.id);
    case "endOthers":
      return ({ store }) => store.endOthers(credential);
    default:
      return ({ store }) => {
        const spare = () => Promise.resolve(false);
        return store.revokeOne({ sessionId: id, revokedBy: "administrator", spare });
      };
  }
}

const logIn =
  (society: Society, { device, presents }: { device: Device; presents: Holder | undefined }): Run =>
  async ({ store }) => {
    const outcome = await store.login({
      user: { id: OWN, isAdmin: false, permissions: [] },
      identitySource: "trusted",
      device,
      place: seenOn(device)(),
      policy: society.policy,
      ...(presents !== undefined && { presented: presents.credential }),
    });
    if (outcome.outcome !== "logged-in") return;
    society.secrets.add(outcome.token.reveal());
    society.holders.push({ userId: OWN, credential: outcome.token, id: outcome.session.id });
  };

const use =
  (society: Society, device: Device, one: SignIn): Run =>
  async ({ signIns }) => {
    const outcome = await signIns.useSignIn(requestOf(society, device, one));
    if (outcome.outcome === "live")
      society.holders.push({ userId: BOUND, credential: one, id: outcome.session.id });
  };

/** One that is known, or a new one. */
function signIn(draws: Draws, { signIns }: Society, name: string, time: number): SignIn {
  if (signIns.length > 0 && draws.chance(0.4)) return draws.pick(signIns);
  const one: SignIn = {
    issuer: "https://issuer.example",
    userId: BOUND,
    sessionClaim: name,
    signedInAt: Math.floor(time / SECOND) * SECOND,
    identifiedBy: "claim",
  };
  signIns.push(one);
  return one;
}

const requestOf = ({ policy }: Society, device: Device, one: SignIn) => ({
  signIn: one,
  user: { id: BOUND, isAdmin: false, permissions: [] },
  identitySource: "pool",
  device,
  from: seenOn(device),
  policy: () => Promise.resolve(policy),
});

/** Whoever has a token uses it on any device: each is in a network of its own. */
const seenOn =
  ({ label, class: deviceClass }: Device) =>
  (): SeenPlace => ({
    ...{ label, class: deviceClass, by: "cookie" },
    network: `192.0.${label.charCodeAt(label.length - 1)}.0/24`,
  });
