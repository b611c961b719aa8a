import { describe, expect, test } from "vitest";
import { networkOf, placeOf, seenFrom } from "../../src/http/place.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/151.0.0.0 Safari/537.36";

describe("the network of an address", () => {
  test.each<[string, string | undefined]>([
    ["192.0.2.77", "192.0.2.0/24"],
    ["::ffff:192.0.2.77", "192.0.2.0/24"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"],
    ["2001:DB8:0001::5", "2001:db8:1::/48"],
    ["::1", "::/48"],
    ["fe80::1%eth0", "fe80::/48"],
    ["127.1", undefined],
    ["192.0.2.0/24", undefined],
    ["localhost", undefined],
    ["", undefined],
  ])("%s is %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe("a place", () => {
  test("is the client by its user agent, and its network", () => {
    expect(placeOf({ userAgent: CHROME, sourceAddress: "192.0.2.77" })).toEqual({
      label: "Chrome on Windows",
      class: "desktop",
      network: "192.0.2.0/24",
    });
  });

  test("is the same after an update of the browser, and elsewhere in its network", () => {
    const updated = { userAgent: CHROME.replace("151", "152"), sourceAddress: "192.0.2.5" };
    expect(placeOf(updated)).toEqual(placeOf({ userAgent: CHROME, sourceAddress: "192.0.2.77" }));
  });

  test("is without a network where no address is known, and with a label that is cut", () => {
    expect(placeOf({ userAgent: `${"Long".repeat(20)}/1.0 (iPhone)` })).toEqual({
      label: "Long".repeat(10),
      class: "mobile",
    });
  });

  test.each([undefined, "", "node", "undici", "axios/1.12.0", "Amazon CloudFront", "Deno/2.5.0"])(
    "is nowhere for what speaks for a client, or says nothing: %s",
    (userAgent) => {
      expect(placeOf({ userAgent, sourceAddress: "192.0.2.77" })).toBeUndefined();
    },
  );

  test("takes no client hints, which browsers leave out of some requests", () => {
    const headers = new Map([
      ["user-agent", CHROME],
      ["sec-ch-ua", '"Brave";v="151"'],
    ]);
    expect(seenFrom({ headers }, "cookie")()).toEqual({
      label: "Chrome on Windows",
      class: "desktop",
      by: "cookie",
    });
  });
});
