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
import { benchOptions, conclude, option, wholeNumber } from "./support/options.ts";
import { expect } from "./support/rounds.ts";
import { interleaved, mannWhitney, quantile } from "./support/statistics.ts";
import { tableOf } from "./support/tables.ts";

const KINDS = ["known", "unknown", "disabled"] as const;
const PAIRS = [
  ["known", "unknown"],
  ["disabled", "unknown"],
  ["known", "disabled"],
] as const;

/** Each name is tried less often than the throttle would make it wait. */
const TRIES_A_NAME = 8;
const WARM_UP = 10;

const options = benchOptions(
  "bench:enumeration",
  "Compares how long refused logins of known, unknown and disabled users take.",
  { tries: option("<n>", "tries of each kind", wholeNumber(20, 100_000), 500) },
);
const { tries } = options;

await onEngine(async (endpoint, signal) => {
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
    expect(outcome, "refused");
    if (round >= WARM_UP) times[kind].push(took);
  }

  const at = (share: number) => (kind: keyof typeof times) => quantile(times[kind], share).toFixed(2);
  const table = tableOf(KINDS, [
    ["milliseconds", (kind) => kind],
    ["10%", at(0.1)],
    ["median", at(0.5)],
    ["90%", at(0.9)],
  ]);
  const pairs = PAIRS.map(([one, other]) => {
    const { chanceGreater, z, p } = mannWhitney(times[one], times[other]);
    return `  ${one} over ${other}: ${chanceGreater.toFixed(3)} (z ${z.toFixed(2)}, p ${p.toFixed(3)})`;
  });
  const said = [
    `${tries} refused logins of each kind, in random order`,
    table,
    ["Mann-Whitney: how often the one takes longer (0.5: cannot be told apart)", ...pairs].join("\n"),
  ];
  await conclude(options, said.join("\n\n"), { times });
});
