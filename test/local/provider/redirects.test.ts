import { expect, test } from "vitest";
import { isAllowedRedirect } from "../../../local/provider/redirects.ts";
import type { ProviderModel } from "../../../local/provider/sources.ts";

const model = (callbackUrls?: readonly string[]): ProviderModel => ({
  issuer: "https://login.example.com",
  sources: [],
  appClients:
    callbackUrls === undefined
      ? []
      : [{ userPoolId: "eu-central-1_Example", clientId: "web", callbackUrls, logoutUrls: ["shop://bye"] }],
});

test.each([
  ["http://localhost:4200/", true],
  ["http://127.0.0.1:51004/callback", true],
  ["shop://callback", true],
  ["com.example.shop:/callback", true],
  ["https://shop.example.com/", false],
  ["javascript:alert(1)", false],
  ["data:text/html,x", false],
  ["file:///etc/hosts", false],
  ["", false],
])("without app clients in the template, %s: %s", (uri, allowed) => {
  expect(isAllowedRedirect(model(), "anybody", uri, "callbackUrls")).toBe(allowed);
});

test.each([
  ["shop://callback", true],
  ["shop://bye", false],
  ["other://callback", false],
  ["com.example.shop:/callback", false],
  ["http://localhost:4200/", true],
])("with an app client that names shop://callback, %s: %s", (uri, allowed) => {
  expect(isAllowedRedirect(model(["shop://callback"]), "web", uri, "callbackUrls")).toBe(allowed);
});

test("sign-outs go to what is named for them", () => {
  expect(isAllowedRedirect(model([]), "web", "shop://bye", "logoutUrls")).toBe(true);
  expect(isAllowedRedirect(model([]), "web", "shop://callback", "logoutUrls")).toBe(false);
});
