import { toSessionItem } from "../../../src/sessions/items.ts";
import { usualLogin } from "../../support/usual-login.ts";
import { oneByOne, type Contender } from "../contender.ts";
import type { World } from "../world.ts";

/**
 * The usual login, of users who have a session. It does less than a login here: it keeps no ending, and two
 * at once both pass.
 */
export function usualLoginContender(world: World): Contender {
  const { bare, usualTable, reader } = world;
  const attributes = { ...toSessionItem(reader.session) };
  return {
    id: "usual-login",
    name: "the usual login: query the index, delete, put",
    group: "starting",
    isOurs: false,
    share: 50,
    async prepare(calls) {
      const userIds = world.newUserIds(calls);
      for (const userId of userIds) await usualLogin(bare, usualTable, userId, attributes);
      const next = oneByOne(userIds);
      return async () => {
        await usualLogin(bare, usualTable, next(), attributes);
      };
    },
  };
}
