import { expect, test } from "vitest";
import { createSessionClient, createSessionKeeper, type SessionClient } from "../../client/index.ts";
import { startBound, type BoundFunctions } from "../functions/bound-functions.ts";

/** A page's client, whose calls reach the functions; `token` is the provider's library. */
function clientOf({ functions }: BoundFunctions, token: () => Promise<string>) {
  const bodies: unknown[] = [];
  const kept: unknown[] = [];
  const client = createSessionClient({
    url: "https://api.example.com",
    tokens: { get: token, set: (given) => void kept.push(given) },
    fetch: async (url, { method = "GET", headers, body }) => {
      const { pathname, searchParams } = new URL(url);
      if (typeof body === "string") bodies.push(JSON.parse(body));
      const answer = await functions.send(`${method} ${pathname}`, {
        headers: Object.fromEntries(new Headers(headers)),
        query: searchParams.toString(),
        ...(typeof body === "string" && { body }),
      });
      return new Response(answer.text === "" ? null : answer.text, {
        status: answer.status,
        headers: answer.headers,
      });
    },
  });
  return { client, bodies, kept };
}

/** Signs in at the limit and chooses, as a page does. */
async function signIn(access: Pick<SessionClient, "logIn">, token: () => Promise<string>) {
  const answer = await access.logIn({ accessToken: await token() }, { device: { label: "MyBank" } });
  return answer.outcome === "session-limit" ? answer.choose({ takeover: true }) : answer;
}

test("with access tokens a person signs in, chooses at the limit, and goes on with the provider's tokens", async () => {
  const bound = await startBound({ admit: "login" }, { limit: 1, atLimit: "ask" });
  const tokens = { first: bound.signIn("alice", "first"), second: bound.signIn("alice", "second") };
  const first = clientOf(bound, tokens.first);
  expect(await first.client.session()).toMatchObject({ problem: { code: "session_unknown" } });
  expect(await signIn(first.client, tokens.first)).toMatchObject({ outcome: "signed-in", displaced: [] });
  expect(await first.client.session()).toMatchObject({ outcome: "ok", value: { session: {} } });
  // The same sign-in again is the same session.
  expect(await signIn(first.client, tokens.first)).toMatchObject({ outcome: "signed-in", displaced: [] });

  const second = clientOf(bound, tokens.second);
  const keeper = createSessionKeeper(second.client, { recordActivity: false });
  expect(await signIn(keeper, tokens.second)).toMatchObject({
    outcome: "signed-in",
    displaced: [{}],
    session: { device: { label: "MyBank" } },
  });
  expect(keeper.state()).toMatchObject({ status: "signed-in" });
  expect(second.bodies).toEqual([
    { accessToken: expect.any(String) as string, device: { label: "MyBank" } },
    { accessToken: expect.any(String) as string, device: { label: "MyBank" }, takeover: true },
  ]);
  expect(await first.client.session()).toMatchObject({ problem: { code: "session_displaced" } });
  expect([...first.kept, ...second.kept]).toEqual([]);
  expect(await second.client.logOut()).toEqual({ outcome: "ok", value: undefined });
  expect(second.kept).toEqual([undefined]);
});

test("without anything that goes on sending the access token, a login by it is a mistake", async () => {
  const login = createSessionClient().logIn({ accessToken: "a.b.c" });
  await expect(login).rejects.toThrow(
    "createSessionClient: tokens is undefined; accepted is an object with get and set.",
  );
});
