import { SECURITY_HEADERS } from "../src/http/reply.ts";
import type { Check } from "./smoke-check.ts";
import { CheckFailure, CheckSkipped, expectThat } from "./smoke-failures.ts";
import type { World } from "./smoke-world.ts";

const NO_PASSWORDS =
  "this stack has no password directory; sign-ins by direct invocation are checked instead";

function assertPasswords({ hasPasswords }: World): void {
  if (!hasPasswords) throw new CheckSkipped(NO_PASSWORDS);
}

const wrongPassword: Check = {
  name: "a wrong password is refused",
  async run(world) {
    assertPasswords(world);
    const user = await world.newUser();
    const { answer, browser } = await world.signIn({ ...user, password: "not the password of anybody" });
    expectThat(answer.status === 401 && answer.body.code === "invalid_credentials", answer.summary);
    expectThat(browser.token === undefined, `${answer.summary}, and yet a session cookie`);
    return answer.summary;
  },
};

const passwordLogin: Check = {
  name: "a login by password gives a live session",
  async run(world) {
    assertPasswords(world);
    const user = await world.newUser();
    const { browser } = await world.signedIn(user);
    const answer = await browser.call("GET", `${world.url}/session`);
    expectThat(answer.status === 200, `GET /session: ${answer.summary}`);
    expectThat(answer.body.user?.id === user.id, "GET /session names another user");
    return "201, then 200 with the same user";
  },
};

/** RFC 6265bis section 4.1.3; ASVS 3.3. */
const COOKIE_ATTRIBUTES = ["path=/", "secure", "httponly", "samesite=lax"];

const cookieAttributes: Check = {
  name: "the session cookie cannot be read by scripts or sent elsewhere",
  async run(world) {
    assertPasswords(world);
    const { answer } = await world.signIn(await world.newUser());
    const line = answer.cookies.find((text) => text.startsWith("__Host-session="));
    expectThat(line !== undefined, `${answer.summary}, without a cookie __Host-session`);
    const attributes = line
      .split(";")
      .slice(1)
      .map((text) => text.trim().toLowerCase());
    const missing = COOKIE_ATTRIBUTES.filter((attribute) => !attributes.includes(attribute));
    expectThat(missing.length === 0, `__Host-session without ${missing.join(", ")}`);
    expectThat(!attributes.some((text) => text.startsWith("domain=")), "__Host-session has a domain");
    return `__Host-session; ${COOKIE_ATTRIBUTES.join("; ")}`;
  },
};

const headers: Check = {
  name: "answers have the security headers and are never cached",
  async run(world) {
    const user = await world.newUser();
    const { browser } = await world.signedIn(user);
    const answers = [
      await browser.call("GET", `${world.url}/session`),
      await world.browser().call("GET", `${world.url}/session`),
      await world.browser().call("POST", `${world.url}/logout`),
    ];
    for (const { headers: sent, summary } of answers) {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
        const seen = sent.get(name);
        expectThat(seen === value, `${summary}: ${name} is ${seen ?? "missing"} instead of ${value}`);
      }
    }
    return `on ${answers.map(({ summary }) => summary).join(", ")}`;
  },
};

const crossSite: Check = {
  name: "a page of another site cannot make a browser act",
  async run(world) {
    const user = await world.newUser();
    const { browser } = await world.signedIn(user);
    // With the cookie's name, since no page can make a browser send a bearer token.
    const { token = "" } = browser;
    const foreign = { origin: "https://smoke-check.invalid", "sec-fetch-site": "cross-site" };
    const request = { headers: { ...foreign, cookie: `__Host-session=${token}` } };
    const refused = await world.browser().call("POST", `${world.url}/logout`, request);
    expectThat(refused.status === 403, `POST /logout: ${refused.summary}`);
    const still = await browser.call("GET", `${world.url}/session`);
    expectThat(still.status === 200, `403, and yet the session is ${still.summary}`);
    return `${refused.summary}; the session stays live`;
  },
};

const directLogin: Check = {
  name: "a login by direct invocation gives a live session",
  async run(world) {
    // The way of stacks without a directory, tried on all: a user of the directory has the password's way.
    const { id } = await world.newUser();
    const result = await world.invoke(world.located.loginFunction, { user: { id } });
    expectThat(typeof result["token"] === "string", `the function answered ${code(result)}`);
    const browser = world.browser();
    browser.bearer = result["token"];
    const answer = await browser.call("GET", `${world.url}/session`);
    expectThat(answer.status === 200 && answer.body.user?.id === id, `GET /session: ${answer.summary}`);
    const malformed = await world.invoke(world.located.loginFunction, { user: {} });
    if (malformed["code"] !== "invalid_request") {
      throw new CheckFailure(`an event without a user id: ${code(malformed)}`);
    }
    return "a token, live over HTTP";
  },
};

const code = (result: Readonly<Record<string, unknown>>): string =>
  typeof result["code"] === "string" ? result["code"] : "without a code";

/** Who gets in, and what an answer carries. */
export const SIGN_IN_CHECKS: readonly Check[] = [
  passwordLogin,
  wrongPassword,
  directLogin,
  cookieAttributes,
  headers,
  crossSite,
];
