import { reproduction, type CampaignResult } from "./campaign.ts";
import type { Counts } from "./fuzzer.ts";

/** A run, for people. */
export interface Run extends CampaignResult {
  readonly seed: number;
  readonly seconds: number;
  readonly counts: Counts;
  readonly interrupted: boolean;
}

/** One line on how it went, and for a failure the input and the command that tries it again. */
export function summaryOf({ sent, seed, seconds, failure, interrupted }: Run): string {
  const how = `${sent} inputs in ${seconds.toFixed(0)} s, seed ${seed}${interrupted ? ", interrupted" : ""}`;
  if (failure === undefined) return `${how}: nothing came about that may not.`;
  return [
    `${how}: FAILED in ${failure.lane}:`,
    failure.problems,
    "",
    "with the input, as small as it could be made:",
    JSON.stringify(failure.input, null, 2),
    "",
    `Again: ${reproduction(failure)}`,
  ].join("\n");
}

/** How often each lane gave each answer, as a table in Markdown. */
export function countsOf(counts: Counts): string {
  const rows = [...counts].map(([lane, outcomes]) => {
    const sorted = [...outcomes].sort(([, one], [, other]) => other - one);
    const inputs = sorted.reduce((sum, [, count]) => sum + count, 0);
    const answers = sorted.map(([outcome, count]) => `${outcome}: ${count}`).join(", ");
    return `| \`${lane}\` | ${inputs} | ${answers} |`;
  });
  return ["| lane | inputs | answers |", "| --- | ---: | --- |", ...rows].join("\n");
}

/** The whole run in Markdown. */
export function reportOf(run: Run): string {
  return `# Hostile input\n\n${summaryOf(run)}\n\n${countsOf(run.counts)}\n`;
}
