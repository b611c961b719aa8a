import { describe, expect, test } from "vitest";
import { createSessionClient, type SessionClientOptions, type TokenStore } from "../../client/index.ts";
import type { CallOf } from "../../src/api/calls.ts";
import { END_OTHER_SESSIONS } from "../../src/api/end-other-sessions.ts";
import { END_SESSION } from "../../src/api/end-session.ts";
import { GET_SESSION, WATCH } from "../../src/api/get-session.ts";
import { LIST_OWN_SESSIONS } from "../../src/api/list-own-sessions.ts";
import { LOGIN } from "../../src/api/login.ts";
import { LOGOUT } from "../../src/api/logout.ts";
import type { RequestOf, ResponseOf, Route } from "../../src/api/parts/call.ts";
import { fillPath } from "../../src/api/parts/path.ts";
import type {
  AllTrue,
  CallerView,
  LimitChoice,
  OwnSessionView,
  Same,
  StatedDevice,
} from "../../src/api/parts/shapes.ts";
import type { Credentials } from "../../client/index.ts";

type Answer<R extends Route> = ResponseOf<CallOf<R>>;
type Sends<A, B> = [A] extends [B] ? true : false;

/** What the client says of the calls is what the contract says. */
export type Checked = AllTrue<
  [
    Sends<Credentials & LimitChoice & { device?: StatedDevice }, RequestOf<CallOf<typeof LOGIN>>>,
    Same<Answer<typeof GET_SESSION>, CallerView>,
    Same<Answer<typeof LIST_OWN_SESSIONS>, { readonly sessions: readonly OwnSessionView[] }>,
    Same<Answer<typeof END_OTHER_SESSIONS>, { readonly sessionCount: number }>,
    Same<Answer<typeof END_SESSION>, undefined>,
    Same<Answer<typeof LOGOUT>, undefined>,
  ]
>;

interface Sent {
  readonly url: string;
  readonly init: RequestInit;
}

/** A client whose requests are kept, each of them answered as told. */
function recorded(answer: () => Response, options: SessionClientOptions = {}) {
  const sent: Sent[] = [];
  const fetch = (url: string, init: RequestInit): Promise<Response> => {
    sent.push({ url, init });
    return Promise.resolve(answer());
  };
  return { client: createSessionClient({ fetch, ...options }), sent };
}

const LIVE = { user: { id: "alice" }, session: { id: "S" }, displaced: [], token: "T" };

test("each call is one of the contract, below the given address", async () => {
  const { client, sent } = recorded(() => Response.json({ ...LIVE, sessions: [], sessionCount: 0 }), {
    url: "https://api.example.com/auth/",
  });
  await client.logIn({ username: "alice", password: "x" });
  await client.logOut();
  await client.session();
  await client.session({ watch: true });
  await client.sessions();
  await client.endSession("a/b");
  expect(await client.endOtherSessions()).toMatchObject({ outcome: "ok" });
  const calls = (
    [
      [LOGIN, LOGIN.path],
      [LOGOUT, LOGOUT.path],
      [GET_SESSION, GET_SESSION.path],
      [GET_SESSION, `${GET_SESSION.path}?${WATCH.name}=${WATCH.value}`],
      [LIST_OWN_SESSIONS, LIST_OWN_SESSIONS.path],
      [END_SESSION, fillPath(END_SESSION.path, { id: "a/b" })],
      [END_OTHER_SESSIONS, END_OTHER_SESSIONS.path],
    ] as const
  ).map(([{ method }, path]) => `${method} https://api.example.com/auth${path}`);
  expect(sent.map(({ url, init }) => `${init.method ?? ""} ${url}`)).toEqual(calls);
});

test("at the limit the choice goes with the same credentials, again and again", async () => {
  const sessions = [{ id: "one" }, { id: "two" }];
  let answers = 0;
  const { client, sent } = recorded(() =>
    ++answers < 3
      ? Response.json(
          { code: "session_limit", atLimit: "ask", sessions },
          { status: 409, headers: { "content-type": "application/problem+json" } },
        )
      : Response.json(LIVE, { status: 201 }),
  );
  const device = { label: "MyBank" };
  let answer = await client.logIn({ idToken: "I", nonce: "N" }, { device });
  for (const choice of [{ end: ["one"] }, { takeover: true }]) {
    if (answer.outcome !== "session-limit") throw new Error(answer.outcome);
    expect(answer).toMatchObject({ atLimit: "ask", sessions });
    answer = await answer.choose(choice);
  }
  expect(answer).toMatchObject({ outcome: "signed-in", displaced: [] });
  const bodies = sent.map(({ init }) => JSON.parse(init.body as string) as unknown);
  const first = { idToken: "I", nonce: "N", device };
  expect(bodies).toEqual([first, { ...first, end: ["one"] }, { ...first, end: ["one"], takeover: true }]);
});

describe("with a store of tokens", () => {
  function kept(first?: string): TokenStore & { now: string | undefined } {
    const store = {
      now: first,
      get: () => Promise.resolve(store.now),
      set: (token: string | undefined) => void (store.now = token),
    };
    return store;
  }

  test("the token is asked for, kept, sent, and forgotten at the logout", async () => {
    const tokens = kept();
    const { client, sent } = recorded(() => Response.json({ ...LIVE, sessions: [] }), { tokens });
    const answer = await client.logIn({ username: "alice", password: "x" });
    expect(answer).not.toHaveProperty("token");
    expect(tokens.now).toBe("T");
    await client.sessions();
    await client.logOut();
    expect(tokens.now).toBeUndefined();
    expect(JSON.parse(sent[0]?.init.body as string)).toMatchObject({ deliver: "token" });
    const headers = sent.map(({ init }) => new Headers(init.headers).get("authorization"));
    expect(headers).toEqual([null, "Bearer T", "Bearer T"]);
  });

  test("a logout that nobody answered forgets nothing", async () => {
    const tokens = kept("T");
    const unreachable = () => Promise.reject(new TypeError("Failed to fetch"));
    const client = createSessionClient({ fetch: unreachable, tokens });
    expect(await client.logOut()).toEqual({ outcome: "unreachable" });
    expect(tokens.now).toBe("T");
  });

  test("watching sends it, as it is at each question", async () => {
    const tokens = kept("first");
    const ended = Promise.withResolvers<unknown>();
    let asked = 0;
    const { client, sent } = recorded(
      () => {
        tokens.now = "second";
        return ++asked < 2
          ? Response.json(LIVE)
          : Response.json({ code: "session_displaced", by: { device: "Pixel" } }, { status: 401 });
      },
      { tokens, url: "https://api.example.com" },
    );
    client.watch({ onEnded: ended.resolve, intervalMs: 1 });
    expect(await ended.promise).toEqual({ code: "session_displaced", by: { device: "Pixel" } });
    expect(sent.map(({ init }) => new Headers(init.headers).get("authorization"))).toEqual([
      "Bearer first",
      "Bearer second",
    ]);
    expect(new Set(sent.map(({ url }) => url))).toEqual(new Set(["https://api.example.com/session?watch=1"]));
  });
});

test("a refusal of another server than the API is a refusal with the code unknown", async () => {
  const { client } = recorded(() => new Response("<html>", { status: 502, headers: { "retry-after": "7" } }));
  expect(await client.session()).toMatchObject({
    outcome: "refused",
    problem: { status: 502, code: "unknown", retryAfter: 7 },
  });
});

test("a mistake in code is thrown, and not taken for an outage", async () => {
  const fetch = (): Promise<Response> => Promise.resolve({} as Response);
  await expect(createSessionClient({ fetch }).session()).rejects.toThrow(TypeError);
});

test.each([
  [
    { url: "https://api.example.com?x=1" },
    /^createSessionClient: url is "https:.*; accepted is text without/,
  ],
  [{ credentials: "always" }, /credentials is "always"; accepted is include, omit or same-origin\./],
  [{ tokens: { get: () => "T" } }, /tokens is \[object Object\]; accepted is an object with get and set\./],
  [{ baseUrl: "/auth" }, /an option is "baseUrl"; accepted is url, credentials, tokens, fetch\./],
  [{ fetch: "fetch" }, /fetch is "fetch"; accepted is a function/],
])("an option that cannot be right throws: %j", (options, message) => {
  expect(() => createSessionClient(options as never)).toThrow(message);
});
