import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { deviceIdOf, presentedDevice } from "../../src/http/device-cookie.ts";
import { requestOf } from "./events.ts";

const VALUE = "v".repeat(43);
const ID = createHash("sha256").update(VALUE).digest("base64url");
const bytes = (size: number): Uint8Array => new Uint8Array(size).fill(7);

describe("a request with a device cookie", () => {
  const request = requestOf({ cookies: ["__Host-session=s", `__Host-device=${VALUE}`] });

  test("is of the device that the cookie's hash names", () => {
    expect(deviceIdOf(request)).toBe(ID);
  });

  test("keeps its cookie for another year", () => {
    expect(presentedDevice(request, bytes)).toEqual({
      id: ID,
      isNew: false,
      cookie: `__Host-device=${VALUE}; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Lax`,
    });
  });
});

describe("a request without one", () => {
  test.each([
    ["none", undefined],
    ["an empty one", "__Host-device="],
    ["a short one", "__Host-device=abc"],
    ["a long one", `__Host-device=${VALUE}v`],
    ["one with other characters", `__Host-device=${"!".repeat(43)}`],
  ])("(%s) is of no device, and gets a new one of 256 random bits", (_, cookie) => {
    const request = requestOf(cookie === undefined ? {} : { cookies: [cookie] });
    expect(deviceIdOf(request)).toBeUndefined();
    const device = presentedDevice(request, bytes);
    const value = Buffer.from(bytes(32)).toString("base64url");
    expect(device.isNew).toBe(true);
    expect(device.cookie).toMatch(new RegExp(`^__Host-device=${value};`));
    expect(deviceIdOf(requestOf({ cookies: [`__Host-device=${value}`] }))).toBe(device.id);
  });
});
