import { describe, expect, test } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { addUsers, bearer, json, startFunctions } from "../functions/harness.ts";
import { CALLBACK, comeBack, idOf, idToken, NEED_SESSION, see, seen, service, session } from "./seeing.ts";
import type { Parts } from "./service.ts";

describe("a fault", () => {
  /** Every call, ready to be sent. */
  async function everyCall(): Promise<[string, Parts][]> {
    const token = await session("alice");
    return [
      ["POST /login", json({ idToken: await idToken("maria") })],
      ["POST /logout", bearer(token)],
      [CALLBACK, await comeBack("maria")],
      ...NEED_SESSION.map((route): [string, Parts] => [route, bearer(token)]),
    ];
  }

  test("of the database's, where asking again cannot help, is 500 as documented", async () => {
    const calls = await everyCall();
    service.proxy.interfere(() => ({
      fault: "error",
      type: "com.amazon.coral.service#AccessDeniedException",
    }));
    for (const [route, parts] of calls)
      expect(`${route} ${await see(route, parts)}`).toBe(`${route} 500 internal`);
  });

  test("of the connection to the database is 503 as documented", async () => {
    const calls = await everyCall();
    service.proxy.interfere(() => ({ fault: "drop-request" }));
    for (const [route, parts] of calls) {
      expect(`${route} ${await see(route, parts)}`).toBe(`${route} 503 unavailable`);
    }
  });

  test("of Lambda, which does not say whether it took a job, is 503 as documented", async () => {
    const error = new StoreUnavailableError("Lambda did not take a run", { effect: "unknown" });
    const functions = await startFunctions({ startRun: () => Promise.reject(error) });
    await addUsers(functions.directory, { boss: { isAdmin: true } });
    const headers = bearer(await functions.logIn("boss"));
    const codeOf = async (method: string, path: string, parts: Parts = headers): Promise<string> =>
      seen({ method, path, sentBody: parts.body, ...(await functions.send(`${method} ${path}`, parts)) });
    const list = json({ userIds: ["bob"] }, headers.headers);
    expect(await codeOf("POST", "/admin/jobs", list)).toBe("503 outcome_unknown");
    const { body } = await functions.send("GET /admin/jobs", headers);
    const [job] = body["jobs"] as { readonly id: string }[];
    expect(await codeOf("POST", `/admin/jobs/${job?.id}/runs`)).toBe("503 outcome_unknown");
  });

  test("that leaves open whether a change was made is 503 as documented", async () => {
    const token = await session("alice");
    const calls: [string, Parts][] = [
      ["POST /login", json({ idToken: await idToken("maria") })],
      ["POST /logout", bearer(token)],
      ["DELETE /sessions", bearer(token)],
      [`DELETE /sessions/${idOf(token)}`, bearer(token)],
      [`DELETE /admin/sessions/${idOf(token)}`, bearer(await session("boss"))],
      [CALLBACK, await comeBack("maria")],
    ];
    service.proxy.interfere(({ operation }) =>
      operation === "TransactWriteItems" ? { fault: "drop-request" } : undefined,
    );
    const codes = await Promise.all(calls.map(([route, parts]) => see(route, parts)));
    expect(codes).toEqual(calls.map(() => "503 outcome_unknown"));
  });

  test("of the session policy is 500 as documented", async () => {
    expect(await see("POST /login", json({ idToken: await idToken("broken") }))).toBe("500 policy_failed");
    expect(await see(CALLBACK, await comeBack("broken"))).toBe("500 policy_failed");
  });

  test("of the provider, or inside, at the beginning of a sign-in is as documented", async () => {
    const broken = (): never => {
      throw new Error("no entropy");
    };
    expect(seen(await service.sendToFreshFlow("GET /login/oidc", {}, broken))).toBe("500 internal");
    service.provider.breakDown();
    expect(seen(await service.sendToFreshFlow("GET /login/oidc", {}))).toBe("503 unavailable");
    service.provider.restart();
  });
});
