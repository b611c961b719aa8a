import { describe, expect, test } from "vitest";
import { describeDevice, deviceOf, type StatedDevice } from "../../src/http/device.ts";
import { boundedDevice } from "../../src/sessions/device.ts";
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
  [SAFARI_IPAD, "Safari on iPadOS", "mobile"],
  [FIREFOX_LINUX, "Firefox on Linux", "desktop"],
  [
    "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
    "Chrome on Android",
    "mobile",
  ],
  [
    "Mozilla/5.0 (Linux; Android 13; SM-S901B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36",
    "Samsung Internet on Android",
    "mobile",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/122.0 Mobile/15E148 Safari/604.1",
    "Chrome on iOS",
    "mobile",
  ],
  [
    "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/122.0.0.0 Safari/537.36",
    "Chrome on Chrome OS",
    "desktop",
  ],
  ["Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16", "Opera on Windows", "desktop"],
  [
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1682",
    "WindowsPowerShell on Windows",
    "desktop",
  ],
  ["curl/8.4.0", "curl", "desktop"],
  ["my-client/1.2 (test)", "my-client", "desktop"],
  ["(nothing to go by)", "Unknown device", "desktop"],
])("a browser or a program, %s, is %s, %s", (userAgent, label, deviceClass) => {
  expect(describeDevice({ userAgent })).toEqual({ label, class: deviceClass, userAgent });
});

test.each([
  ["okhttp/4.12.0", "App on Android", "mobile"],
  ["MyBank/3.2 (Android 13; SM-G991B) okhttp/4.11.0", "MyBank on Android", "mobile"],
  ["Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/UQ1A.240205.002)", "App on Android", "mobile"],
  [
    "MyBank/123 (Linux; U; Android 13; en_US; Pixel 7; Build/TQ3A; Cronet/119.0.6045.31)",
    "MyBank on Android",
    "mobile",
  ],
  ["MyBank/7 CFNetwork/1494.0.7 Darwin/23.4.0", "MyBank on iOS", "mobile"],
  ["My%20Bank/7 CFNetwork/1494.0.7 Darwin/23.4.0", "My Bank on iOS", "mobile"],
  ["MyBank/7 CFNetwork/1494.0.7 Darwin/23.4.0 (x86_64)", "MyBank on macOS", "desktop"],
  ["My Bank/7.2.1 (iPhone; iOS 17.4; Scale/3.00)", "My Bank on iOS", "mobile"],
  ["My Bank/7.2.1 (iPad; iOS 17.4; Scale/2.00)", "My Bank on iPadOS", "mobile"],
  ["MyBank/1.0 (com.example.bank; build:1; iOS 17.4.0) Alamofire/5.9.1", "MyBank on iOS", "mobile"],
  ["MyBank/1.0 (com.example.bank; build:1; macOS 14.4.0) Alamofire/5.9.1", "MyBank on macOS", "desktop"],
  ["MyBank/1.0 watchOS/10.1", "MyBank on watchOS", "mobile"],
  ["Expo/1017699 CFNetwork/1494.0.7 Darwin/23.4.0", "Expo on iOS", "mobile"],
  ["Dart/3.3 (dart:io)", "Flutter app", "mobile"],
  ["Ktor client", "Ktor app", "mobile"],
  ["ktor-client/2.3", "Ktor app", "mobile"],
  ["UnityPlayer/2022.3.10f1 (UnityWebRequest/1.0, libcurl/7.84.0-DEV)", "Unity app", "mobile"],
  ["MyBank/2.0 Capacitor/6.0", "MyBank", "mobile"],
  ["PostmanRuntime/7.37.0", "Postman", "desktop"],
  ["python-requests/2.31.0", "Python", "desktop"],
  ["Go-http-client/2.0", "Go", "desktop"],
  ["Java/17.0.8", "Java", "desktop"],
  ["Apache-HttpClient/4.5.14 (Java/17.0.8)", "Apache-HttpClient", "desktop"],
  ["axios/1.7.2", "axios", "desktop"],
  ["node", "Node.js", "desktop"],
])("a native HTTP stack, %s, is %s, %s", (userAgent, label, deviceClass) => {
  expect(describeDevice({ userAgent })).toMatchObject({ label, class: deviceClass });
});

const ANDROID =
  "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/122.0.0.0 Mobile Safari/537.36";
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit";
test.each([
  [ANDROID, "App on Android", "mobile"],
  [`${ANDROID} MyBank/3.2`, "MyBank on Android", "mobile"],
  [`${ANDROID} [FB_IAB/FB4A;FBAV/450.0.0.0;]`, "Facebook on Android", "mobile"],
  [`${IPHONE} Mobile/15E148`, "App on iOS", "mobile"],
  [`${IPHONE} Mobile/15E148 MyBank/3.2`, "MyBank on iOS", "mobile"],
  [`${IPHONE} Mobile/15E148 Instagram 320.0.0.0 (iPhone14,5; iOS 17_4)`, "Instagram on iOS", "mobile"],
  [
    `${IPHONE} Mobile/21E219 [FBAN/FBIOS;FBAV/450.0.0.38.108;FBDV/iPhone14,5;FBSN/iOS;FBSV/17.4]`,
    "Facebook on iOS",
    "mobile",
  ],
  [`${IPHONE} Mobile/21E219 [FBAN/MessengerForiOS;FBAV/450.0;FBSV/17.4]`, "Messenger on iOS", "mobile"],
  [`${IPHONE} Mobile/15E148 Safari Line/13.1.0`, "LINE on iOS", "mobile"],
  [
    `${IPHONE} Mobile/15E148 MicroMessenger/8.0.33(0x18002123) NetType/WIFI Language/en`,
    "WeChat on iOS",
    "mobile",
  ],
  [`${IPHONE} Mobile/15E148 [LinkedInApp]/9.29`, "LinkedIn on iOS", "mobile"],
  [
    "Mozilla/5.0 (Linux; Android 13; 2201117TG) AppleWebKit/537.36 (KHTML, like Gecko) musical_ly_2023 Mobile BytedanceWebview/d8a21c6",
    "TikTok on Android",
    "mobile",
  ],
  [`${MAC}/605.1.15 (KHTML, like Gecko)`, "App on macOS", "desktop"],
  [
    `${MAC}/537.36 (KHTML, like Gecko) MyDesk/1.2.3 Chrome/120.0.6099.56 Electron/28.0.0 Safari/537.36`,
    "MyDesk on macOS",
    "desktop",
  ],
  [
    `${MAC}/537.36 (KHTML, like Gecko) Chrome/120.0.6099.56 Electron/28.0.0 Safari/537.36`,
    "Electron on macOS",
    "desktop",
  ],
])("a page within an app, %s, is %s, %s", (userAgent, label, deviceClass) => {
  expect(describeDevice({ userAgent })).toMatchObject({ label, class: deviceClass });
});

describe("client hints count where a browser sends them", () => {
  const MAC_CHROME = `${MAC}/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36`;
  const read = (userAgent: string, hints: Readonly<Record<string, string>>, stated: StatedDevice = {}) => {
    const headers = Object.fromEntries(
      Object.entries(hints).map(([name, value]) => [`sec-ch-ua${name}`, value]),
    );
    const { label, class: deviceClass } = deviceOf(
      requestOf({ headers: { "user-agent": userAgent, ...headers } }),
      stated,
    );
    return [label, deviceClass];
  };

  test.each([
    [
      "a phone that asks for desktop pages",
      MAC_CHROME,
      { "-mobile": "?1", "-platform": '"Android"' },
      "Chrome on Android",
      "mobile",
    ],
    ["a phone without a platform", "SomeBrowser/1", { "-mobile": "?1" }, "SomeBrowser", "mobile"],
    [
      "a tablet, which is not `mobile` to the hint",
      MAC_CHROME,
      { "-mobile": "?0", "-platform": '"Android"' },
      "Chrome on Android",
      "mobile",
    ],
    [
      "a desktop",
      CHROME_WINDOWS,
      { "-mobile": "?0", "-platform": '"Windows"' },
      "Chrome on Windows",
      "desktop",
    ],
    ["a desktop behind an app's stack", "UnityPlayer/2022", { "-mobile": "?0" }, "Unity app", "desktop"],
    [
      "a brand that the user agent hides",
      CHROME_WINDOWS,
      { "": '"Brave";v="126", "Not/A)Brand";v="8", "Chromium";v="126"' },
      "Brave on Windows",
      "desktop",
    ],
    [
      "Chrome's brand",
      CHROME_WINDOWS,
      { "": '"Not/A)Brand";v="8", "Chromium";v="126", "Google Chrome";v="126"' },
      "Chrome on Windows",
      "desktop",
    ],
    [
      "the engine's brand alone",
      CHROME_WINDOWS,
      { "": '"Chromium";v="126", "Not;A=Brand";v="24"' },
      "Chrome on Windows",
      "desktop",
    ],
    [
      "a WebView of Windows (Tauri)",
      CHROME_WINDOWS,
      { "": '"Microsoft Edge WebView2";v="126", "Chromium";v="126"', "-platform": '"Windows"' },
      "App on Windows",
      "desktop",
    ],
    [
      "nonsense",
      CHROME_WINDOWS,
      { "": '";;"', "-mobile": "yes", "-platform": '"<b>"' },
      "Chrome on Windows",
      "desktop",
    ],
    ["an unknown platform", CHROME_WINDOWS, { "-platform": '"Unknown"' }, "Chrome on Windows", "desktop"],
  ])("%s", (_, userAgent, hints, label, deviceClass) => {
    expect(read(userAgent, hints)).toEqual([label, deviceClass]);
  });

  test("what the client states counts over them, each member on its own", () => {
    const phone = { "-mobile": "?1", "-platform": '"Android"' };
    expect(read("okhttp/4.12.0", phone, { class: "desktop" })).toEqual(["App on Android", "desktop"]);
    expect(read("okhttp/4.12.0", phone, { label: "Till 7" })).toEqual(["Till 7", "mobile"]);
  });
});

describe("a user agent is read before it is cut", () => {
  test("a long Edge is Edge, and what is stored of it is cut", () => {
    const long = CHROME_WINDOWS.replace("x64)", `x64; ${".NET CLR 3.5.30729; ".repeat(30)})`);
    const device = describeDevice({ userAgent: `${long} Edg/126.0.0.0` });
    expect(device).toMatchObject({ label: "Microsoft Edge on Windows", class: "desktop" });
    expect(device.userAgent).toHaveLength(256);
  });

  test("a long iPhone's app is mobile", () => {
    const device = describeDevice({ userAgent: `${"MyBank".repeat(9)}/7 (${"x".repeat(500)}; iOS 17.4)` });
    expect(device).toMatchObject({ label: `${"MyBank".repeat(9)} on iOS`, class: "mobile" });
  });

  test("past 2,048 characters nothing is read, and the label is still no engine's", () => {
    const userAgent = `Mozilla/5.0 (Windows NT 10.0; ${"x".repeat(3000)}) AppleWebKit/537.36 Chrome/126.0 Safari/537.36`;
    expect(describeDevice({ userAgent }).label).toBe("Browser on Windows");
  });

  test.each([
    "(",
    "/",
    "a/1 ",
    "Mozilla/5.0 ((",
    "Mozilla/5.0 a/",
    "Mozilla/5.0 \u00a0",
    "a ",
    '"',
    "Darwin/1",
    "; wv",
  ])("%j many times over is read all the same", (part) => {
    const text = part.repeat(10_000);
    const hints = { brands: text, platform: text, mobile: text };
    expect(describeDevice({ userAgent: text, label: text }, hints).label.length).toBeLessThanOrEqual(64);
  });
});

test("a request without a user agent is an unknown device with its address", () => {
  expect(deviceOf({ ...requestOf(), userAgent: "" })).toEqual({
    label: "Unknown device",
    class: "desktop",
    address: "192.0.2.2",
  });
});

describe("what a client could break a log line or a read unit with", () => {
  test("is cut to 256 characters, and never in the middle of one: a halved pair goes whole", () => {
    const device = describeDevice({ userAgent: "x".repeat(255) + "😀".repeat(300) });
    expect(device.userAgent).toBe("x".repeat(255));
    expect(device.userAgent?.isWellFormed()).toBe(true);
    expect(device.label.length).toBeLessThanOrEqual(64);
  });

  test("is a label of at most 64, whoever gives it", () => {
    const label = `${"x".repeat(63)}😀 and more`;
    expect(describeDevice({ label }).label).toBe("x".repeat(63));
    expect(boundedDevice({ label, class: "mobile" }).label).toBe("x".repeat(63));
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
