import { request } from "node:http";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { banner } from "../../local/banner.ts";
import { openEventSocket } from "../support/event-socket.ts";
import { HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

let stack: TestStack;
const warnings: string[] = [];
beforeAll(async () => {
  stack = await startTestStack({
    app: "test/local/two-sessions-app.ts",
    lab: { users: ["maria"] },
    onUnsupported: (why) => warnings.push(why),
  });
}, 120_000);
afterAll(() => stack.stop());

const functionOf = (construct: string, id: string): string =>
  stack.functions.find(({ name, constructId }) => constructId === id && name.startsWith(construct))?.name ??
  "";

/** As a backend of one's own does. */
async function signIn(construct: string): Promise<HttpClient> {
  const result = await stack.invoke(functionOf(construct, "login"), { user: { id: "maria" } });
  if (result.outcome === "fault") throw new Error(result.fault.errorMessage);
  const url = stack.apis.find(({ name }) => name === `${construct}Api`)?.urls[0] ?? "";
  const client = new HttpClient(url);
  client.keep("__Host-session", (result.answer as { token: string }).token);
  return client;
}

interface Live {
  readonly url: string;
  readonly host: string;
  readonly channel: string;
}

test("each has push at an address of its own, and its sessions say which", async () => {
  expect(warnings).toEqual([]);
  const urls: string[] = [];
  for (const construct of ["Shop", "Staff"]) {
    const first = await signIn(construct);
    const { live } = (await first.session()).body as { live: Live };
    urls.push(live.url);
    const authorization = { Authorization: live.channel, host: live.host };
    const socket = await openEventSocket(live.url, authorization);
    expect(await socket.ask({ type: "connection_init" })).toMatchObject({ type: "connection_ack" });
    const channel = `/sessions/${live.channel}`;
    const subscription = { id: "1", type: "subscribe", channel, authorization };
    expect(await socket.ask(subscription)).toEqual({ id: "1", type: "subscribe_success" });
    await signIn(construct);
    expect(await socket.next()).toEqual({ id: "1", type: "data", event: "{}" });
    await socket.close();
  }
  expect(new Set(urls).size).toBe(2);
  expect(stack.realtimeUrls).toEqual(urls);
  expect(stack.lostBatches).toEqual([]);
});

test("an Event API's own address has nothing else, and takes nothing of web pages", async () => {
  const url = stack.realtimeUrls.at(-1)?.replace("ws:", "http:").replace("/event/realtime", "") ?? "";
  expect((await fetch(`${url}/session`)).status).toBe(404);
  const publication = { method: "POST", headers: { origin: "https://evil.example.com" }, body: "{}" };
  expect((await fetch(`${url}/event`, publication)).status).toBe(403);
});

test("the banner's calls name functions that there are, and where each is told of", () => {
  const text = banner(stack, undefined);
  const named = [...text.matchAll(/--function-name (\S+)/g)].map(([, name]) => name);
  expect(named).toEqual([functionOf("Shop", "admin-logout"), functionOf("Staff", "admin-logout")]);
  for (const url of stack.realtimeUrls) expect(text).toContain(url);
});

/** One of the lab's calls, at its host, which `fetch` does not let anybody name. */
function labCall(name: string): Promise<unknown> {
  const host = `lab.localhost:${stack.port}`;
  const headers = { host, origin: `http://${host}`, "sec-fetch-site": "same-origin" };
  const { port } = stack;
  return new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: `/_local/calls/${name}`, method: "POST", headers }, (response) =>
      resolve(json(response)),
    )
      .once("error", reject)
      .end(JSON.stringify({ user: "maria" }));
  });
}

test("the lab is of the one whose API has the stack's address", async () => {
  const [first, second] = stack.apis[0]?.name === "ShopApi" ? ["Shop", "Staff"] : ["Staff", "Shop"];
  const [inLab, elsewhere] = [await signIn(first), await signIn(second)];
  expect(await labCall("tables")).toMatchObject({ sessions: [{ live: true }] });
  expect(await labCall("log-out")).toMatchObject({ tables: { sessions: [] } });
  expect((await inLab.session()).status).toBe(401);
  expect((await elsewhere.session()).status).toBe(200);
  expect(await labCall("race")).toMatchObject({ ours: { inTable: 1 } });
});
