import { expect, onTestFinished, test, vi } from "vitest";
import {
  createSessionClient,
  createSessionKeeper,
  type ApiAnswer,
  type LoginAnswer,
  type SessionClient,
  type SessionEnded,
  type SignedInView,
} from "../../client/index.ts";

const view = (id: string): SignedInView => ({
  user: { id: "alice", isAdmin: false, permissions: [] },
  session: { id } as SignedInView["session"],
});
const refused = (code: string): ApiAnswer<never> => ({
  outcome: "refused",
  problem: { status: 401, code: code as "no_session", detail: "", errors: [], body: { code } },
});
const DISPLACED: SessionEnded = { code: "session_displaced", by: { device: "Pixel" } };

/** A keeper whose client answers as told, with all states that it went through. */
function keep(first: ApiAnswer<SignedInView>) {
  const watches: { readonly end: (ended: SessionEnded) => void; readonly signal: AbortSignal }[] = [];
  const session = vi.fn(() => Promise.resolve(first));
  const logIn = vi.fn((): Promise<LoginAnswer> => Promise.resolve({ outcome: "unreachable" }));
  const client = {
    session,
    logIn,
    logOut: () => Promise.resolve({ outcome: "ok" as const, value: undefined }),
    watch: ({ onEnded, signal }: Parameters<SessionClient["watch"]>[0]) =>
      void watches.push({ end: onEnded, signal: signal! }),
  } as unknown as SessionClient;
  const keeper = createSessionKeeper(client, { recordActivity: false });
  const statuses: string[] = [];
  keeper.subscribe(() => void statuses.push(keeper.state().status));
  onTestFinished(keeper.start());
  const live = () => watches.filter(({ signal }) => !signal.aborted);
  return { keeper, statuses, session, logIn, live };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a live session is watched until it ends; the page stays, and leaving it leads to the sign-in", async () => {
  const { keeper, statuses, live } = keep({ outcome: "ok", value: view("S") });
  await settled();
  expect(keeper.state()).toMatchObject({ status: "signed-in", session: { id: "S" } });
  live()[0]?.end(DISPLACED);
  expect(keeper.state()).toMatchObject({ status: "signed-in", ended: DISPLACED });
  expect(live()).toEqual([]);
  // Somebody signed in in another tab: what is below the notice is still the old session's.
  keeper.askAgain();
  await settled();
  expect(keeper.state()).toMatchObject({ ended: DISPLACED });
  keeper.leave();
  expect(keeper.state()).toEqual({ status: "signed-out", again: "alice" });
  expect(statuses).toEqual(["signed-in", "signed-in", "signed-out"]);
});

test("where the page hears of its session is a secret, and in no state", async () => {
  const live = { url: "wss://push.example/event/realtime", host: "push.example", channel: "a".repeat(32) };
  const { keeper } = keep({ outcome: "ok", value: { ...view("S"), live } as SignedInView });
  await settled();
  expect(keeper.state()).toEqual({ status: "signed-in", ...view("S") });
});

test.each([
  ["nobody is signed in", refused("no_session"), { status: "signed-out" }],
  [
    "the session has ended before",
    refused("session_expired"),
    { status: "signed-out", ended: { code: "session_expired" } },
  ],
  ["the API does not say", { outcome: "unreachable" } as const, { status: "unsure" }],
])("where %s, the state says so", async (_, answer, state) => {
  const { keeper, live } = keep(answer);
  await settled();
  expect(keeper.state()).toMatchObject(state);
  expect(live()).toEqual([]);
});

test("an answer that was asked for before a sign-in says nothing after it", async () => {
  const { keeper, session, logIn, live } = keep(refused("no_session"));
  await settled();
  const late = Promise.withResolvers<ApiAnswer<SignedInView>>();
  session.mockReturnValueOnce(late.promise);
  keeper.check();
  logIn.mockResolvedValueOnce({ outcome: "signed-in", displaced: [], ...view("N") });
  await keeper.logIn({ username: "alice", password: "x" });
  late.resolve(refused("session_displaced"));
  await settled();
  expect(keeper.state()).toMatchObject({ status: "signed-in", session: { id: "N" } });
  expect(live()).toHaveLength(1);
});

test("the choice at the limit signs in, as the login would have", async () => {
  const { keeper, logIn } = keep(refused("no_session"));
  await settled();
  const choose = () => Promise.resolve({ outcome: "signed-in" as const, displaced: [], ...view("N") });
  logIn.mockResolvedValueOnce({ outcome: "session-limit", atLimit: "ask", sessions: [], choose });
  const answer = await keeper.logIn({ username: "alice", password: "x" });
  expect(keeper.state()).toMatchObject({ status: "signed-out" });
  if (answer.outcome !== "session-limit") throw new Error(answer.outcome);
  await answer.choose({ takeover: true });
  expect(keeper.state()).toMatchObject({ status: "signed-in", session: { id: "N" } });
});

test("an outage changes nothing of what is known", async () => {
  const { keeper, session } = keep({ outcome: "ok", value: view("S") });
  await settled();
  session.mockResolvedValueOnce({ outcome: "unreachable" });
  keeper.check();
  await settled();
  expect(keeper.state()).toMatchObject({ status: "signed-in" });
  await keeper.logOut();
  expect(keeper.state()).toEqual({ status: "signed-out" });
});

test("where fetch takes no path, as in Node.js, the state is unsure, and the console says why", async () => {
  const errors: unknown[] = [];
  const log = vi.spyOn(console, "error").mockImplementation((error: unknown) => void errors.push(error));
  onTestFinished(() => log.mockRestore());
  const keeper = createSessionKeeper(createSessionClient());
  onTestFinished(keeper.start());
  await vi.waitFor(() => expect(keeper.state()).toMatchObject({ status: "unsure" }));
  expect(errors.map(String)).toEqual(["TypeError: Failed to parse URL from /session"]);
});

test("an option of the keeper that there is not throws", () => {
  expect(() => createSessionKeeper(createSessionClient(), { interval: 5 } as object)).toThrow(
    'createSessionKeeper: an option is "interval"; accepted is intervalMs, push, recordActivity.',
  );
});
