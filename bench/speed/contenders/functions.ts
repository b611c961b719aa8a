import type { DeployedStack } from "../../support/deployed-stack.ts";
import { authorizerEvent, lambdaContext, requestEvent } from "../../support/gateway-events.ts";
import { BENCH_DEVICE } from "../../support/seed.ts";
import { expect, oneByOne, type Contender } from "../contender.ts";
import type { World } from "../world.ts";

const LOGGED_OUT_AT_ONCE = 25;

/** What the functions answer, as far as it is looked at. */
interface Answer {
  readonly statusCode?: number;
  readonly isAuthorized?: boolean;
  readonly token?: string;
  readonly loggedOut?: readonly { readonly sessionCount: number }[];
}

/**
 * Whole functions, as they are deployed: the bundle's handler, from the event to the answer, its log line
 * written. What the gateway and the runtime do before and after is not in it.
 */
export async function functionContenders(world: World, stack: DeployedStack): Promise<Contender[]> {
  const { reader } = world;
  const load = async (name: string): Promise<(event: unknown) => Promise<Answer>> => {
    const handler = await stack.load(name);
    const context = lambdaContext(name);
    return async (event) => (await handler(event, context)) ?? {};
  };
  const [validate, authorize, login, adminLogout] = [
    await load("validate"),
    await load("authorize"),
    await load("login"),
    await load("admin-logout"),
  ];
  return [
    {
      id: "function-validate",
      name: "validate, whole function",
      group: "reading",
      isOurs: true,
      async prepare() {
        await world.freshen();
        const event = requestEvent("GET", "/session", reader.token);
        return async () => expect((await validate(event)).statusCode, 200);
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
        return async () => expect((await authorize(event)).isAuthorized, true);
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
        const { userAgent, address } = BENCH_DEVICE;
        return async () => {
          const { token } = await login({ user: { id: next() }, device: { userAgent, address } });
          expect(typeof token, "string");
        };
      },
    },
    {
      id: "function-admin-logout",
      name: `administrators' logout of ${LOGGED_OUT_AT_ONCE}, whole function`,
      group: "ending",
      isOurs: true,
      share: 10,
      async prepare(calls) {
        const next = oneByOne(await world.seed(calls * LOGGED_OUT_AT_ONCE));
        return async () => {
          const userIds = Array.from({ length: LOGGED_OUT_AT_ONCE }, () => next().userId);
          const { loggedOut = [] } = await adminLogout({ userIds });
          expect(
            loggedOut.reduce((sum, { sessionCount }) => sum + sessionCount, 0),
            LOGGED_OUT_AT_ONCE,
          );
        };
      },
    },
  ];
}
