import { BENCH_DEVICE } from "../../support/seed.ts";
import { oneByOne, type Contender } from "../contender.ts";
import type { DeployedStack } from "../deployed-functions.ts";
import { authorizerEvent, lambdaContext, requestEvent } from "../../support/gateway-events.ts";
import type { World } from "../world.ts";

const LOGGED_OUT_AT_ONCE = 25;

/**
 * Whole functions, as they are deployed: the bundle's handler, from the event to the answer, its log line
 * written. What the gateway and the runtime do before and after is not in it.
 */
export async function functionContenders(world: World, stack: DeployedStack): Promise<Contender[]> {
  const { reader } = world;
  const validate = await stack.load("validate");
  const authorize = await stack.load("authorize");
  const login = await stack.load("login");
  const adminLogout = await stack.load("admin-logout");
  return [
    {
      id: "function-validate",
      name: "validate, whole function",
      group: "reading",
      isOurs: true,
      async prepare() {
        await world.freshen();
        const event = requestEvent("GET", "/session", reader.token);
        const context = lambdaContext("validate");
        return async () => {
          const { statusCode } = (await validate(event, context)) as { statusCode?: number };
          expect(statusCode, 200);
        };
      },
    },
    {
      id: "function-authorize",
      name: "authorize, whole function",
      group: "reading",
      isOurs: true,
      async prepare() {
        await world.freshen();
        const event = authorizerEvent(reader.token);
        const context = lambdaContext("authorize");
        return async () => {
          const { isAuthorized } = (await authorize(event, context)) as { isAuthorized?: boolean };
          expect(isAuthorized, true);
        };
      },
    },
    {
      id: "function-login",
      name: "login, whole function, invoked by a trusted backend",
      group: "starting",
      isOurs: true,
      beside: "store-login-requests",
      share: 50,
      prepare(calls) {
        const next = oneByOne(world.newUserIds(calls));
        const context = lambdaContext("login");
        const { userAgent, address } = BENCH_DEVICE;
        return Promise.resolve(async () => {
          const event = { user: { id: next() }, device: { userAgent, address } };
          const { token } = (await login(event, context)) as { token?: string };
          expect(typeof token, "string");
        });
      },
    },
    {
      id: "function-admin-logout",
      name: `administrators' logout of ${LOGGED_OUT_AT_ONCE}, whole function`,
      group: "ending",
      isOurs: true,
      share: 10,
      async prepare(calls) {
        const users = await world.seed(calls * LOGGED_OUT_AT_ONCE);
        const next = oneByOne(users);
        const context = lambdaContext("admin-logout");
        return async () => {
          const userIds = Array.from({ length: LOGGED_OUT_AT_ONCE }, () => next().userId);
          const { loggedOut = [] } = (await adminLogout({ userIds }, context)) as {
            loggedOut?: { sessionCount: number }[];
          };
          expect(
            loggedOut.reduce((sum, { sessionCount }) => sum + sessionCount, 0),
            LOGGED_OUT_AT_ONCE,
          );
        };
      },
    },
  ];
}

function expect(seen: unknown, expected: unknown): void {
  if (seen !== expected) throw new Error(`the function answered ${String(seen)}, not ${String(expected)}`);
}
