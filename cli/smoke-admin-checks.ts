import { PERMISSIONS } from "../src/identity/permissions.ts";
import type { Browser } from "./smoke-browser.ts";
import type { Check } from "./smoke-check.ts";
import { expectThat } from "./smoke-failures.ts";
import type { World } from "./smoke-world.ts";

async function revoked(world: World, browser: Browser): Promise<string> {
  const answer = await browser.call("GET", `${world.url}/session?watch=1`);
  expectThat(answer.status === 401, "the session is live all the same");
  expectThat(answer.body.code === "session_revoked", `the device reads ${answer.summary}`);
  expectThat(answer.body.by?.administrator === true, "the device is not told that it was an administrator");
  return `the device reads ${answer.summary}`;
}

const directAdminLogout: Check = {
  name: "administrators' logout by direct invocation",
  async run(world) {
    const user = await world.newUser();
    const { browser } = await world.signedIn(user);
    const result = await world.invoke(world.located.adminLogoutFunction, {
      userIds: [user.id],
      actor: "smoke-check",
    });
    const loggedOut = (result["loggedOut"] ?? []) as readonly { userId: string; sessionCount: number }[];
    const [one] = loggedOut;
    expectThat(
      one?.userId === user.id && one.sessionCount === 1,
      `the function answered ${JSON.stringify(result["code"] ?? loggedOut)}`,
    );
    return `1 session; ${await revoked(world, browser)}`;
  },
};

const httpAdminLogout: Check = {
  name: "administrators' logout over HTTP, and its lists",
  async run(world) {
    const user = await world.newUser();
    const { browser } = await world.signedIn(user);
    const staff = await world.signedIn(await world.newUser([PERMISSIONS.logOut]));
    const request = { body: { userIds: [user.id] } };
    const query = `?userId=${encodeURIComponent(user.id)}`;

    const forbidden = await browser.call("POST", `${world.url}/admin/logout`, request);
    expectThat(forbidden.status === 403, `without the permission: ${forbidden.summary}`);
    const sessions = await staff.browser.call("GET", `${world.url}/admin/sessions${query}`);
    expectThat(sessions.status === 200, `GET /admin/sessions: ${sessions.summary}`);
    const answer = await staff.browser.call("POST", `${world.url}/admin/logout`, request);
    expectThat(answer.status === 200, `POST /admin/logout: ${answer.summary}`);
    expectThat(answer.body.loggedOut?.[0]?.sessionCount === 1, "200, and it ended no session");
    const read = await revoked(world, browser);
    const endings = await staff.browser.call("GET", `${world.url}/admin/endings${query}`);
    expectThat(endings.status === 200, `GET /admin/endings: ${endings.summary}`);
    return `1 session; ${read}; without the permission ${forbidden.summary}`;
  },
};

/** What administrators do. */
export const ADMIN_CHECKS: readonly Check[] = [directAdminLogout, httpAdminLogout];
