import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../cli/demo-users.ts";
import { builtConsole } from "../../infra/console/console-build.ts";
import { problemType } from "../../src/api/parts/problem-type.ts";
import { addDemoUsers } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(stack.url + path, { headers });

describe("the page", () => {
  test("is at /, asked for each time, and names scripts and styles that are there and kept for a year", async () => {
    const page = await get("/");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, file]) => file!,
    );
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      const answer = await get(file);
      expect([file, answer.status]).toEqual([file, 200]);
      expect(answer.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
      expect(answer.headers.get("content-type")).toBe(file.endsWith(".js") ? "text/javascript" : "text/css");
    }
  });

  test("comes with a policy that lets no inline or foreign script run, and the other security headers", async () => {
    const { headers } = await get("/");
    const policy = Object.fromEntries(
      (headers.get("content-security-policy") ?? "").split("; ").map((directive) => {
        const [name = "", ...sources] = directive.split(" ");
        return [name, sources.join(" ")];
      }),
    );
    expect(policy).toMatchObject({
      "default-src": "'self'",
      "script-src": "'self'",
      "frame-ancestors": "'none'",
      "base-uri": "'self'",
      "form-action": "'self'",
    });
    expect(Object.fromEntries(headers)).toMatchObject({
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
    });
  });

  test("has its configuration beside it, with the ways of signing in that the deployment has", async () => {
    const answer = await get("/config.json");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
    expect(await answer.json()).toEqual({
      identity: { passwords: true, oidc: [] },
      activity: true,
      jobs: true,
    });
  });

  test("is served with every file that it was built to", async () => {
    const files = readdirSync(builtConsole(), { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    const paths = files.map((file) => join(file.parentPath, file.name).slice(builtConsole().length));
    const statuses = await Promise.all(paths.map(async (path) => (await get(path)).status));
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  test("is not what answers for an asset that is not there: S3 refuses it", async () => {
    const answer = await get("/assets/nothing.js");
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain("<Code>AccessDenied</Code>");
  });

  test.each([
    "/nothing",
    "/users/alice",
    "/index.html/",
    "/console.html",
    "/%2e%2e%2fpackage.json",
    "/loginx",
  ])("is what a person gets who opens %s, and says itself that there is no such page", async (path) => {
    const answer = await get(path, { accept: "text/html,application/xhtml+xml,*/*;q=0.8" });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html"]);
    expect(await answer.text()).toBe(await (await get("/")).text());
  });

  test.each([
    ["GET", "/admin"],
    ["GET", "/admin/nonsense"],
    ["GET", "/admin/sessions.json"],
    ["POST", "/admin/log-out"],
    ["DELETE", "/logins"],
    ["PUT", "/"],
    ["GET", "/session/"],
    ["GET", "/nothing"],
  ])("is not what a program gets that calls %s %s: that is 404 as the API says it", async (method, path) => {
    const accept = path.startsWith("/admin") ? "text/html" : "*/*";
    const answer = await fetch(stack.url + path, { method, headers: { accept } });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(await answer.json()).toMatchObject({
      type: problemType("not_found"),
      status: 404,
      title: "Not Found",
      code: "not_found",
    });
  });

  test("is not left by a path that climbs", async () => {
    expect(
      await raw("GET /assets/../../package.json HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"),
    ).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("the API behind the same address", () => {
  const logIn = (headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${stack.url}/login`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ username: "alice", password: DEMO_PASSWORD, deliver: "token" }),
    });
  const addressOf = async (answer: Response): Promise<string | undefined> => {
    expect(answer.status).toBe(201);
    const { session } = (await answer.json()) as { session: { device: { address?: string } } };
    return session.device.address;
  };

  test("answers with its own status, type and headers", async () => {
    const answer = await get("/session");
    expect(answer.status).toBe(401);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; frame-ancestors 'none'");
    expect((await get("/admin/sessions?limit=1")).status).toBe(401);
    expect((await fetch(`${stack.url}/sessions/abc`, { method: "DELETE" })).status).toBe(401);
    expect((await fetch(`${stack.url}/session`, { method: "POST" })).status).toBe(404);
  });

  test("sees the viewer's address, although the gateway sees the edge's", async () => {
    expect(await addressOf(await logIn())).toMatch(/^(127\.0\.0\.1|::1)$/);
  });

  test("does not believe a viewer who claims another address, host or secret", async () => {
    const claims = { "x-viewer-address": "203.0.113.9", "x-origin-secret": "guessed" };
    expect(await addressOf(await logIn(claims))).toMatch(/^(127\.0\.0\.1|::1)$/);
    const host = { "x-viewer-host": "evil.example", origin: "http://evil.example" };
    expect((await logIn(host)).status).toBe(403);
  });

  test("takes the address that people asked as its own origin, whichever of two names they used", async () => {
    const other = stack.url.replace("localhost", "127.0.0.1");
    const answers = await Promise.all(
      [stack.url, other].map((url) =>
        fetch(`${url}/login`, {
          method: "POST",
          headers: { "content-type": "application/json", origin: url },
          body: JSON.stringify({ username: "bob", password: DEMO_PASSWORD, deliver: "token" }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
  });
});

test("without the console there are no pages, and nobody's word is believed", async () => {
  const plain = await startTestStack({ context: { console: "false" } });
  try {
    expect((await fetch(`${plain.url}/`)).status).toBe(404);
    expect(plain.outputs).not.toHaveProperty("ConsoleUrl");
    const host = { "x-viewer-host": "evil.example", origin: "http://evil.example" };
    expect((await fetch(`${plain.url}/login`, { method: "POST", headers: host })).status).toBe(403);
  } finally {
    await plain.stop();
  }
});

async function raw(request: string): Promise<string> {
  const socket = connect(stack.port, "127.0.0.1");
  socket.end(request);
  return text(socket);
}
