import { afterAll, beforeAll, expect, test } from "vitest";
import { HttpClient } from "../support/http-client.ts";
import { startTestStack, type TestStack } from "../support/local-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ app: "test/support/deploy-time-app.ts" });
});
afterAll(() => stack.stop());

const loginFrom = (origin: string) =>
  new HttpClient(stack.url).call("POST", "/login", { idToken: "a.b.c" }, { origin });

test.each(["https://app.example.com", "https://shop.example.com", "https://publichost.invalid"])(
  "a template whose origins are filled in at deployment runs, and a login may come from %s",
  async (origin) => {
    expect(await loginFrom(origin)).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
  },
);

test("and from no other", async () => {
  expect(await loginFrom("https://evil.example.com")).toMatchObject({
    status: 403,
    body: { code: "cross_origin" },
  });
});

test("the code flow leads to the user pool's own domain", async () => {
  const { status, headers } = await new HttpClient(stack.url).call("GET", "/login/oidc");
  expect(status).toBe(303);
  const location = new URL(headers.get("location") ?? "");
  expect(location.host).toMatch(/\.auth\.eu-central-1\.amazoncognito\.com$/);
  expect(location.searchParams.get("redirect_uri")).toBe("https://publichost.invalid/login/oidc/callback");
});
