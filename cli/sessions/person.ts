import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { erase, isKept, type Erased } from "../person/erase.ts";
import { findItems } from "../person/find-items.ts";
import { KINDS, type PersonItem } from "../person/person-item.ts";
import { HELD_ELSEWHERE } from "../person/held-elsewhere.ts";
import { inColumns } from "../columns.ts";
import { EXIT_CODES, sessions, UsageError } from "../messages.ts";
import { confirm } from "../password-input.ts";
import { quoted } from "../printable.ts";
import {
  addCommand,
  carryOut,
  DEFAULT_ACTOR,
  userIdArgument,
  type CommonOptions,
  type SessionsContext,
} from "./command.ts";

interface ExportOptions extends CommonOptions {
  readonly user: string;
  readonly out?: string;
}

/** `sessions export`. */
export function addExport(program: Command): void {
  addCommand(program, "export", "write everything that the tables hold of one person, as JSON", [
    "export --user alice",
    "export --user alice --out alice.json --stack Backend",
  ])
    .requiredOption("--user <id>", "whose", userIdArgument)
    .option("--out <file>", "write it there, readable by you alone")
    .action((options: ExportOptions) => carryOut(options, (context) => exportPerson(context, options)));
}

/** What proves or guards something, and says nothing of the person. */
const SECRETS = ["passwordHash", "credentialsVersion", "channel", "nonce", "version"];

async function exportPerson(context: SessionsContext, { user, out, json }: ExportOptions): Promise<number> {
  const items = await findItems(context, user);
  const shown = items.map(({ kind, item }) => ({ kind, item: withoutSecrets(item) }));
  const document = {
    userId: user,
    exportedAt: new Date().toISOString(),
    items: shown,
    heldElsewhere: HELD_ELSEWHERE,
  };
  if (out === undefined) {
    context.show({ text: JSON.stringify(document, undefined, 2), json: document });
    return EXIT_CODES.done;
  }
  await writeFile(out, `${JSON.stringify(document, undefined, 2)}\n`, { mode: 0o600, flag: "wx" }).catch(
    (error: unknown) => {
      throw new UsageError(`Cannot write --out ${JSON.stringify(out)}: ${(error as Error).message}`);
    },
  );
  const summary = { userId: user, file: out, items: items.length, heldElsewhere: HELD_ELSEWHERE };
  const lines = [`Wrote ${items.length} items to ${out}.`, ...elsewhere()];
  context.show({ text: lines.join("\n"), json: json === true ? summary : undefined });
  return EXIT_CODES.done;
}

const withoutSecrets = (item: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, SECRETS.includes(name) ? "(left out)" : value]),
  );

const elsewhere = (): string[] => [
  "Also held, and not reached by this:",
  ...HELD_ELSEWHERE.map((one) => `- ${one}`),
];

interface EraseOptions extends CommonOptions {
  readonly user: string;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly marksToo?: true;
  readonly actor: string;
}

const ERASE_HELP = `
One item stays, for 30 days and an hour: the time of this sign-out, where the person signs in with a provider's access
tokens. It refuses devices that still hold a token of before. --marks-too erases it as well: then such a device signs in
again by refreshing its token, unless the account at the provider is gone.`;

/** `sessions erase`. */
export function addErase(program: Command): void {
  addCommand(program, "erase", "end a person's sessions, and erase everything that the tables hold of them", [
    "erase --user alice --dry-run",
    "erase --user alice --yes --actor carol --json",
  ])
    .requiredOption("--user <id>", "whose", userIdArgument)
    .option("--dry-run", "only say what would be erased, and what would stay")
    .option("--yes", "do not ask")
    .option("--marks-too", "also what keeps sign-ins of before from coming back")
    .option("--actor <name>", "who does it, for the record", userIdArgument, DEFAULT_ACTOR)
    .addHelpText("after", ERASE_HELP)
    .action((options: EraseOptions) => {
      if (options.dryRun !== true && options.yes !== true && !process.stdin.isTTY) {
        throw new UsageError("There is no terminal to ask on: say --yes, or --dry-run to see what would go.");
      }
      return carryOut(options, (context) => erasePerson(context, options));
    });
}

async function erasePerson(context: SessionsContext, options: EraseOptions): Promise<number> {
  const { user: userId, actor, marksToo = false } = options;
  const { show } = context;
  if (options.dryRun === true) {
    const found = await findItems(context, userId);
    const kept = found.filter((one) => isKept(one, found, marksToo));
    const erased = found.filter((one) => !kept.includes(one));
    const lines = [...summary({ erased, kept }, "would be erased", "would stay"), ...elsewhere()];
    show({ text: lines.join("\n"), json: { dryRun: true, ...asJson(userId, { erased, kept }) } });
    return EXIT_CODES.done;
  }
  const question = `End all sessions of ${quoted(userId)}, and erase what the tables hold of them?`;
  if (options.yes !== true && !(await confirm(question))) {
    show({ text: "Nothing was changed.", json: { outcome: "nothing" } });
    return EXIT_CODES.refused;
  }
  // From here on the first Ctrl-C is too late: what was begun goes on to its end.
  context.signal();
  const result = await erase(context, { userId, actor, marksToo });
  const { outcome, sessionCount } = result;
  const isErased = outcome === "erased";
  const lines = [
    `Ended ${sessions(sessionCount)}.`,
    ...summary(result, isErased ? "erased" : "erased so far", isErased ? "stays" : "is still there"),
    ...(isErased
      ? []
      : ["They sign in again and again. Disable the account where they sign in, and run it again."]),
    ...elsewhere(),
  ];
  show({ text: lines.join("\n"), json: { outcome, sessionCount, ...asJson(userId, result) } });
  return isErased ? EXIT_CODES.done : EXIT_CODES.refused;
}

type Sides = Pick<Erased, "erased" | "kept">;

const countOf = (items: readonly PersonItem[]): Record<string, number> =>
  Object.fromEntries(
    KINDS.map((kind) => [kind, items.filter((one) => one.kind === kind).length] as const).filter(
      ([, count]) => count > 0,
    ),
  );

const asJson = (userId: string, { erased, kept }: Sides): object => ({
  userId,
  erased: countOf(erased),
  kept: countOf(kept),
  heldElsewhere: HELD_ELSEWHERE,
});

function summary({ erased, kept }: Sides, gone: string, stays: string): string[] {
  const rows = [
    ...Object.entries(countOf(erased)).map(([kind, count]) => [String(count), kind, gone]),
    ...Object.entries(countOf(kept)).map(([kind, count]) => [String(count), kind, stays]),
  ];
  return [
    rows.length === 0 ? "The tables hold nothing of this person." : inColumns(["ITEMS", "WHAT", ""], rows),
  ];
}
