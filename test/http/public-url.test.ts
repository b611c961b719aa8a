import { describe, expect, test } from "vitest";
import { publicUrl } from "../../src/http/public-url.ts";
import { eventV2, requestOf } from "./events.ts";
import { readRequest } from "../../src/http/request.ts";

const at = (host: string) => publicUrl(requestOf({ headers: { host } }), {}, "/back")?.href;

describe("the public URL of a path", () => {
  test.each([
    ["api.example.com", "https://api.example.com/back"],
    ["api.example.com:8443", "https://api.example.com:8443/back"],
    ["localhost:3000", "http://localhost:3000/back"],
    ["[::1]:3000", "http://[::1]:3000/back"],
  ])("is on the host that was asked: %s", (host, url) => {
    expect(at(host)).toBe(url);
  });

  test("is on the public origin where one is set, whatever the host says", () => {
    const settings = { publicOrigin: "https://app.example.com" };
    expect(publicUrl(requestOf({ headers: { host: "a b" } }), settings, "/back")?.href).toBe(
      "https://app.example.com/back",
    );
  });

  test.each([
    ["https://app.example.com/auth", "https://app.example.com/auth/back"],
    ["https://app.example.com/a/b/", "https://app.example.com/a/b/back"],
    ["https://app.example.com/", "https://app.example.com/back"],
  ])("is below the path of the public base URL %s", (publicOrigin, url) => {
    expect(publicUrl(requestOf(), { publicOrigin }, "/back")?.href).toBe(url);
  });

  test.each([
    "",
    " ",
    "a b",
    "user@evil.example",
    "[::1",
    "a:99999",
    "/",
    "a/b",
    "a?b",
    "a#b",
    "\u0000",
    "%",
  ])("is none for the host %j", (host) => {
    expect(at(host)).toBeUndefined();
  });

  test("is none for a request without a host", () => {
    expect(publicUrl(readRequest({ ...eventV2(), headers: {} }), {}, "/back")).toBeUndefined();
  });
});
