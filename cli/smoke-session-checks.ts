import { DEVICES } from "./smoke-browser.ts";
import type { Check } from "./smoke-check.ts";
import { CheckSkipped, expectThat } from "./smoke-failures.ts";
import { displacement } from "./smoke-displacement-check.ts";
import type { World } from "./smoke-world.ts";

const touch: Check = {
  name: "activity is recorded by GET /session (touch)",
  async run(world) {
    const { browser, sessionId } = await world.signedIn(await world.newUser());
    await world.age(sessionId);
    const aged = await world.lastSeenAt(sessionId);
    const answer = await browser.call("GET", `${world.url}/session`);
    expectThat(answer.status === 200, `GET /session: ${answer.summary}`);
    const now = await world.lastSeenAt(sessionId);
    expectThat(now > aged, NOT_RECORDED("validate"));
    return `moved on by ${seconds(now - aged)}`;
  },
};

const authorizer: Check = {
  name: "the authorizer lets a live session through, and records activity",
  async run(world) {
    const user = await world.newUser();
    const { browser, sessionId } = await world.signedIn(user);
    await world.age(sessionId);
    const aged = await world.lastSeenAt(sessionId);
    const answer = await authorize(world, browser.token);
    expectThat(answer["isAuthorized"] === true, `a live session: ${shown(answer)}`);
    const context = answer["context"] as { userId?: unknown; sessionId?: unknown } | undefined;
    expectThat(context?.userId === user.id, "the context names another user");
    expectThat(context.sessionId === sessionId, "the context names another session");
    const now = await world.lastSeenAt(sessionId);
    expectThat(now > aged, NOT_RECORDED("authorize"));
    return `isAuthorized: true; activity moved on by ${seconds(now - aged)}`;
  },
};

const authorizerEnded: Check = {
  name: "the authorizer refuses an ended session",
  async run(world) {
    const { browser } = await world.signedIn(await world.newUser());
    const before = await authorize(world, browser.token);
    expectThat(before["isAuthorized"] === true, `the session while live: ${shown(before)}`);
    await browser.call("POST", `${world.url}/logout`);
    for (const [what, token] of [
      ["the ended session", browser.token],
      ["no token", undefined],
    ] as const) {
      const answer = await authorize(world, token);
      expectThat(answer["isAuthorized"] === false, `${what}: ${shown(answer)}`);
    }
    return "isAuthorized: false";
  },
};

const protectedRoute: Check = {
  name: "the protected route is open to a live session only",
  async run(world) {
    const { protectedUrl } = world;
    if (protectedUrl === undefined)
      throw new CheckSkipped("name a route behind the authorizer by --protected");
    const { browser } = await world.signedIn(await world.newUser());
    const live = await browser.call("GET", protectedUrl);
    expectThat(live.status < 400, `a live session: ${live.summary}`);
    await browser.call("POST", `${world.url}/logout`);
    const ended = await browser.call("GET", protectedUrl);
    expectThat([401, 403].includes(ended.status), `after the logout: ${ended.summary}`);
    return `${live.status}, after the logout ${ended.status}`;
  },
};

const logout: Check = {
  name: "a logout ends the session",
  async run(world) {
    const { browser } = await world.signedIn(await world.newUser());
    const usesCookie = browser.bearer === undefined;
    const answer = await browser.call("POST", `${world.url}/logout`);
    expectThat(answer.status === 204, `POST /logout: ${answer.summary}`);
    const cleared = answer.headers.getSetCookie().some((line) => /^__Host-session=;.*max-age=0/i.test(line));
    expectThat(cleared || !usesCookie, "204, and the cookie was not cleared");
    const after = await browser.call("GET", `${world.url}/session`);
    expectThat(after.status === 401 && after.body.code === "session_logged_out", `then ${after.summary}`);
    return `204, then ${after.summary}`;
  },
};

const ownSessions: Check = {
  name: "one's own sessions are listed and can be ended",
  async run(world) {
    const { browser, sessionId } = await world.signedIn(await world.newUser(), { userAgent: DEVICES.second });
    const list = await browser.call("GET", `${world.url}/sessions`);
    expectThat(list.status === 200, `GET /sessions: ${list.summary}`);
    const current = list.body.sessions?.find((session) => session.current === true);
    expectThat(current?.id === sessionId, "GET /sessions does not have the session that asks");
    const ended = await browser.call("DELETE", `${world.url}/sessions`);
    expectThat(ended.status === 200, `DELETE /sessions: ${ended.summary}`);
    return `"${current.device.label}"; DELETE /sessions ended ${ended.body.sessionCount ?? "?"} others`;
  },
};

/** As an HTTP API asks its request authorizer, payload format 2.0. */
function authorize(world: World, token: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  const path = "/smoke-check";
  return world.invoke(world.located.authorizeFunction, {
    version: "2.0",
    type: "REQUEST",
    routeKey: `GET ${path}`,
    rawPath: path,
    rawQueryString: "",
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    requestContext: { http: { method: "GET", path }, routeKey: `GET ${path}` },
  });
}

const shown = ({ isAuthorized }: Readonly<Record<string, unknown>>): string =>
  `isAuthorized: ${JSON.stringify(isAuthorized)}`;
const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 1000)} s`;
const NOT_RECORDED = (name: string): string =>
  `the session is live and its activity was not recorded: look for "touch failed" in the log of ${name}`;

/** How sessions live and end. */
export const SESSION_CHECKS: readonly Check[] = [
  touch,
  displacement,
  authorizer,
  authorizerEnded,
  protectedRoute,
  ownSessions,
  logout,
];
