import { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Stack } from "aws-cdk-lib";
import { describe, expect, test } from "vitest";
import { SingleSession } from "../../infra/index.ts";
import { toAllowedOrigin } from "../../infra/settings/allowed-origins.ts";
import { AwsSolutionsChecks } from "cdk-nag";
import { appStack, newApp, resourceOf, resourcesOf, WITHOUT_CODE } from "./support.ts";

const read = (value: unknown): string => toAllowedOrigin({ name: "allowedOrigins", source: "prop", value });

test.each([
  ["a web page's", "https://app.example.com"],
  ["a web page's with a port", "https://app.example.com:8443"],
  ["a developer's", "http://localhost:5173"],
  ["Capacitor's and Ionic's on iOS", "capacitor://localhost"],
  ["Ionic's older one", "ionic://localhost"],
  ["Capacitor's with a host of one's own", "capacitor://app.example.com"],
  ["Capacitor's on Android", "https://localhost"],
  ["Capacitor's on Android before its release 6", "http://localhost"],
  ["Tauri's on macOS and Linux", "tauri://localhost"],
  ["Tauri's on Windows", "http://tauri.localhost"],
  ["Tauri's on Windows with TLS", "https://tauri.localhost"],
  ["Electron's", "app://bundle"],
  ["electron-serve's", "app://-"],
  ["electron-builder's", "app://."],
  ["an app's own scheme", "com.example.bank://app"],
  ["an extension's of Chrome", "chrome-extension://abcdefghijklmnopabcdefghijklmnop"],
  ["an extension's of Firefox", "moz-extension://1234ab56-78c9-4df2-8efa-4567891ab1c2"],
])("an exact origin is accepted: %s, %s", (_, origin) => {
  expect(read(origin)).toBe(origin);
});

test.each([
  ["the origin of anybody's sandboxed page", "null"],
  ["any file", "file://"],
  ["a file's host", "file://localhost"],
  ["a wildcard", "*"],
  ["a wildcard host", "capacitor://*"],
  ["a wildcard extension", "chrome-extension://*"],
  ["a path", "capacitor://localhost/"],
  ["a page", "capacitor://localhost/index.html"],
  ["no host", "capacitor://"],
  ["no slashes", "capacitor:localhost"],
  ["a scheme alone", "capacitor"],
  ["a user", "capacitor://me@localhost"],
  ["a query", "capacitor://localhost?x=1"],
  ["upper case", "Capacitor://localhost"],
  ["a host in upper case", "capacitor://Localhost"],
  ["white space", " capacitor://localhost"],
  ["a line", "capacitor://localhost\n"],
  ["two in one", "capacitor://localhost,tauri://localhost"],
  ["data", "data:text/html,x"],
  ["data with slashes", "data://localhost"],
  ["a blob", "blob:https://app.example.com/1"],
  ["a blank page", "about:blank"],
  ["a script", "javascript:void"],
  ["a script with slashes", "javascript://localhost"],
  ["a file of Android's", "content://com.example.app"],
  ["a socket", "wss://app.example.com"],
  ["a web page without TLS", "http://app.example.com"],
  ["a host that only ends like localhost", "http://evillocalhost"],
  ["a port that is none", "app://bundle:0"],
  ["no text", 5],
])("no exact origin is refused, and said so: %s, %j", (_, value) => {
  expect(() => read(value)).toThrow(
    /allowedOrigins \(prop\) is .*accepted: an exact origin|allowedOrigins.*an exact origin/s,
  );
});

const APP = "capacitor://localhost";
const preflightsOf = (stack: Stack): string[] =>
  Object.values(resourcesOf(stack, "AWS::ApiGatewayV2::Route"))
    .map(({ Properties }) => String(Properties["RouteKey"]))
    .filter((key) => key.startsWith("OPTIONS "))
    .sort();
const PATHS = [
  "/admin/endings",
  "/admin/logout",
  "/admin/sessions",
  "/login",
  "/logout",
  "/session",
  "/sessions",
  "/sessions/{id}",
];

describe("an app's origin, which an HTTP API's own CORS does not take", () => {
  test("leaves the stack's API without it: a function answers the preflight of each path", () => {
    const stack = appStack({}, { allowedOrigins: [APP, "https://app.example.com"] });
    expect(resourceOf(stack, "AWS::ApiGatewayV2::Api").Properties["CorsConfiguration"]).toBeUndefined();
    expect(preflightsOf(stack)).toEqual(expect.arrayContaining(PATHS.map((path) => `OPTIONS ${path}`)));
    expect(new AwsSolutionsChecks(stack).validateScope(stack).violations).toEqual([]);
  });

  test("gets the same on one's own API", () => {
    const stack = new Stack(newApp(WITHOUT_CODE), "Own");
    const sessions = new SingleSession(stack, "Sessions", { allowedOrigins: [APP] });
    sessions.addRoutes(new HttpApi(stack, "Api"));
    expect(preflightsOf(stack)).toEqual(expect.arrayContaining(PATHS.map((path) => `OPTIONS ${path}`)));
  });
});

test("origins of web pages are left to the API's own CORS", () => {
  const stack = appStack({}, { allowedOrigins: ["https://app.example.com", "http://localhost"] });
  expect(resourceOf(stack, "AWS::ApiGatewayV2::Api").Properties["CorsConfiguration"]).toBeDefined();
  expect(preflightsOf(stack)).toEqual([]);
});
