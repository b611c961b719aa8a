import Table from "cli-table3";
import { Option, type Command } from "commander";
import { FUNCTION_CHECKS } from "../doctor/function-checks.ts";
import { OUTBOX_CHECKS } from "../doctor/outbox-checks.ts";
import { admit, type Patient } from "../doctor/patient.ts";
import { TABLE_CHECKS } from "../doctor/table-checks.ts";
import { skipped, warn, type DoctorCheck, type Level, type Verdict } from "../doctor/verdict.ts";
import { INTERRUPTED } from "../interruption.ts";
import { EXIT_CODES } from "../messages.ts";
import { runSmoke } from "../smoke-run.ts";
import { webUrl } from "../url-arguments.ts";
import { addCommand, carryOut, type CommonOptions, type SessionsContext } from "./command.ts";

interface DoctorOptions extends CommonOptions {
  readonly strict?: true;
  readonly smoke?: true;
  readonly url?: string;
}

type Row = Verdict & { readonly check: string };

export const CHECKS: readonly DoctorCheck[] = [...TABLE_CHECKS, ...FUNCTION_CHECKS, ...OUTBOX_CHECKS];

const HELP = `
It reads and changes nothing; the function authorize is invoked once, with a token that nobody has. With --smoke it
also signs throwaway users in and out, as the smoke command does.

Exit code: 0 nothing failed, 1 something failed (with --strict also for a warning), 2 a wrong call, 130 stopped.`;

/** `sessions doctor`. */
export function addDoctor(program: Command): void {
  addCommand(program, "doctor", "check that a stack is as it was deployed, and what to do where it is not", [
    "doctor --stack Backend",
    "doctor --stack Backend --strict --json",
    "doctor --stack Backend --smoke --url https://example.com/api",
  ])
    .option("--strict", "warnings count as failures")
    .option("--smoke", "run the checks of the smoke command too")
    .addOption(
      new Option("--url <url>", "for --smoke: where people reach the API")
        .argParser(webUrl)
        .implies({ smoke: true }),
    )
    .addHelpText("after", HELP)
    .action((options: DoctorOptions) => carryOut(options, (context) => doctor(context, options)));
}

async function doctor(context: SessionsContext, options: DoctorOptions): Promise<number> {
  const { located, progress, show } = context;
  const signal = context.signal();
  const patient = admit(located);
  const rows: Row[] = [];
  try {
    for (const check of CHECKS) {
      if (signal.aborted) break;
      progress(check.name);
      rows.push({ check: check.name, ...(await look(check, patient)) });
    }
  } finally {
    patient.close();
  }
  if (options.smoke === true && !signal.aborted) rows.push(...(await smoke(context, options.url)));
  const count = (level: Level): number => rows.filter((row) => row.level === level).length;
  const counts = { ok: count("ok"), warn: count("warn"), fail: count("fail"), skipped: count("skipped") };
  show({ text: asTable(rows, counts), json: { checks: rows, ...counts } });
  if (signal.aborted) return INTERRUPTED;
  const bad = counts.fail + (options.strict === true ? counts.warn : 0);
  return bad > 0 ? EXIT_CODES.refused : EXIT_CODES.done;
}

async function look(check: DoctorCheck, patient: Patient): Promise<Verdict> {
  if (check.deployedOnly === true && patient.located.deployed === undefined) {
    return skipped("a local stack has none of it");
  }
  try {
    return await check.run(patient);
  } catch (error) {
    return warn(
      `not looked at: ${(error as Error).message}`,
      "Give yourself the permission that the message names.",
    );
  }
}

async function smoke(
  { located, signal, progress }: SessionsContext,
  url: string | undefined,
): Promise<Row[]> {
  const { rows, left } = await runSmoke(located, { url, signal: signal(), onCheck: progress });
  const levels = { passed: "ok", failed: "fail", skipped: "skipped" } as const;
  const todo = "Run `smoke` alone, and read docs/operate/deploy.md.";
  return [
    ...rows.map(({ check, outcome, seen }) => ({
      check: `smoke: ${check}`,
      level: levels[outcome],
      seen,
      ...(outcome === "failed" && { todo }),
    })),
    ...left.map((userId) => ({
      check: "smoke: users removed",
      level: "fail" as const,
      seen: `${userId} is left`,
      todo: "Remove it by `users remove`.",
    })),
  ];
}

/** Wide enough for a terminal of 120 columns. */
const WIDTHS = [34, 9, 73];

function asTable(rows: readonly Row[], counts: Readonly<Record<Level, number>>): string {
  const table = new Table({
    head: ["CHECK", "RESULT", "SEEN, AND WHAT TO DO"],
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { check, level, seen, todo } of rows) {
    table.push([check, level, todo === undefined ? seen : `${seen}\n-> ${todo}`]);
  }
  const { ok, warn: warnings, fail: failed, skipped: left } = counts;
  return `${table.toString()}\n${ok} ok, ${warnings} to look at, ${failed} failed, ${left} skipped`;
}
