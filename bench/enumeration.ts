import { randomInt, randomUUID } from "node:crypto";
import { Command } from "commander";
import { startDynamoDbLocal } from "../local/dynamodb-local.ts";
import { wireDirectory, wirePasswords } from "../functions/wiring.ts";
import { createPasswordHasher } from "../src/identity/password-hash.ts";
import { localDocuments } from "../test/support/local-client.ts";
import { createTable, SIGN_IN, USERS } from "../test/support/tables.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { quantile } from "./support/quantiles.ts";
import { shuffled } from "./support/shuffled.ts";
import { wholeNumber } from "./support/whole-number.ts";

/**
 * Whether the time of a refused login tells who has an account: many wrong logins of users who exist, who do
 * not and who are disabled, one after the other in random order, through the throttle and the directory on
 * DynamoDB Local. The network, API Gateway and Lambda, which would only add noise, are left out.
 */

const KINDS = ["known", "unknown", "disabled"] as const;
type Kind = (typeof KINDS)[number];

/** Each name is tried less often than the throttle would make it wait. */
const TRIES_A_NAME = 8;
const WARM_UP = 10;

const { tries } = new Command("npm run bench:enumeration --")
  .description("Compares how long refused logins of known, unknown and disabled users take.")
  .option("--tries <n>", "tries of each kind", wholeNumber(20, 100_000), 500)
  .parse()
  .opts<{ tries: number }>();

const database = await startDynamoDbLocal();
try {
  await measure(database.endpoint);
} finally {
  await database.stop();
}

async function measure(endpoint: string): Promise<void> {
  const documents = localDocuments(endpoint);
  const tables = {
    users: await createTable(documents, USERS),
    signIn: await createTable(documents, SIGN_IN),
  };
  const [directory, source] = [wireDirectory({ documents, tables }), wirePasswords({ documents, tables })];
  if (directory === undefined || source === undefined) throw new Error("the identity source is off");
  const passwordHash = await createPasswordHasher().hash(randomUUID());
  const names = Math.ceil((tries + WARM_UP) / TRIES_A_NAME);
  for (let number = 0; number < names; number++) {
    for (const kind of ["known", "disabled"] as const) {
      const userName = `${kind}-${number}`;
      await directory.add({ userName, passwordHash, isAdmin: false, permissions: [] });
      if (kind === "disabled") await directory.setDisabled(userName, true);
    }
  }

  const times: Record<Kind, number[]> = { known: [], unknown: [], disabled: [] };
  for (let round = 0; round < tries + WARM_UP; round++) {
    for (const kind of shuffled(KINDS)) {
      const username = `${kind}-${Math.floor(round / TRIES_A_NAME)}`;
      const address = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;
      const startedAt = performance.now();
      const { outcome } = await source.authenticate({ username, password: "not-the-password" }, { address });
      const took = performance.now() - startedAt;
      if (outcome !== "refused") throw new Error(`a wrong password of ${username} was ${outcome}`);
      if (round >= WARM_UP) times[kind].push(took);
    }
  }
  report(times);
  documents.destroy();
}

function report(times: Readonly<Record<Kind, readonly number[]>>): void {
  const shown = (kind: Kind, share: number): string => quantile(times[kind], share).toFixed(2);
  console.log(`${tries} refused logins of each kind, in random order; milliseconds\n`);
  console.table(
    Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        { "10%": shown(kind, 0.1), median: shown(kind, 0.5), "90%": shown(kind, 0.9) },
      ]),
    ),
  );
  console.log("Mann-Whitney: how often the one takes longer (0.5: cannot be told apart)");
  for (const [one, other] of [
    ["known", "unknown"],
    ["disabled", "unknown"],
    ["known", "disabled"],
  ] as const) {
    const { chanceGreater, z, p } = mannWhitney(times[one], times[other]);
    console.log(`  ${one} over ${other}: ${chanceGreater.toFixed(3)} (z ${z.toFixed(2)}, p ${p.toFixed(3)})`);
  }
}
