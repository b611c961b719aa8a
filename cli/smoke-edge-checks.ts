import { isIP } from "node:net";
import { VIEWER_HEADERS } from "../src/runtime/function-settings.ts";
import type { Check } from "./smoke-check.ts";
import { CheckSkipped, expectThat } from "./smoke-failures.ts";
import type { World } from "./smoke-world.ts";

/** An address of RFC 5737, which nobody has. */
export const FORGED_ADDRESS = "203.0.113.99";

const FORGED_HEADERS = {
  [VIEWER_HEADERS.address]: FORGED_ADDRESS,
  [VIEWER_HEADERS.host]: "smoke-check.invalid",
  [VIEWER_HEADERS.secret]: "a guess",
  "x-forwarded-for": FORGED_ADDRESS,
};

const viewerAddress: Check = {
  name: "the viewer's address is the real one, whatever a client says",
  async run(world) {
    const { apiUrl, consoleUrl } = world.located;
    if (!world.hasPasswords) {
      throw new CheckSkipped("an address is seen at a sign-in by password, which this stack does not have");
    }
    const seen = await addressAt(world, world.url);
    expectThat(seen !== "closed", "the login: 403");
    if (apiUrl === undefined || apiUrl === world.url) {
      return consoleUrl === undefined ? `${seen}; no distribution stands before the API` : seen;
    }
    const direct = await addressAt(world, apiUrl);
    if (direct === "closed") return `${seen}; the API's own host is closed`;
    if (isIP(direct) !== isIP(seen)) return `${seen}; the API's own host was asked from ${direct}`;
    expectThat(
      direct === seen,
      `${seen} behind the distribution and ${direct} at the API: the first is an edge's`,
    );
    return `${seen}, behind the distribution and at the API alike`;
  },
};

/**
 * The address of the device of a login, all of whose headers say another one. `closed`: the host answers
 * nobody who does not come through the distribution.
 */
async function addressAt(world: World, url: string): Promise<string> {
  const { answer } = await world.signIn(await world.newUser(), { url, headers: FORGED_HEADERS });
  if (answer.status === 403) return "closed";
  expectThat(answer.status === 201, `the login: ${answer.summary}`);
  const address = answer.body.session?.device.address;
  expectThat(address !== undefined, "the session has no address");
  expectThat(address !== FORGED_ADDRESS, "an address that the client made up was believed");
  return address;
}

const consolePage: Check = {
  name: "the console's page is served with its policy for content",
  async run(world) {
    if (world.located.consoleUrl === undefined) throw new CheckSkipped("this stack has no console");
    const answer = await world.browser().call("GET", `${world.url}/`);
    expectThat(answer.status === 200, `GET /: ${answer.status}`);
    const type = answer.headers.get("content-type") ?? "no type";
    expectThat(type.startsWith("text/html"), `GET /: ${type}`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expectThat(policy.includes("script-src 'self'"), "the page has no policy for scripts");
    expectThat(policy.includes("frame-ancestors 'none'"), "the page may be framed");
    return "200, scripts of its own origin only, no frame";
  },
};

/** What stands before the API. */
export const EDGE_CHECKS: readonly Check[] = [viewerAddress, consolePage];
