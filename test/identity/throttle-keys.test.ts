import { expect, test } from "vitest";
import { addressSubject, deviceSubject, networkOf, userSubject } from "../../src/identity/throttle-keys.ts";
import type { DeviceId } from "../../src/sessions/session.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["::FFFF:C000:0207", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:0001:0002:ffff::", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:0:0:1::", "2001:db8:0:0::/64"],
  ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["no address", "no address"],
])("the address %s stands for %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("addresses of one /64 share a counter, those of another and other IPv4 addresses do not", () => {
  const subjects = ["2001:db8::1", "2001:db8::2", "2001:db8:0:1::1", "192.0.2.1", "192.0.2.2", undefined];
  const [one, same, ...others] = subjects.map(addressSubject);
  expect(same).toBe(one);
  expect(new Set([one, ...others]).size).toBe(5);
});

test("a name in composed and in decomposed characters is one subject; in other case it is another", () => {
  expect(userSubject("rene\u0301")).toBe(userSubject("ren\u00e9"));
  expect(userSubject("Alice")).not.toBe(userSubject("alice"));
});

test("no subject holds what was typed", () => {
  const device = "D".repeat(43) as DeviceId;
  const subjects = [userSubject("hunter2"), addressSubject("192.0.2.7"), deviceSubject("hunter2", device)];
  expect(subjects.join()).not.toMatch(/hunter2|192\.0\.2/);
  expect(subjects[0]).toMatch(/^user#[\w-]{43}$/);
  expect(subjects[1]).toMatch(/^address#[\w-]{43}$/);
  expect(subjects[2]).toMatch(/^[\w-]{43}#D{43}$/);
});
