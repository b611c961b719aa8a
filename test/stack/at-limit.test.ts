// Long: started first.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { addDemoUsers, FIREFOX_ON_MACOS, HttpClient, type Answer } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

const SAFARI_ON_IOS =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

let stack: TestStack;

function withSettings(context: Record<string, string>): void {
  beforeAll(async () => {
    stack = await startTestStack({ context });
    await addDemoUsers(stack);
  });
  afterAll(() => stack.stop());
  beforeEach(async () => {
    await stack.invoke("admin-logout", { userIds: ["alice", "bob"] });
  });
}

const client = (userAgent?: string): HttpClient => new HttpClient(stack.url, userAgent);
const idOf = (answer: Answer): string => (answer.body as { session: { id: string } }).session.id;

describe("with ask at a limit of two", () => {
  withSettings({ sessionLimit: "2", atLimit: "ask" });

  test("the third device is shown the live ones, picks one to end, and gets in", async () => {
    const [laptop, phone, tablet] = [client(), client(SAFARI_ON_IOS), client(FIREFOX_ON_MACOS)];
    const first = await laptop.login("alice");
    const second = await phone.login("alice");

    const asked = await tablet.login("alice");
    expect(asked).toMatchObject({ status: 409, body: { code: "session_limit" } });
    const { sessions } = asked.body as {
      sessions: { id: string; createdAt: string; device: { label: string } }[];
    };
    expect(sessions.map(({ id, device }) => [id, device.label])).toEqual([
      [idOf(first), "Chrome on Windows"],
      [idOf(second), "Safari on iOS"],
    ]);
    expect([(await laptop.session()).status, (await phone.session()).status]).toEqual([200, 200]);

    const third = await tablet.login("alice", { end: [idOf(second)] });
    expect(third).toMatchObject({ status: 201, body: { displaced: [{ id: idOf(second) }] } });
    expect(await phone.session()).toMatchObject({
      status: 401,
      body: { code: "session_displaced", by: { device: "Firefox on macOS" } },
    });
    expect((await laptop.session()).status).toBe(200);
  });

  test("taking over ends the least recently seen", async () => {
    const [laptop, phone] = [client(), client(SAFARI_ON_IOS)];
    await laptop.login("alice");
    await phone.login("alice");
    expect((await client().login("alice", { takeover: true })).status).toBe(201);
    expect([(await laptop.session()).status, (await phone.session()).status]).toEqual([401, 200]);
  });

  test("somebody without the right password is shown no sessions", async () => {
    await client().login("alice");
    await client().login("alice");
    const answer = await client().login("alice", { password: "a wrong long password" });
    expect(answer.status).toBe(401);
    expect(answer.body).not.toHaveProperty("sessions");
  });

  test("a denial is no failed password: the thirtieth is still asked", async () => {
    await client().login("bob");
    await client().login("bob");
    for (let i = 0; i < 30; i++) expect((await client().login("bob")).status).toBe(409);
  });

  test.each([
    [{ end: "x" }, "#/end"],
    [{ end: ["x"] }, "#/end/0"],
    [{ takeover: "yes" }, "#/takeover"],
  ])("%j is refused by name", async (more, pointer) => {
    const answer = await client().login("alice", more);
    expect(answer).toMatchObject({ status: 400, body: { code: "invalid_request", errors: [{ pointer }] } });
  });

  test("a trusted backend is asked and answers likewise", async () => {
    const user = { id: "carol" };
    const first = await stack.invoke("login", { user });
    await stack.invoke("login", { user });
    expect(await stack.invoke("login", { user })).toMatchObject({
      outcome: "answered",
      answer: { code: "session_limit", sessions: [{}, {}] },
    });
    const { session } = (first as { answer: { session: { id: string } } }).answer;
    expect(await stack.invoke("login", { user, end: [session.id] })).toMatchObject({
      answer: { displaced: [{ id: session.id }] },
    });
  });
});

describe("with deny", () => {
  withSettings({ sessionLimit: "1", atLimit: "deny" });

  test("another device is kept out, and the device that has the session gets in at once", async () => {
    const laptop = client();
    await laptop.login("alice");
    expect((await client().login("alice")).status).toBe(409);
    expect((await client().login("alice", { takeover: true })).status).toBe(409);
    // Closed and opened again: the session cookie is gone, the device cookie is not.
    const again = client();
    again.keep("__Host-device", laptop.cookie("__Host-device") ?? "");
    const answer = await again.login("alice");
    expect(answer).toMatchObject({ status: 201, body: { displaced: [] } });
    expect((await laptop.session()).body).toMatchObject({ code: "session_logged_out" });
  });
});

describe("with deny and an idle timeout of three seconds", () => {
  withSettings({ sessionLimit: "1", atLimit: "deny", idleTimeout: "3s" });

  test("whoever closed the browser is let in on another device after the idle timeout", async () => {
    const laptop = client();
    await laptop.login("alice");
    const phone = client(SAFARI_ON_IOS);
    expect((await phone.login("alice")).status).toBe(409);
    await sleep(3100);
    expect(await phone.login("alice")).toMatchObject({ status: 201, body: { displaced: [] } });
    expect((await laptop.session()).status).toBe(401);
  });
});

describe("with a policy function that limits each class of device", () => {
  withSettings({ singleUserSession: "./test/support/policies.ts#onePhoneAndOneBrowser" });

  test("one phone and one browser live side by side", async () => {
    const [laptop, phone, other] = [client(), client(SAFARI_ON_IOS), client(FIREFOX_ON_MACOS)];
    await laptop.login("alice");
    await phone.login("alice");
    expect([(await laptop.session()).status, (await phone.session()).status]).toEqual([200, 200]);
    await other.login("alice");
    expect([(await laptop.session()).status, (await phone.session()).status]).toEqual([401, 200]);
  });
});

describe("with a policy function that is broken", () => {
  withSettings({ singleUserSession: "./test/support/policies.ts#broken" });

  test.each(["alice", "bob"])(
    "the login of %s is refused with 500 and a log line, and nobody gets in",
    async (name) => {
      const before = stack.logLines.length;
      const answer = await client().login(name);
      expect(answer).toMatchObject({ status: 500, body: { code: "policy_failed" } });
      expect(JSON.stringify(answer.body)).not.toContain("licence");
      expect(stack.logLines.slice(before).some(({ line }) => line.includes("SessionPolicyFailedError"))).toBe(
        true,
      );
    },
  );
});

describe("two devices that keep displacing each other", () => {
  withSettings({});

  test("yield one log event with the user and both devices, and a metric", async () => {
    const before = stack.logLines.length;
    const devices = [client(), client(FIREFOX_ON_MACOS)];
    for (let login = 0; login < 9; login++) await devices[login % 2]!.login("alice");
    const lines = stack.logLines.slice(before).map(({ line }) => line);
    const events = lines.filter((line) => line.includes('"session_contention"'));
    expect(events).toHaveLength(1);
    expect(JSON.parse(events[0]!)).toMatchObject({
      contention: {
        userId: "alice",
        displacements: 5,
        devices: [{ class: "desktop" }, { class: "desktop" }],
      },
    });
    expect(events[0]).toContain("Chrome on Windows");
    expect(events[0]).toContain("Firefox on macOS");
    for (const device of devices) expect(events[0]).not.toContain(device.cookie("__Host-device"));
    expect(lines.some((line) => line.includes('"SessionContention":1'))).toBe(true);
  });
});
