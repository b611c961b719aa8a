import { describe, expect, test } from "vitest";
import { createActivityWriter } from "../../src/activity/writer.ts";
import { bearer, cookie, json, PASSWORD } from "../functions/harness.ts";
import { testClient } from "../support/dynamodb.ts";
import { logIn } from "../support/store.ts";
import { CALLBACK, comeBack, idOf, idToken, NO_JOB, see, seen, service, session } from "./seeing.ts";

describe("what was asked for", () => {
  test("is answered as documented by each call about sessions", async () => {
    const password = { username: "alice", password: PASSWORD };
    expect(await see("POST /login", json(password))).toBe("201");
    expect(await see("POST /login", json({ ...password, takeover: true, deliver: "token" }))).toBe("201");
    expect(await see("POST /login", json({ idToken: await idToken("maria") }))).toBe("201");
    const [mine, other] = [await session("bob"), await session("bob")];
    expect(await see("GET /session", { ...cookie(mine), query: "watch=1" })).toBe("200");
    expect(await see("GET /sessions", cookie(mine))).toBe("200");
    expect(await see(`DELETE /sessions/${idOf(other)}`, cookie(mine))).toBe("204");
    expect(await see("DELETE /sessions", cookie(mine))).toBe("200");
    expect(await see(`DELETE /sessions/${idOf(mine)}`, cookie(mine))).toBe("204");
    expect(await see("POST /logout", cookie(await session("bob")))).toBe("204");
    expect(await see("POST /logout")).toBe("204");
  });

  test("is answered as documented by each call of administrators", async () => {
    const staff = bearer(await session("staff"));
    await Promise.all([session("bob"), session("boss")]);
    const userIds = { userIds: ["bob", "boss", "nobody"] };
    expect(await see("POST /admin/logout", json(userIds, staff.headers))).toBe("200");
    expect(await see("GET /admin/sessions", { ...staff, query: "limit=1" })).toBe("200");
    expect(await see("GET /admin/endings", { ...staff, query: "userId=bob" })).toBe("200");
    const any = `DELETE /admin/sessions/${idOf(await session("bob"))}`;
    expect(await see(any, { ...staff, query: "dryRun=true" })).toBe("200");
    expect(await see(any, { ...staff, query: "reason=stolen%20laptop" })).toBe("204");
    const dryRun = json({ ...userIds, dryRun: true, reason: "left" }, staff.headers);
    expect(await see("POST /admin/logout", dryRun)).toBe("200");
    await logIn(service.functions.store, "carol");
    await logIn(service.functions.store, "carol");
    expect(await see("GET /admin/endings", { ...staff, query: "userId=carol" })).toBe("200");
  });

  test("is answered as documented by each call about activity", async () => {
    const { clock, tables } = service.functions;
    const documents = testClient();
    const writer = createActivityWriter({ documents, tableName: tables.activity, clock: () => clock.now });
    const device = { label: "Chrome on Windows", class: "desktop" } as const;
    const other = { label: "Firefox on macOS", class: "desktop" } as const;
    const ida = { userId: "ida", sessionId: "U".repeat(43), identitySource: "passwords", device } as const;
    const ended = {
      reason: "displaced",
      by: { id: "ida", device: other.label },
      startedAt: clock.now,
    } as const;
    await writer.putAll([
      { ...ida, id: "one", at: clock.now, kind: "ended", ...ended },
      {
        ...{ ...ida, id: "two", at: clock.now, kind: "contention" },
        ...{ devices: [device, other], suspicion: "displacements", times: 5 },
      },
    ]);
    documents.destroy();
    const staff = bearer(await session("staff"));
    for (const route of ["GET /admin/overview", "GET /admin/suspects", "GET /admin/activity"])
      expect(await see(route, staff)).toBe("200");
    expect(await see("GET /admin/activity", { ...staff, query: "userId=ida&kind=ended" })).toBe("200");
    expect(await see("GET /sessions/activity", bearer(await session("ida")))).toBe("200");
  });

  test("is answered as documented by each call about jobs", async () => {
    const boss = bearer(await session("boss"));
    const body = { userIds: ["bob"], reason: "leaked passwords" };
    const started = await service.send("POST /admin/jobs", json(body, boss.headers));
    expect(seen(started)).toBe("202");
    const { id } = JSON.parse(started.text) as { readonly id: string };
    for (const route of ["GET /admin/jobs", `GET /admin/jobs/${id}`])
      expect(await see(route, boss)).toBe("200");
    expect(await see(`POST /admin/jobs/${id}/runs`, boss)).toBe("202");
    for (const route of [`GET /admin/jobs/${NO_JOB}`, `POST /admin/jobs/${NO_JOB}/runs`])
      expect(await see(route, boss)).toBe("404 not_found");
  });

  test("is answered as documented by both calls of the code flow", async () => {
    expect(await see("GET /login/oidc")).toBe("303");
    expect(await see(CALLBACK, await comeBack("maria"))).toBe("303");
  });
});
