import type { Command } from "commander";
import { connect } from "../connect.ts";
import { withDirectory } from "../place.ts";
import { unlock, UNLOCK, withUnlockArguments } from "../unlock-command.ts";
import { addCommand, carryOut, type CommonOptions } from "./command.ts";

/** `sessions unlock`: what `users unlock` does. */
export function addUnlock(program: Command): void {
  const examples = ["unlock alice", "unlock --address 203.0.113.7 --json"];
  withUnlockArguments(addCommand(program, "unlock", UNLOCK, examples)).action(
    (userName: string | undefined, options: CommonOptions & { readonly address?: string }) =>
      carryOut(options, async ({ located, show }) => {
        const { directory, unlocking, close } = connect(withDirectory(located));
        try {
          const { code, lines, json } = await unlock(
            { directory, unlocking },
            { userName, address: options.address },
          );
          show({ text: lines.join("\n"), json });
          return code;
        } finally {
          close();
        }
      }),
  );
}
