import { expect, test } from "vitest";
import { crossOriginProblem } from "../../src/http/same-origin.ts";
import { requestOf } from "./events.ts";

const OWN = { allowedOrigins: ["https://app.example.com"] };
const BELOW_A_PATH = { ...OWN, publicOrigin: "https://www.example.com/auth/" };
const BEHIND_CDN = { ...OWN, publicOrigin: "https://www.example.com" };

test.each([
  ["no browser's headers", {}, OWN],
  ["Sec-Fetch-Site same-origin", { "sec-fetch-site": "same-origin" }, OWN],
  ["Sec-Fetch-Site none", { "sec-fetch-site": "none" }, OWN],
  [
    "cross-site from an allowed origin",
    { "sec-fetch-site": "cross-site", origin: "https://app.example.com" },
    OWN,
  ],
  [
    "same-site from an allowed origin",
    { "sec-fetch-site": "same-site", origin: "https://app.example.com" },
    OWN,
  ],
  ["an old browser's own origin", { origin: "https://api.example.com" }, OWN],
  [
    "own origin with the default port",
    { origin: "https://api.example.com", host: "API.example.com:443" },
    OWN,
  ],
  ["own origin with a port", { origin: "http://localhost:3000", host: "localhost:3000" }, OWN],
  ["an old browser's public origin", { origin: "https://www.example.com" }, BEHIND_CDN],
  ["a public base URL's origin, whatever its path", { origin: "https://www.example.com" }, BELOW_A_PATH],
])("%s is accepted", (_, headers, settings) => {
  expect(crossOriginProblem(requestOf({ headers }), settings)).toBeUndefined();
});

test.each([
  ["cross-site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, OWN],
  ["cross-site without an origin", { "sec-fetch-site": "cross-site" }, OWN],
  [
    "same-site from an origin not allowed",
    { "sec-fetch-site": "same-site", origin: "https://evil.example.com" },
    OWN,
  ],
  [
    "cross-site claiming the own host",
    { "sec-fetch-site": "cross-site", origin: "https://api.example.com" },
    OWN,
  ],
  ["a Sec-Fetch-Site nobody knows", { "sec-fetch-site": "quite-near" }, OWN],
  ["an empty Sec-Fetch-Site", { "sec-fetch-site": "" }, OWN],
  ["an old browser's foreign origin", { origin: "https://evil.example" }, OWN],
  ["a null origin", { origin: "null" }, OWN],
  ["a null origin where the host is null too", { origin: "null", host: "null" }, OWN],
  ["another port of the own host", { origin: "http://localhost:3001", host: "localhost:3000" }, OWN],
  ["an origin that begins like an allowed one", { origin: "https://app.example.com.evil.example" }, OWN],
  ["an origin of another scheme", { origin: "file://api.example.com" }, OWN],
  ["the host itself where a public origin is set", { origin: "https://api.example.com" }, BEHIND_CDN],
])("%s is refused with 403", (_, headers, settings) => {
  expect(crossOriginProblem(requestOf({ headers }), settings)).toMatchObject({
    status: 403,
    code: "cross_origin",
  });
});
