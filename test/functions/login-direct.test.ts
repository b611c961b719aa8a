import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { bearer, startFunctions, type Functions } from "./harness.ts";

let functions: Functions;
beforeAll(async () => {
  functions = await startFunctions();
});
afterAll(() => void vi.restoreAllMocks());

describe("a direct login", () => {
  test("answers what HTTP answers, with the token", async () => {
    const device = { label: "Kiosk 4", class: "mobile", userAgent: "kiosk/2", address: "2001:db8::1" };
    const user = { id: "corp:7", isAdmin: true, permissions: ["single_session.logout"] };
    const answer = (await functions.invoke("login", { user, device })) as Record<string, unknown>;
    expect(Object.keys(answer).sort()).toEqual(["displaced", "session", "token", "user"]);
    expect(answer).toMatchObject({ user, session: { device }, displaced: [] });
    const seen = await functions.send("GET /session", bearer(String(answer["token"])));
    expect(seen.body).toMatchObject({ user });
  });

  test("grants what it leaves out to nobody", async () => {
    expect(await functions.invoke("login", { user: { id: "corp:8" } })).toMatchObject({
      user: { id: "corp:8", isAdmin: false, permissions: [] },
      session: { device: { label: "Unknown device", class: "desktop" } },
    });
  });

  test.each([
    [{}, "#/user"],
    [{ user: { id: "" } }, "#/user/id"],
    [{ user: { id: 7 } }, "#/user/id"],
    [{ user: { id: "e\u0301" } }, "#/user/id"],
    [{ user: { id: "x".repeat(513) } }, "#/user/id"],
    [{ user: { id: "a", isAdmin: "yes" } }, "#/user/isAdmin"],
    [{ user: { id: "a", permissions: ["x".repeat(2000)] } }, "#/user/permissions"],
    [{ user: { id: "a" }, device: { class: "toaster" } }, "#/device/class"],
    [{ user: { id: "a" }, password: "b" }, "#/password"],
  ])("%j is refused, not thrown, naming the field", async (event, pointer) => {
    const answer = await functions.invoke("login", event);
    expect(answer).toMatchObject({ code: "invalid_request", errors: [{ pointer }] });
  });

  test("with claims nested deeper than a policy function could be given is refused, not thrown", async () => {
    const claims = JSON.parse(`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`) as object;
    const answer = await functions.invoke("login", { user: { id: "a", claims } });
    expect(answer).toMatchObject({ code: "invalid_request", errors: [{ pointer: "#/user/claims" }] });
  });

  test("inside an event with requestContext is none", async () => {
    const event = { user: { id: "admin", isAdmin: true }, requestContext: {} };
    expect(await functions.invoke("login", event)).toMatchObject({ statusCode: 400 });
  });
});
