import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEMO_PASSWORD } from "../../../cli/demo-users.ts";
import { addDemoUsers } from "../../support/http-client.ts";
import { startTestStack, type TestStack } from "../../support/local-stack.ts";

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ lab: { users: ["alice"], password: DEMO_PASSWORD } });
  await addDemoUsers(stack);
});
afterAll(() => stack.stop());

interface Answered {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

/** A request with a `Host` of its own, which `fetch` does not let anybody choose. */
function ask(
  path: string,
  {
    host,
    port = stack.port,
    method = "GET",
    headers = {},
  }: { host: string; port?: number; method?: string; headers?: Record<string, string> },
  body = JSON.stringify({ user: "alice" }),
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port, path, method, headers: { host, ...headers } },
      (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        );
      },
    );
    sent.once("error", reject);
    sent.end(method === "POST" ? body : undefined);
  });
}

const JSON_BODY = { "content-type": "application/json" };
const labHost = (): string => `lab.localhost:${stack.port}`;
const deviceHost = (): string => `d1.lab.localhost:${stack.port}`;
const startOver = (host: string, headers: Record<string, string>): Promise<Answered> =>
  ask("/_local/calls/start-over", { host, method: "POST", headers });

test("the lab's buttons are pressed by its own page only", async () => {
  const own = { origin: `http://${labHost()}`, "sec-fetch-site": "same-origin" };
  expect((await startOver(labHost(), own)).status).toBe(200);
  const refused: [string, Record<string, string>][] = [
    [labHost(), {}],
    [labHost(), { origin: "https://evil.example" }],
    [labHost(), { origin: "null" }],
    [labHost(), { origin: `http://${deviceHost()}`, "sec-fetch-site": "same-site" }],
    [labHost(), { ...own, "sec-fetch-site": "cross-site" }],
    [deviceHost(), { origin: `http://${labHost()}` }],
  ];
  for (const [host, headers] of refused) {
    expect([host, headers, (await startOver(host, headers)).status]).toEqual([host, headers, 403]);
  }
});

test("a name of somebody else's that leads to this machine gets nothing of the lab", async () => {
  const host = `evil.example:${stack.port}`;
  expect((await startOver(host, { origin: `http://${host}` })).status).toBe(404);
  expect((await ask("/_local", { host })).status).toBe(403);
  expect((await ask("/_local/state?user=alice", { host })).status).toBe(404);
  // What it shows is not read by a page elsewhere either.
  const reading = { host: labHost(), headers: { "sec-fetch-site": "cross-site" } };
  expect((await ask("/_local/state?user=alice", reading)).status).toBe(403);
});

test("a device is signed in by its own page only", async () => {
  const signIn = (origin: string) =>
    ask("/_local/sign-in", { host: deviceHost(), method: "POST", headers: { origin, ...JSON_BODY } });
  expect((await signIn(`http://${labHost()}`)).status).toBe(403);
  const answer = await signIn(`http://${deviceHost()}`);
  expect(answer.status).toBe(201);
  expect(JSON.parse(answer.body)).toMatchObject({ session: { device: { label: "Chrome on Windows" } } });
  const [cookie = ""] = [answer.headers["set-cookie"] ?? []]
    .flat()
    .filter((value) => value.startsWith("__Host-session="));
  const token = /=([^;]+)/.exec(cookie)?.[1] ?? "";
  expect(token).not.toBe("");
  const state = await ask("/_local/state?user=alice", { host: labHost() });
  expect(state.body).toContain("Chrome on Windows");
  expect(state.body).not.toContain(token);
});

test("the console is framed by the lab on the devices' hosts, and nowhere else", async () => {
  const policy = async (host: string) => {
    const { headers } = await ask("/", { host });
    return { csp: String(headers["content-security-policy"]), frame: headers["x-frame-options"] };
  };
  const elsewhere = await policy(`localhost:${stack.port}`);
  expect(elsewhere).toMatchObject({
    csp: expect.stringContaining("frame-ancestors 'none'") as string,
    frame: "DENY",
  });
  const device = await policy(deviceHost());
  expect(device.frame).toBeUndefined();
  // Nothing else of the policy is another one.
  expect(device.csp).toBe(
    elsewhere.csp.replace("frame-ancestors 'none'", `frame-ancestors 'self' http://${labHost()}`),
  );
});

test.each([
  ["arm", { fault: "explode", times: 1 }],
  ["arm", { fault: "throttle", times: 0 }],
  ["move-clock", { milliseconds: -1 }],
  ["tables", {}],
])("a call of %s with %j is refused", async (name, body) => {
  const headers = { origin: `http://${labHost()}` };
  const options = { host: labHost(), method: "POST", headers };
  expect((await ask(`/_local/calls/${name}`, options, JSON.stringify(body))).status).toBe(400);
});

test("a stack that is started without a lab has none", async () => {
  const plain = await startTestStack();
  try {
    expect(plain.labUrl).toBeUndefined();
    const answerAt = async (path: string) => {
      const response = await fetch(plain.url + path);
      return { status: response.status, body: await response.text() };
    };
    const nothing = await answerAt("/nothing/is/here");
    for (const path of ["/_local", "/_local/lab.js", "/_local/state?user=alice"]) {
      expect([path, await answerAt(path)]).toEqual([path, nothing]);
    }
  } finally {
    await plain.stop();
  }
}, 240_000);

test("where there is no password to give, a device is signed in as a trusted backend would do it", async () => {
  const corp = {
    name: "corp",
    issuer: "https://login.example.com",
    jwksUri: "https://login.example.com/keys",
    clientId: "single-session",
  };
  const other = await startTestStack({
    context: { identity: JSON.stringify([{ oidc: corp }]) },
    lab: { users: ["corp:maria"], password: DEMO_PASSWORD },
  });
  try {
    const host = `d2.lab.localhost:${other.port}`;
    const headers = { origin: `http://${host}`, ...JSON_BODY };
    const body = JSON.stringify({ user: "corp:maria" });
    const options = { port: other.port, host, method: "POST", headers };
    const answer = await ask("/_local/sign-in", options, body);
    expect(answer.status).toBe(201);
    expect(answer.body).not.toContain("token");
    const [cookie = ""] = String(answer.headers["set-cookie"]).split(";");
    const session = await ask("/session", { port: other.port, host, headers: { cookie } });
    expect(JSON.parse(session.body)).toMatchObject({
      user: { id: "corp:maria" },
      session: { device: { label: "Safari on iOS" } },
    });
  } finally {
    await other.stop();
  }
}, 240_000);
