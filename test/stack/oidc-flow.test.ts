import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { changedSignIn } from "../support/forged.ts";
import { FIREFOX_ON_MACOS, HttpClient, type Answer } from "../support/http-client.ts";
import { makeCertificate, TestProvider } from "../support/oidc-provider.ts";
import { startStackTrusting, type StackInProcess } from "../support/stack-in-process.ts";

let corp: TestProvider;
let partner: TestProvider;
let stack: StackInProcess;

const source = (name: string, provider: TestProvider, more: object = {}) => ({
  oidc: { name, issuer: provider.issuer, clientId: "single-session", jwksUri: provider.jwksUri, ...more },
});

beforeAll(async () => {
  const certificate = await makeCertificate();
  [corp, partner] = await Promise.all([TestProvider.start(certificate), TestProvider.start(certificate)]);
  const endpoints = {
    authorizationEndpoint: `${partner.issuer}/auth`,
    tokenEndpoint: `${partner.issuer}/token`,
  };
  stack = await startStackTrusting(certificate.cert, {
    // One by discovery, one without.
    identity: JSON.stringify([source("corp", corp), source("partner", partner, endpoints)]),
    singleUserSession: "./test/support/oidc-policy.ts#askContractors",
  });
  for (const provider of [corp, partner]) {
    provider.redirectUris = [`${stack.url}/login/oidc/callback`];
    provider.restart();
  }
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([corp.stop(), partner.stop()]);
});

let browser: HttpClient;
beforeEach(() => {
  browser = new HttpClient(stack.url);
});

const begin = (query = "source=corp", from = browser): Promise<Answer> =>
  from.call("GET", `/login/oidc?${query}`);
const locationOf = (answer: Answer): string => String(answer.headers.get("location"));

/** All of it: to the provider, signing in there, and back. */
async function signIn(name: string, query?: string, from = browser, at = corp): Promise<Answer> {
  const back = await at.signIn(locationOf(await begin(query, from)), name);
  return from.call("GET", back.pathname + back.search);
}

const failed = (reason: string) => ({ status: 401, body: { code: "oidc_failed", reason } });

describe("a sign-in at the provider", () => {
  test("comes back to the page it began on, with a session of the source's user", async () => {
    const begun = await begin("source=corp&returnTo=/app%3Ftab%3D1%23top");
    expect(begun.status).toBe(303);
    expect(begun.headers.getSetCookie()[0]).toMatch(
      /^__Host-oidc=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const asked = new URL(locationOf(begun)).searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: "code",
      client_id: "single-session",
      redirect_uri: `${stack.url}/login/oidc/callback`,
      code_challenge_method: "S256",
      max_age: "240",
    });
    const back = await corp.signIn(locationOf(begun), "maria");
    const answer = await browser.call("GET", back.pathname + back.search);
    expect(answer).toMatchObject({ status: 303, body: "" });
    expect(locationOf(answer)).toBe("/app?tab=1#top");
    expect((await browser.session()).body).toMatchObject({
      user: { id: "corp:maria", isAdmin: false, permissions: [] },
      session: { device: { label: "Chrome on Windows" } },
    });
    expect(browser.cookie("__Host-oidc")).toBeUndefined();
  });

  test("without discovery works as well, for a source beside the first", async () => {
    expect((await signIn("maria", "source=partner", browser, partner)).status).toBe(303);
    expect((await browser.session()).body).toMatchObject({ user: { id: "partner:maria" } });
  });

  test("on a second device displaces the first, and on the same one replaces its session", async () => {
    await signIn("bea");
    const before = browser.cookie();
    const again = await signIn("bea");
    expect(again.status).toBe(303);
    expect(
      (await browser.call("GET", "/session", undefined, { authorization: `Bearer ${String(before)}` })).body,
    ).toMatchObject({
      code: "session_logged_out",
    });
    const phone = new HttpClient(stack.url, FIREFOX_ON_MACOS);
    await signIn("bea", undefined, phone);
    expect((await browser.session()).body).toMatchObject({
      code: "session_displaced",
      by: { device: "Firefox on macOS" },
    });
  });

  test("at the session limit is 409 with the live sessions, and with takeover ends them", async () => {
    corp.accounts["dora"] = { employment: "contractor" };
    await signIn("dora");
    const phone = new HttpClient(stack.url);
    const refusal = await signIn("dora", undefined, phone);
    expect(refusal).toMatchObject({
      status: 409,
      body: { code: "session_limit", sessions: [{ device: { label: "Chrome on Windows" } }] },
    });
    expect(phone.cookie()).toBeUndefined();
    expect((await browser.session()).status).toBe(200);

    expect((await signIn("dora", "source=corp&takeover=true", phone)).status).toBe(303);
    expect((await phone.session()).status).toBe(200);
    expect((await browser.session()).body).toMatchObject({ code: "session_displaced" });
  });
});

describe("a callback", () => {
  test("with another state than the browser's own is refused, and the code is not even tried", async () => {
    const begun = await begin();
    const back = await corp.signIn(locationOf(begun), "mallory");
    // Somebody else's code, as a link that the victim's browser follows while its own sign-in is under way.
    const victim = new HttpClient(stack.url);
    await begin(undefined, victim);
    const answer = await victim.call("GET", back.pathname + back.search);
    expect(answer).toMatchObject(failed("not_under_way"));
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(victim.cookie()).toBeUndefined();
    expect((await browser.call("GET", back.pathname + back.search)).status).toBe(303);
  });

  test("in a browser that began nothing is refused, and so is one that comes twice", async () => {
    const begun = await begin();
    const back = await corp.signIn(locationOf(begun), "carl");
    const stranger = new HttpClient(stack.url);
    expect(await stranger.call("GET", back.pathname + back.search)).toMatchObject(failed("not_under_way"));
    expect((await browser.call("GET", back.pathname + back.search)).status).toBe(303);
    expect(await browser.call("GET", back.pathname + back.search)).toMatchObject(failed("not_under_way"));
    expect((await browser.session()).status).toBe(200);
  });

  test.each<[string, object, string]>([
    ["another nonce", { nonce: "x".repeat(43) }, "not_proven"],
    ["another code verifier", { codeVerifier: "x".repeat(43) }, "refused_by_provider"],
    ["another source", { source: "partner" }, "not_proven"],
    ["a source that there is not", { source: "nobody" }, "not_under_way"],
    ["a field too few", { state: undefined }, "not_under_way"],
  ])("with %s in the cookie is refused", async (_, change, reason) => {
    const back = await corp.signIn(locationOf(await begin()), "carl");
    const cookie = changedSignIn(String(browser.cookie("__Host-oidc")), change);
    const other = new HttpClient(stack.url);
    const answer = await other.call("GET", back.pathname + back.search, undefined, { cookie });
    expect(answer).toMatchObject(failed(reason));
    expect(other.cookie()).toBeUndefined();
  });

  test("with a way back to another site in the cookie leads to /", async () => {
    const back = await corp.signIn(locationOf(await begin()), "carl");
    const cookie = changedSignIn(String(browser.cookie("__Host-oidc")), { returnTo: "//evil.example" });
    const answer = await new HttpClient(stack.url).call("GET", back.pathname + back.search, undefined, {
      cookie,
    });
    expect([answer.status, locationOf(answer)]).toEqual([303, "/"]);
  });

  test("with the provider's refusal says its code, and ends nothing", async () => {
    await signIn("eve");
    const asked = new URL(locationOf(await begin())).searchParams;
    const query = new URLSearchParams({
      error: "access_denied",
      state: String(asked.get("state")),
      iss: corp.issuer,
    });
    const answer = await browser.call("GET", `/login/oidc/callback?${query.toString()}`);
    expect(answer).toMatchObject({ ...failed("refused_by_provider"), body: { error: "access_denied" } });
    expect((await browser.session()).status).toBe(200);
  });

  test("with an answer of another issuer is refused (RFC 9207)", async () => {
    const back = await corp.signIn(locationOf(await begin()), "eve");
    back.searchParams.set("iss", partner.issuer);
    expect(await browser.call("GET", back.pathname + back.search)).toMatchObject(failed("not_proven"));
  });

  test("that finds the provider out of order is 503, and no session", async () => {
    const back = await partner.signIn(locationOf(await begin("source=partner")), "eve");
    partner.breakDown();
    const answer = await browser.call("GET", back.pathname + back.search);
    partner.restart();
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable" } });
    expect(answer.headers.get("retry-after")).toBe("10");
    expect(browser.cookie()).toBeUndefined();
  });
});

describe("beginning a sign-in", () => {
  const evil = ["//", "/\\", "\\\\", "https://", "", "/..//", "/\t/", "javascript:"].map(
    (start) => `${start}evil.example`,
  );
  test.each([...evil, `/${"x".repeat(1024)}`])(
    "with the way back %j is 400 naming the parameter",
    async (returnTo) => {
      const query = new URLSearchParams({ source: "corp", returnTo });
      const answer = await begin(query.toString());
      expect(answer).toMatchObject({
        status: 400,
        body: { code: "invalid_request", errors: [{ parameter: "returnTo" }] },
      });
      expect(answer.headers.get("location")).toBeNull();
    },
  );

  test("with several sources must name one that there is", async () => {
    expect((await begin("")).body).toMatchObject({
      errors: [{ parameter: "source", detail: "source is missing; accepted is corp or partner." }],
    });
    expect((await begin("source=nobody")).body).toMatchObject({
      errors: [{ parameter: "source", detail: 'source is "nobody"; accepted is corp or partner.' }],
    });
  });

  test("from a page of another site is 403", async () => {
    const answer = await browser.call("GET", "/login/oidc?source=corp", undefined, {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
    });
    expect(answer).toMatchObject({ status: 403, body: { code: "cross_origin" } });
  });
});

test("neither code nor secrets of a sign-in are in the functions' logs", async () => {
  const begun = await begin();
  const back = await corp.signIn(locationOf(begun), "log");
  const cookie = String(browser.cookie("__Host-oidc"));
  await browser.call("GET", back.pathname + back.search);
  const secrets = Object.values(
    JSON.parse(Buffer.from(cookie, "base64url").toString()) as Record<string, string>,
  );
  const log = stack.log.join("\n");
  expect(log).toContain('"userId":"corp:log"');
  for (const secret of [
    String(back.searchParams.get("code")),
    String(browser.cookie()),
    ...secrets.slice(0, 3),
  ]) {
    expect(secret.length).toBeGreaterThan(20);
    expect(log).not.toContain(secret);
  }
});
