import { describe, expect, test } from "vitest";
import { SessionToken } from "../../src/sessions/token.ts";
import { bearer } from "../functions/harness.ts";
import { logIn } from "../support/store.ts";
import { NEED_SESSION, see, service, session } from "./seeing.ts";
import { IDLE_MS, type Parts } from "./service.ts";

describe("a token that is worth nothing", () => {
  test.each<[string, () => Promise<Parts>]>([
    ["no_session", () => Promise.resolve({})],
    ["session_unknown", () => Promise.resolve(bearer(SessionToken.generate().reveal()))],
    ["session_expired", async () => bearer(await session("alice", IDLE_MS))],
    [
      "session_displaced",
      async () => {
        const token = await session("eve");
        await logIn(service.functions.store, "eve");
        return bearer(token);
      },
    ],
    [
      "session_logged_out",
      async () => {
        const token = await session("alice");
        await service.send("POST /logout", bearer(token));
        return bearer(token);
      },
    ],
    [
      "session_revoked",
      async () => {
        const token = await session("alice");
        await service.functions.store.revoke({ userIds: ["alice"], revokedBy: "staff" });
        return bearer(token);
      },
    ],
  ])("is %s wherever a session is needed", async (code, parts) => {
    const sent = await parts();
    for (const route of NEED_SESSION)
      expect(`${route} ${await see(route, sent)}`).toBe(`${route} 401 ${code}`);
  });
});
