import { Duration, Lazy } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import { SettingError } from "../../infra/settings/setting-error.ts";
import { checkPropNames } from "../../infra/settings/settings.ts";
import { read, type Sources } from "./read.ts";

/** The message of the SettingError that `action` throws. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof SettingError) return error.message;
    throw error;
  }
  throw new Error("nothing was refused");
}

const UNRESOLVED = Duration.seconds(Lazy.number({ produce: () => 5 }));

describe("a value that cannot be right", () => {
  const booleans = "true, false, 1, 0, yes, no, on or off";
  it.each<[Sources, string, string]>([
    [{ context: { logoutAllSessions: "maybe" } }, 'logoutAllSessions (context) is "maybe"', booleans],
    [{ context: { logoutAllSessions: 2 } }, "logoutAllSessions (context) is 2", booleans],
    [{ environment: { LOGOUT_ALL_SESSIONS: "" } }, 'LOGOUT_ALL_SESSIONS (environment) is ""', booleans],
    [
      { environment: { SINGLE_USER_SESSION: "ja" } },
      'SINGLE_USER_SESSION (environment) is "ja"',
      "./file.ts#export",
    ],
    [{ props: { singleUserSession: {} } }, "singleUserSession (prop) is {}", "./file.ts#export"],
    [{ props: { singleUserSession: null } }, "singleUserSession (prop) is null", booleans],
    [
      { props: { singleUserSession: () => true } },
      "singleUserSession (prop) is a function",
      "./file.ts#export",
    ],
    [{ context: { singleUserSession: "./policy.ts" } }, '"./policy.ts"', "./file.ts#export"],
    [{ context: { singleUserSession: "./policy.ts#" } }, '"./policy.ts#"', "./file.ts#export"],
    [{ context: { singleUserSession: "./policy.ts#a b" } }, '"./policy.ts#a b"', "./file.ts#export"],
    [{ context: { singleUserSession: "policy#rule" } }, '"policy#rule"', "./file.ts#export"],
    [
      { context: { singleUserSession: "./none.ts#rule" } },
      "there is no file /nowhere/none.ts",
      "./file.ts#export",
    ],
    [{ context: { sessionLimit: 0 } }, "sessionLimit (context) is 0", "a whole number from 1 to 30"],
    [{ props: { sessionLimit: 31 } }, "sessionLimit (prop) is 31", "a whole number from 1 to 30"],
    [{ props: { sessionLimit: 1.5 } }, "sessionLimit (prop) is 1.5", "a whole number from 1 to 30"],
    [{ context: { sessionLimit: "two" } }, 'sessionLimit (context) is "two"', "a whole number from 1 to 30"],
    [{ context: { sessionLimit: true } }, "sessionLimit (context) is true", "a whole number from 1 to 30"],
    [{ context: { atLimit: "kick" } }, 'atLimit (context) is "kick"', "displace, deny, ask"],
    [
      { context: { singleUserSession: true, sessionLimit: 2 } },
      "sessionLimit (context) is given together with singleUserSession (context)",
      "either singleUserSession, or sessionLimit and atLimit",
    ],
    [
      { props: { singleUserSession: true, atLimit: "deny" } },
      "atLimit (prop) is given together with singleUserSession (prop)",
      "either",
    ],
    [
      { context: { SINGLE_USER_SESSION: "true", singleUserSession: false } },
      "singleUserSession (context) and SINGLE_USER_SESSION (context) are both given",
      "one of them",
    ],
    [{ context: { idleTimeout: "30" } }, 'idleTimeout (context) is "30"', "45s, 30m, 12h or 30d, or none"],
    [{ context: { idleTimeout: 30 } }, "idleTimeout (context) is 30", "45s, 30m, 12h or 30d"],
    [{ context: { idleTimeout: "0m" } }, 'idleTimeout (context) is "0m"', "45s"],
    [{ props: { idleTimeout: Duration.millis(10) } }, "idleTimeout (prop) is Duration.millis(10)", "45s"],
    [{ props: { idleTimeout: UNRESOLVED } }, "idleTimeout (prop) is", "45s"],
    [{ context: { absoluteTimeout: "none" } }, 'absoluteTimeout (context) is "none"', "at most 400 days"],
    [{ context: { absoluteTimeout: "401d" } }, 'absoluteTimeout (context) is "401d"', "at most 400 days"],
    [
      { context: { idleTimeout: "13h" } },
      'idleTimeout (context) is "13h"',
      "absoluteTimeout (default), which is 720 minutes",
    ],
    [
      { props: { idleTimeout: "31s", absoluteTimeout: "30s" } },
      'idleTimeout (prop) is "31s"',
      "absoluteTimeout (prop), which is 30 seconds",
    ],
    [{ context: { identity: "password" } }, 'identity (context) is "password"', "passwords"],
    [{ context: { identity: ["passwords", "saml"] } }, 'identity[1] (context) is "saml"', "passwords"],
    [{ props: { identity: { oidc: {} } } }, "identity.oidc.name (prop) is undefined", "a-z"],
    [{ context: { allowedOrigins: "*" } }, 'allowedOrigins (context) is "*"', "an exact origin"],
    [{ context: { allowedOrigins: "https://*.example.com" } }, '"https://*.example.com"', "an exact origin"],
    [
      { context: { allowedOrigins: ["https://a.example.com/"] } },
      '"https://a.example.com/"',
      "without a path",
    ],
    [
      { context: { allowedOrigins: ["https://a.example.com:443"] } },
      '"https://a.example.com:443"',
      "default port",
    ],
    [{ context: { allowedOrigins: ["https://A.example.com"] } }, '"https://A.example.com"', "lower case"],
    [
      { context: { allowedOrigins: ["http://a.example.com"] } },
      '"http://a.example.com"',
      "http:// only for localhost",
    ],
    [
      { context: { allowedOrigins: "https://a.example.com," } },
      'allowedOrigins (context) is ""',
      "an exact origin",
    ],
    [{ context: { allowedOrigins: true } }, "allowedOrigins (context) is true", "a list"],
    [
      { context: { publicOrigin: "app.example.com" } },
      'publicOrigin (context) is "app.example.com"',
      "a base URL",
    ],
    [{ context: { era: "" } }, 'era (context) is ""', "1 to 64 printable ASCII characters"],
    [{ context: { era: 2 } }, "era (context) is 2", 'such as "2"'],
    [{ context: { era: "x".repeat(65) } }, `era (context) is "${"x".repeat(65)}"`, "1 to 64"],
  ])("%j is refused, naming setting, value and what is accepted", (sources, subject, accepted) => {
    const message = refusal(() => read(sources));
    const [told = "", acceptance = ""] = message.split(". Accepted: ");
    expect(told).toContain(subject);
    expect(acceptance).toContain(accepted);
  });
});

describe("an unknown prop", () => {
  it("is refused with the names that there are", () => {
    expect(() => checkPropNames({ era: "1", sesionLimit: 2 }, ["logRetention"])).toThrow(
      /^sesionLimit \(prop\) is not a setting. Accepted: singleUserSession, .*sessionLimit, .*logRetention\.$/,
    );
  });

  it("is not one of those that the caller adds", () => {
    expect(() => checkPropNames({ era: "1", logRetention: 3 }, ["logRetention"])).not.toThrow();
  });
});
