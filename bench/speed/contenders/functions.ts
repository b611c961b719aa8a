import { range, sum } from "d3-array";
import type { DeployedStack } from "../../support/deployed-stack.ts";
import { authorizerEvent, lambdaContext, requestEvent } from "../../support/gateway-events.ts";
import { eachOf, expect, oneByOne, type Measured } from "../../support/rounds.ts";
import { BENCH_DEVICE, newUserIds } from "../../support/seed.ts";
import type { Contender } from "../contender.ts";
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
  const load = async (name: string): Promise<(event: unknown) => Promise<Answer>> => {
    const handler = await stack.load(name);
    const context = lambdaContext(name);
    return async (event) => (await handler(event, context)) ?? {};
  };
  const login = await load("login");
  const adminLogout = await load("admin-logout");
  /** Asks one function again and again about the session that is read. */
  const asking = async (name: string, event: unknown, isRight: (answer: Answer) => void) => {
    const ask = await load(name);
    const prepare: Measured["prepare"] = async () => {
      await world.freshen();
      return async () => isRight(await ask(event));
    };
    const shown = { id: `function-${name}`, name: `${name}, whole function` };
    return { ...shown, group: "reading", isOurs: true, prepare } as const;
  };
  const { token: reader } = world.reader;
  return [
    await asking("validate", requestEvent("GET", "/session", reader), ({ statusCode }) =>
      expect(statusCode, 200),
    ),
    await asking("authorize", authorizerEvent(reader), ({ isAuthorized }) => expect(isAuthorized, true)),
    {
      id: "function-login",
      name: "login, whole function, invoked by a trusted backend",
      ...{ group: "starting", isOurs: true, beside: "store-login-requests", share: 50 },
      prepare: eachOf(newUserIds, async (id) => {
        const { userAgent, address } = BENCH_DEVICE;
        const { token } = await login({ user: { id }, device: { userAgent, address } });
        expect(typeof token, "string");
      }),
    },
    {
      id: "function-admin-logout",
      name: `administrators' logout of ${LOGGED_OUT_AT_ONCE}, whole function`,
      ...{ group: "ending", isOurs: true, share: 10 },
      async prepare(calls) {
        const next = oneByOne(await world.seed(calls * LOGGED_OUT_AT_ONCE));
        return async () => {
          const userIds = range(LOGGED_OUT_AT_ONCE).map(() => next().userId);
          const { loggedOut = [] } = await adminLogout({ userIds });
          expect(
            sum(loggedOut, ({ sessionCount }) => sessionCount),
            LOGGED_OUT_AT_ONCE,
          );
        };
      },
    },
  ];
}
