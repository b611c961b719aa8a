import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { bearer, json } from "../functions/harness.ts";
import { testClient } from "../support/dynamodb.ts";
import type { Parts, Service } from "./service.ts";

/** The answers to calls with a provider's access token. */
export function testAccessTokens(
  serviceOf: () => Service,
  see: (route: string, parts?: Parts) => Promise<string>,
  needSession: readonly string[],
): void {
  const token: Service["accessToken"] = (...sign) => serviceOf().accessToken(...sign);
  const logInBy = async (accessToken: Promise<string>, more: object = {}): Promise<string> =>
    see("POST /login", json({ accessToken: await accessToken, ...more }));

  test("that cannot be verified is refused as documented wherever it comes", async () => {
    for (const route of needSession)
      expect(`${route} ${await see(route, bearer("a.b.c"))}`).toBe(`${route} 401 invalid_access_token`);
    expect(await see("POST /logout", bearer("a.b.c"))).toBe("204");
    expect(await logInBy(Promise.resolve("a.b.c"))).toBe("401 invalid_access_token");
  });

  test("logs in, once, as documented, and is the token of a session", async () => {
    expect(await logInBy(token("jane", "one"))).toBe("201");
    expect(await logInBy(token("jane", "one"))).toBe("200");
    expect(await see("GET /session", bearer(await token("jane", "one")))).toBe("200");
  });

  test("of a sign-in that has ended, or came too late, is refused as documented", async () => {
    expect(await logInBy(token("kim", "one", 2000))).toBe("201");
    expect(await logInBy(token("kim", "two"))).toBe("201");
    expect(await logInBy(token("kim", "one", 2000))).toBe("401 session_displaced");
    expect(await see("POST /logout", bearer(await token("kim", "two")))).toBe("204");
    expect(await logInBy(token("kim", "two"))).toBe("401 session_logged_out");
    await serviceOf().functions.store.revoke({ userIds: ["cognito:nora"], revokedBy: "staff" });
    expect(await logInBy(token("nora", "one"))).toBe("401 session_revoked");
    expect(await logInBy(token("olga", "one", 13 * 60 * 60_000))).toBe("401 session_expired");
    const idle = await token("lee", "idle");
    expect(await see("GET /session", bearer(idle))).toBe("200");
    const documents = testClient();
    const { tables } = serviceOf().functions;
    const { session: shown } = JSON.parse((await serviceOf().send("GET /session", bearer(idle))).text) as {
      session: { id: string };
    };
    // TTL took the session, and there was no ending.
    await documents.send(
      new DeleteCommand({ TableName: tables.sessions, Key: { pk: `session#${shown.id}` } }),
    );
    documents.destroy();
    expect(await logInBy(token("lee", "idle"))).toBe("401 session_unknown");
  });

  test("at the limit, or with a policy that fails, is refused as documented", async () => {
    expect(await see("GET /session", bearer(await token("asked", "one")))).toBe("200");
    expect(await see("GET /session", bearer(await token("asked", "two")))).toBe("409 session_limit");
    expect(await see("GET /session", bearer(await token("broken", "one")))).toBe("500 policy_failed");
  });

  test("whose admission is left open is 503 as documented", async () => {
    const sent = bearer(await token("mia", "one"));
    serviceOf().proxy.interfere(({ operation }) =>
      operation === "TransactWriteItems" ? { fault: "drop-request" } : undefined,
    );
    expect(await see("GET /session", sent)).toBe("503 outcome_unknown");
  });
}
