import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { clearedSessionCookie, SESSION_COOKIE } from "../../src/http/cookie.ts";
import { DEVICE_COOKIE } from "../../src/http/device-cookie.ts";
import { clearedSignInCookie, signInCookie } from "../../src/http/oidc-cookie.ts";
import { OIDC_COOKIE } from "../../src/api/finish-oidc-login.ts";
import { ownPath } from "../../src/api/parts/own-path.ts";
import { addUsers, cookie, json, MINUTE, PASSWORD, startFunctions, tokenOf } from "../functions/harness.ts";

interface Parsed {
  readonly name: string;
  readonly value: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** As a browser reads it (RFC 6265 section 5.2). */
function parse(line: string): Parsed {
  const [pair = "", ...rest] = line.split(";").map((part) => part.trim());
  const [name = "", value = ""] = pair.split(/=(.*)/s);
  const attributes = rest.map((part): [string, string] => {
    const [attribute = "", given = ""] = part.split(/=(.*)/s);
    return [attribute.toLowerCase(), given];
  });
  return { name, value, attributes: new Map(attributes) };
}

const SIGN_IN = {
  source: "corp",
  state: "s".repeat(43),
  nonce: "n".repeat(43),
  codeVerifier: "v".repeat(43),
  returnTo: "/app",
  takeover: false,
};

/** Every cookie that is ever set or cleared, as it was when the product set it. */
const all: Parsed[] = [];
let sessionSeconds: number;
beforeAll(async () => {
  const functions = await startFunctions();
  await addUsers(functions.directory, { alice: {} });
  const login = await functions.send("POST /login", json({ username: "alice", password: PASSWORD }));
  const { expiresAt } = login.body["session"] as { expiresAt: string };
  sessionSeconds = (Date.parse(expiresAt) - functions.clock.now) / 1000;
  const logout = await functions.send("POST /logout", cookie(tokenOf(login)));
  const lines = [...login.cookies, ...logout.cookies, signInCookie(SIGN_IN), clearedSignInCookie()];
  all.push(...[...lines, clearedSessionCookie()].map(parse));
});
afterAll(() => void vi.restoreAllMocks());

const kept = (name: string): Parsed => {
  const found = all.find((each) => each.name === name && each.value !== "");
  if (found === undefined) throw new Error(`no ${name} was set`);
  return found;
};
const each = (attribute: string) => all.map(({ name, attributes }) => [name, attributes.get(attribute)]);
const allWith = (value: string | undefined) => all.map(({ name }) => [name, value]);

test("the cookies looked at are all that the source can set", () => {
  const folders = ["src", "functions"].map((folder) => join(import.meta.dirname, "../..", folder));
  const setting = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .filter((file) =>
        /stringifySetCookie\(|["'`]set-cookie["'`]/i.test(readFileSync(join(folder, file), "utf8")),
      ),
  );
  expect(setting.sort()).toEqual([
    "http/cookie.ts",
    "http/device-cookie.ts",
    "http/oidc-cookie.ts",
    // Payload format 1.0 has them in a header.
    "http/reply.ts",
  ]);
  expect(new Set(all.map(({ name }) => name))).toEqual(new Set([SESSION_COOKIE, DEVICE_COOKIE, OIDC_COOKIE]));
});

describe("NIST SP 800-63B-4 5.1.1 (1)", () => {
  test("every cookie is Secure", () => {
    expect(each("secure")).toEqual(allWith(""));
  });
});

describe("NIST SP 800-63B-4 5.1.1 (2)", () => {
  test("no cookie names a domain: it is for the one host that set it", () => {
    expect(each("domain")).toEqual(allWith(undefined));
  });
});

describe("NIST SP 800-63B-4 5.1.1 (3)", () => {
  test("no cookie is in scripts' reach", () => {
    expect(each("httponly")).toEqual(allWith(""));
  });
});

describe("NIST SP 800-63B-4 5.1.1 (4)", () => {
  test("the session cookie goes with the session's absolute timeout, and a cleared one at once", () => {
    const { attributes } = kept(SESSION_COOKIE);
    expect(sessionSeconds).toBe(12 * 3600);
    expect(attributes.get("max-age")).toBe(String(sessionSeconds));
    expect(all.filter(({ value }) => value === "").map((each) => each.attributes.get("max-age"))).toEqual([
      "0",
      "0",
      "0",
    ]);
  });

  test("a client that keeps the cookie for longer gets nothing for it", async () => {
    const functions = await startFunctions();
    await addUsers(functions.directory, { alice: {} });
    const login = await functions.send("POST /login", json({ username: "alice", password: PASSWORD }));
    functions.clock.now += 12 * 60 * MINUTE;
    expect(await functions.send("GET /session", cookie(tokenOf(login)))).toMatchObject({
      status: 401,
      body: { code: "session_expired" },
    });
  });
});

describe("NIST SP 800-63B-4 5.1.1 (5)", () => {
  test("every cookie has the prefix __Host- and the path /", () => {
    for (const { name } of all) expect(name).toMatch(/^__Host-[a-z]+$/);
    expect(each("path")).toEqual(allWith("/"));
  });
});

describe("NIST SP 800-63B-4 5.1.1 (6)", () => {
  test("every cookie is SameSite=Lax", () => {
    expect(each("samesite")).toEqual(allWith("Lax"));
  });
});

describe("NIST SP 800-63B-4 5.1.1 (7)", () => {
  test("session and device cookies are 256 opaque bits each, different ones", () => {
    const values = [kept(SESSION_COOKIE), kept(DEVICE_COOKIE)].map(({ value }) => value);
    for (const value of values) expect(value).toMatch(/^[\w-]{43}$/);
    expect(values[0]).not.toBe(values[1]);
  });

  test("the sign-in cookie holds the sign-in's own secrets and where it leads, and nobody's name", () => {
    const { value } = kept(OIDC_COOKIE);
    expect(JSON.parse(Buffer.from(value, "base64url").toString())).toEqual(SIGN_IN);
  });
});

test("the largest sign-in cookie fits into what browsers keep of one, 4,096 bytes (RFC 6265 section 6.1)", () => {
  const longest = ["a", "é", "\u{20ac}", "\u{1f511}", '"', "<"].flatMap((character) =>
    [1, 20, 50, 150, 170, 200, 340, 512, 1023].map((count) => `/${character.repeat(count)}`),
  );
  const accepted = longest.filter((path) => ownPath(path) !== undefined);
  expect(accepted.length).toBeGreaterThan(longest.length / 3);
  for (const returnTo of accepted) {
    const line = signInCookie({ ...SIGN_IN, source: "s".repeat(64), returnTo });
    expect(line.length, returnTo.slice(0, 3)).toBeLessThan(4096);
  }
});
