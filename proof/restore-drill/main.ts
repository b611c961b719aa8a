/** `npm run drill:restore`: the runbook for restoring a backup, followed on this machine. */
import { createDemoUsers } from "../../cli/demo-users.ts";
import { locateDirectory } from "../../cli/place.ts";
import { startDynamoDbLocal } from "../../local/dynamodb-local.ts";
import { startLocalStack, type LocalStack } from "../../local/stack.ts";
import { runDrill } from "./drill.ts";

const database = await startDynamoDbLocal();
try {
  let isFilled = false;
  const start = async (era: string): Promise<LocalStack> => {
    const context = { era, console: "false" };
    const stack = await startLocalStack({ databaseEndpoint: database.endpoint, context });
    // At the first start only: users that exist are left as they are, so later ones would add removed ones.
    if (!isFilled) {
      isFilled = true;
      const { usersTable, sessionsTable } = await locateDirectory({ kind: "local", port: stack.port });
      const { region } = stack;
      await createDemoUsers({ dynamoDbEndpoint: database.endpoint, region, usersTable, sessionsTable });
    }
    return stack;
  };
  const findings = await runDrill({ start, say: (line) => console.log(line) });
  const wrong = findings.filter(({ isRight }) => !isRight);
  console.log(
    wrong.length === 0
      ? `${findings.length} things looked at: nothing that had ended came back.`
      : `${wrong.length} of ${findings.length} were not as the runbook promises.`,
  );
  if (wrong.length > 0) process.exitCode = 1;
} finally {
  await database.stop();
}
