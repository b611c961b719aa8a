import { describe, expect, test } from "vitest";
import { describeDevice, deviceOf } from "../../src/http/device.ts";
import { requestOf } from "./events.ts";

const CHROME_WINDOWS =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
const SAFARI_IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
const SAFARI_IPAD =
  "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1";
const FIREFOX_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

test.each([
  [CHROME_WINDOWS, "Chrome on Windows", "desktop"],
  [SAFARI_IPHONE, "Safari on iOS", "mobile"],
  [SAFARI_IPAD, "Safari on iOS", "mobile"],
  [FIREFOX_LINUX, "Firefox on Linux", "desktop"],
  ["curl/8.4.0", "curl", "desktop"],
  ["my-client/1.2 (test)", "my-client", "desktop"],
  ["(nothing to go by)", "Unknown device", "desktop"],
])("%s is %s, %s", (userAgent, label, deviceClass) => {
  expect(describeDevice({ userAgent })).toEqual({ label, class: deviceClass, userAgent });
});

test("a request without a user agent is an unknown device with its address", () => {
  expect(deviceOf({ ...requestOf(), userAgent: "" })).toEqual({
    label: "Unknown device",
    class: "desktop",
    address: "192.0.2.2",
  });
});

describe("what a client could break a log line or a read unit with", () => {
  test("is cut to 256 characters, and never in the middle of one", () => {
    const device = describeDevice({ userAgent: "x".repeat(255) + "😀".repeat(300) });
    expect(device.userAgent).toHaveLength(256);
    expect(device.userAgent?.isWellFormed()).toBe(true);
    expect(device.label.length).toBeLessThanOrEqual(64);
  });

  test("loses control characters and direction marks", () => {
    const device = describeDevice({
      userAgent: "curl/8\u001b[31m\r\nx\u202e\u2028",
      label: "\u0007my phone\n",
    });
    expect(device).toMatchObject({ userAgent: "curl/8[31mx", label: "my phone" });
  });
});

test("what a trusted backend gives counts over what the user agent says", () => {
  const given = {
    label: "Living room",
    class: "mobile",
    userAgent: CHROME_WINDOWS,
    address: "2001:db8::1",
  } as const;
  expect(describeDevice(given)).toEqual(given);
  expect(describeDevice({})).toEqual({ label: "Unknown device", class: "desktop" });
});
