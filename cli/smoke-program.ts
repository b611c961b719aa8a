import { setDefaultResultOrder } from "node:dns";
import Table from "cli-table3";
import { Command } from "commander";
import { INTERRUPTED, interruption } from "./interruption.ts";
import { EXIT_CODES } from "./messages.ts";
import { placeOf, withPlaceOptions, type PlaceOptions } from "./place-options.ts";
import { locate } from "./place.ts";
import { runSmoke, type SmokeResult } from "./smoke-run.ts";
import { pathOrUrl, webUrl } from "./url-arguments.ts";

interface SmokeCommandOptions extends PlaceOptions {
  readonly url?: string;
  readonly protected?: string;
  readonly json?: true;
}

const HELP = `
It signs in throwaway users (named smoke-check-...), of the password directory where there is one, else by direct
invocation, and removes them again, also on Ctrl-C. One failed attempt counts for your own address for an hour; the
records of how the users' sessions ended stay for two days, or until those sessions would have expired.

The AWS credentials need what the users command needs, and lambda:InvokeFunction on login, authorize and admin-logout.

Exit code: 0 all passed or skipped, 1 something failed, 2 a wrong call, 130 stopped.`;

/** `smoke`: a program of its own, or a part of one. */
export function smokeProgram(): Command {
  const program = withPlaceOptions(new Command("smoke"))
    .description(
      "Check a stack after its deployment: sign-in, sessions, authorizer, logout, addresses, headers.",
    )
    .option("--url <url>", "where people reach the API; else the URL of the stack's console or API", webUrl)
    .option("--protected <url>", "a route behind the authorizer: a URL, or a path at --url", pathOrUrl)
    .option("--json", "as JSON")
    .addHelpText("after", HELP)
    .exitOverride()
    .showHelpAfterError("Run with --help to see what is accepted.");
  return program.action(async (options: SmokeCommandOptions) => {
    process.exitCode = await smoke(options);
  });
}

async function smoke(options: SmokeCommandOptions): Promise<number> {
  // One family for all requests, so that the address at the distribution and the one at the API can be
  // compared.
  setDefaultResultOrder("ipv4first");
  const signal = interruption();
  const located = await locate(placeOf(options));
  const result = await runSmoke(located, {
    url: options.url,
    protectedRoute: options.protected,
    signal,
    onCheck: (name) => {
      if (process.stderr.isTTY) console.error(name);
    },
  });
  console.log(options.json ? JSON.stringify(result, undefined, 2) : asTable(result));
  if (result.left.length > 0) {
    const names = result.left.join(", ");
    console.error(`error: could not remove ${names}. Remove them by \`users remove\`.`);
  }
  if (signal.aborted) return INTERRUPTED;
  const failed = result.left.length > 0 || result.rows.some(({ outcome }) => outcome === "failed");
  return failed ? EXIT_CODES.refused : EXIT_CODES.done;
}

/** Wide enough for a terminal of 120 columns. */
const WIDTHS = [40, 9, 56, 9];

function asTable({ rows }: SmokeResult): string {
  const table = new Table({
    head: ["CHECK", "RESULT", "SEEN", "TIME"],
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { check, outcome, seen, milliseconds } of rows) {
    table.push(
      outcome === "skipped"
        ? [check, outcome, `skipped: ${seen}`, ""]
        : [check, outcome, seen, `${milliseconds} ms`],
    );
  }
  const count = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length;
  return (
    `${table.toString()}\n${count("passed")} passed, ${count("failed")} failed, ${count("skipped")} ` +
    "skipped"
  );
}
