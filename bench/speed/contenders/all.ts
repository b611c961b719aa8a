import type { Contender } from "../contender.ts";
import type { DeployedStack } from "../deployed-functions.ts";
import type { World } from "../world.ts";
import { authJsContender } from "./auth-js.ts";
import { bareContenders } from "./bare.ts";
import { expressContenders } from "./express.ts";
import { functionContenders } from "./functions.ts";
import { signedRequestContender } from "./signed-request.ts";
import { storeContenders } from "./store.ts";
import { usualLoginContender } from "./usual-login.ts";

/** Everybody who is measured, in the order of the tables. */
export async function allContenders(
  world: World,
  stack: DeployedStack,
): Promise<{ readonly contenders: readonly Contender[]; close(): void }> {
  const served = await expressContenders(world);
  const contenders = [
    ...bareContenders(world),
    signedRequestContender(world),
    ...storeContenders(world),
    ...(await functionContenders(world, stack)),
    ...served.contenders,
    await authJsContender(world),
    usualLoginContender(world),
  ];
  return { contenders, close: () => served.close() };
}
