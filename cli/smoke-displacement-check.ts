import { DEVICES, type Browser } from "./smoke-browser.ts";
import type { Check } from "./smoke-check.ts";
import { CheckSkipped, expectThat } from "./smoke-failures.ts";
import type { SmokeUser, World } from "./smoke-world.ts";

/** What the session policy says of one login too many: by the policy that the stack tells of. */
export const displacement: Check = {
  name: "one login too many, by the session policy",
  async run(world) {
    const { policy } = world.located;
    const user = await world.newUser();
    if (policy === "function") return underFunction(world, user);
    const limit = Math.min(policy.limit, policy.perDeviceClass?.desktop ?? policy.limit);
    const first = await world.signedIn(user);
    for (let count = 1; count < limit; count++) await world.signedIn(user);
    const last = await world.signIn(user, { userAgent: DEVICES.second });
    const login = `${policy.atLimit} at ${limit}`;
    switch (policy.atLimit) {
      case "displace":
        expectThat(last.answer.status === 201, `${login}: the login was ${last.answer.summary}`);
        return `${login}: ${await displaced(world, first)}`;
      case "deny":
      case "ask": {
        expectThat(
          last.answer.body.code === "session_limit",
          `${login}: the login was ${last.answer.summary}`,
        );
        const still = await first.browser.call("GET", `${world.url}/session?watch=1`);
        expectThat(still.status === 200, `${login}: the first device is ${still.summary}`);
        if (policy.atLimit === "deny") return `${login}: ${last.answer.summary}; the first device stays live`;
        const over = await world.signIn(user, { userAgent: DEVICES.second, body: { takeover: true } });
        expectThat(over.answer.status === 201, `${login}: with takeover ${over.answer.summary}`);
        return `${login}: ${last.answer.summary}; with takeover ${await displaced(world, first)}`;
      }
    }
  },
};

/** The displaced device is told why: that is what people see. */
async function displaced(world: World, { browser }: { readonly browser: Browser }): Promise<string> {
  const answer = await browser.call("GET", `${world.url}/session?watch=1`);
  expectThat(answer.status === 401, "the first device is live all the same");
  expectThat(answer.body.code === "session_displaced", `the first device reads ${answer.summary}`);
  const device = answer.body.by?.device;
  const label = typeof device === "string" ? device : device?.label;
  expectThat(label?.includes("Firefox") === true, `the first device is told of ${label ?? "no device"}`);
  return `the first device reads ${answer.summary} by "${label}"`;
}

async function underFunction(world: World, user: SmokeUser): Promise<string> {
  const first = await world.signedIn(user);
  const second = await world.signIn(user, { userAgent: DEVICES.second });
  const after = await first.browser.call("GET", `${world.url}/session?watch=1`);
  if (second.answer.status === 409) {
    expectThat(after.status === 200, `a refused login, and the first device is ${after.summary}`);
    return `policy function: ${second.answer.summary}; the first device stays live`;
  }
  expectThat(second.answer.status === 201, `policy function: the login was ${second.answer.summary}`);
  if (after.status !== 200) return `policy function: ${await displaced(world, first)}`;
  throw new CheckSkipped("the policy function lets a user without permissions have several sessions");
}
