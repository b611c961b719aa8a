import { Duration } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import type { SingleSessionProps } from "../../infra/single-session-props.ts";
import { SETTINGS } from "../../infra/settings/setting-sources.ts";
import { read } from "./read.ts";

/** Each setting is a prop: the compiler refuses a name that is none. */
SETTINGS satisfies readonly (keyof SingleSessionProps)[];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ONE = { limit: 1, atLimit: "displace" };
const UNLIMITED = { limit: 30, atLimit: "displace" };

describe("settings that are not given", () => {
  it("have the documented defaults", () => {
    expect(read({})).toEqual({
      functions: {
        era: "1",
        timeouts: { idle: 30 * MINUTE, absolute: 12 * HOUR },
        logoutAllSessions: true,
        reauthWithin: 15 * MINUTE,
        policy: ONE,
        allowedOrigins: [],
        activity: true,
        places: true,
      },
      allowedOrigins: [],
      identity: { passwords: true, oidc: [] },
      events: { push: true, activity: true },
      jobs: true,
    });
  });

  it("are also those that the context lists as null", () => {
    const context = { singleUserSession: null, sessionLimit: null, era: null, publicOrigin: null };
    expect(read({ context })).toEqual(read({}));
  });
});

describe("precedence", () => {
  it("lets a prop win over the environment, and that over the context", () => {
    const everywhere = {
      props: { logoutAllSessions: true },
      environment: { LOGOUT_ALL_SESSIONS: "no" },
      context: { logoutAllSessions: "yes" },
    };
    expect(read(everywhere).functions.logoutAllSessions).toBe(true);
    expect(read({ ...everywhere, props: {} }).functions.logoutAllSessions).toBe(false);
    expect(read({ context: everywhere.context }).functions.logoutAllSessions).toBe(true);
  });

  it("takes the upper-case names from environment and context", () => {
    expect(read({ environment: { SINGLE_USER_SESSION: "false" } }).functions.policy).toEqual(UNLIMITED);
    expect(read({ context: { SINGLE_USER_SESSION: "off" } }).functions.policy).toEqual(UNLIMITED);
    expect(read({ context: { LOGOUT_ALL_SESSIONS: 0 } }).functions.logoutAllSessions).toBe(false);
  });

  it("lets the first source that says anything of the policy decide alone", () => {
    const environment = { SINGLE_USER_SESSION: "false" };
    expect(read({ environment, context: { sessionLimit: 3 } }).functions.policy).toEqual(UNLIMITED);
    expect(read({ props: { sessionLimit: 3 }, environment }).functions.policy).toEqual({ ...ONE, limit: 3 });
  });

  it("takes no other setting from the environment", () => {
    expect(read({ environment: { era: "9", ERA: "9", idleTimeout: "1m" } })).toEqual(read({}));
  });
});

describe("booleans", () => {
  it.each([true, 1, "true", "1", "yes", "on", "TRUE", "Yes"])("%j means yes", (value) => {
    expect(read({ context: { logoutAllSessions: value } }).functions.logoutAllSessions).toBe(true);
    expect(read({ context: { singleUserSession: value } }).functions.policy).toEqual(ONE);
  });

  it.each([false, 0, "false", "0", "no", "off", "False"])("%j means no", (value) => {
    expect(read({ context: { logoutAllSessions: value } }).functions.logoutAllSessions).toBe(false);
    expect(read({ context: { singleUserSession: value } }).functions.policy).toEqual(UNLIMITED);
  });
});

describe("a policy for everybody", () => {
  it.each([
    [{ sessionLimit: 3 }, { limit: 3, atLimit: "displace" }],
    [
      { sessionLimit: "30", atLimit: "deny" },
      { limit: 30, atLimit: "deny" },
    ],
    [{ atLimit: "ask" }, { limit: 1, atLimit: "ask" }],
  ])("%j is %j", (context, policy) => {
    expect(read({ context }).functions.policy).toEqual(policy);
  });
});

describe("timeouts", () => {
  it.each([
    ["45s", 45_000],
    ["30m", 30 * MINUTE],
    ["12h", 12 * HOUR],
    [Duration.minutes(90), 90 * MINUTE],
    [Duration.seconds(1), 1000],
  ])("%s as idle timeout is so many milliseconds", (idleTimeout, milliseconds) => {
    expect(read({ props: { idleTimeout } }).functions.timeouts.idle).toBe(milliseconds);
  });

  it.each([
    [{ absoluteTimeout: "30d" }, { idle: 30 * MINUTE, absolute: 30 * 24 * HOUR }],
    [{ idleTimeout: "none" }, { idle: "none", absolute: 12 * HOUR }],
    [
      { idleTimeout: "12h", absoluteTimeout: "12h" },
      { idle: 12 * HOUR, absolute: 12 * HOUR },
    ],
    // The default idle timeout gives way to an absolute one that is shorter.
    [{ absoluteTimeout: "10m" }, { idle: 10 * MINUTE, absolute: 10 * MINUTE }],
  ])("%j is %j", (context, timeouts) => {
    expect(read({ context }).functions.timeouts).toEqual(timeouts);
  });
});

describe("lists", () => {
  it.each([
    [["https://app.example.com"], ["https://app.example.com"]],
    [
      "https://a.example.com, https://b.example.com:8443",
      ["https://a.example.com", "https://b.example.com:8443"],
    ],
    ["http://localhost:5173,http://127.0.0.1:8080", ["http://localhost:5173", "http://127.0.0.1:8080"]],
    [["https://a.example.com", "https://a.example.com"], ["https://a.example.com"]],
    ["", []],
  ])("%j as allowedOrigins is %j", (allowedOrigins, origins) => {
    expect(read({ context: { allowedOrigins } }).functions.allowedOrigins).toEqual(origins);
  });

  it.each([
    ["passwords", true],
    [["passwords"], true],
    [[], false],
    ["", false],
  ])("%j as identity has the password directory: %j", (identity, passwords) => {
    expect(read({ context: { identity } }).identity).toEqual({ passwords, oidc: [] });
  });

  it.each([
    ["https://api.example.com/auth", "https://api.example.com/auth"],
    ["https://api.example.com/auth/", "https://api.example.com/auth"],
    ["https://api.example.com/", "https://api.example.com"],
    ["https://api.example.com:8443/a/b-c", "https://api.example.com:8443/a/b-c"],
    ["http://localhost:3000/prod", "http://localhost:3000/prod"],
  ])("takes the public base URL %s, without a slash at its end", (given, publicOrigin) => {
    expect(read({ props: { publicOrigin: given } }).functions).toMatchObject({ publicOrigin });
  });

  it.each([
    "https://api.example.com/auth?x=1",
    "https://api.example.com/auth#top",
    "https://api.example.com/?",
    "https://user@api.example.com/auth",
    "http://api.example.com/auth",
    "https://API.example.com/auth",
    "https://api.example.com:443/auth",
    "https://api.example.com/auth//",
    "https://api.example.com//auth",
    "https://api.example.com/a/../b",
    "https://api.example.com/{stage}",
    "https://*.example.com/auth",
    "https://api.example.com/a b",
    "https:\\\\api.example.com",
    "//api.example.com/auth",
    "/auth",
    "",
    7,
  ])("refuses the public base URL %j", (publicOrigin) => {
    expect(() => read({ props: { publicOrigin } })).toThrow(
      `publicOrigin (prop) is ${JSON.stringify(publicOrigin)}. Accepted: a base URL such as https://app.example.com`,
    );
  });

  it("passes publicOrigin and era on as they are", () => {
    const { functions } = read({ props: { publicOrigin: "https://app.example.com", era: "2026-11" } });
    expect(functions).toMatchObject({ publicOrigin: "https://app.example.com", era: "2026-11" });
  });
});
