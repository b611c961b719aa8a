/**
 * Whether the time of a refused login tells who has an account: many wrong logins of users who exist, who do
 * not and who are disabled, one after the other in random order, through the throttle and the directory on
 * DynamoDB Local. The network, API Gateway and Lambda, which would only add noise, are left out.
 */
import { randomInt, randomUUID } from "node:crypto";
import { wireDirectory, wirePasswords } from "../functions/wiring.ts";
import { createPasswordHasher } from "../src/identity/password-hash.ts";
import { localDocuments } from "../test/support/local-client.ts";
import { createTables } from "../test/support/tables.ts";
import { onEngine } from "./support/engine.ts";
import { benchCommand, wholeNumber } from "./support/options.ts";
import { interleaved, mannWhitney, quantile } from "./support/statistics.ts";

const KINDS = ["known", "unknown", "disabled"] as const;
const PAIRS = [
  ["known", "unknown"],
  ["disabled", "unknown"],
  ["known", "disabled"],
] as const;

/** Each name is tried less often than the throttle would make it wait. */
const TRIES_A_NAME = 8;
const WARM_UP = 10;

const { tries } = benchCommand(
  "bench:enumeration",
  "Compares how long refused logins of known, unknown and disabled users take.",
)
  .option("--tries <n>", "tries of each kind", wholeNumber(20, 100_000), 500)
  .parse()
  .opts<{ readonly tries: number }>();

await onEngine(async ({ endpoint }, signal) => {
  const documents = localDocuments(endpoint);
  const parts = { documents, tables: await createTables(documents) };
  const [directory, source] = [wireDirectory(parts), wirePasswords(parts)];
  if (directory === undefined || source === undefined) throw new Error("the identity source is off");
  const passwordHash = await createPasswordHasher().hash(randomUUID());
  for (let number = 0; number < Math.ceil((tries + WARM_UP) / TRIES_A_NAME); number++) {
    for (const kind of ["known", "disabled"]) {
      const userName = `${kind}-${number}`;
      await directory.add({ userName, passwordHash, isAdmin: false, permissions: [] });
      if (kind === "disabled") await directory.setDisabled(userName, true);
    }
  }

  const times: Record<(typeof KINDS)[number], number[]> = { known: [], unknown: [], disabled: [] };
  for (const { thing: kind, round } of interleaved(KINDS, tries + WARM_UP, signal)) {
    const username = `${kind}-${Math.floor(round / TRIES_A_NAME)}`;
    const address = `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`;
    const startedAt = performance.now();
    const { outcome } = await source.authenticate({ username, password: "not-the-password" }, { address });
    const took = performance.now() - startedAt;
    if (outcome !== "refused") throw new Error(`a wrong password of ${username} was ${outcome}`);
    if (round >= WARM_UP) times[kind].push(took);
  }

  console.log(`${tries} refused logins of each kind, in random order; milliseconds\n`);
  const shares = { "10%": 0.1, median: 0.5, "90%": 0.9 };
  const row = (kind: keyof typeof times) =>
    Object.entries(shares).map(([head, share]) => [head, quantile(times[kind], share).toFixed(2)]);
  console.table(Object.fromEntries(KINDS.map((kind) => [kind, Object.fromEntries(row(kind))])));
  console.log("Mann-Whitney: how often the one takes longer (0.5: cannot be told apart)");
  for (const [one, other] of PAIRS) {
    const { chanceGreater, z, p } = mannWhitney(times[one], times[other]);
    console.log(`  ${one} over ${other}: ${chanceGreater.toFixed(3)} (z ${z.toFixed(2)}, p ${p.toFixed(3)})`);
  }
});
