import { DEMO_PASSWORD } from "../../../cli/demo-users.ts";
import { readRecording } from "./recorder.ts";
import { SecretScanner } from "./scanner.ts";

/** What came of the scan of a whole run. */
export interface ScanReport {
  readonly outcome: "clean" | "leaked";
  /** For people: how much was searched for how much, and what was found. */
  readonly text: string;
}

const MOST_SHOWN = 20;
const LONGEST_LINE = 400;

/**
 * Searches every line that the test files of a run recorded for every secret that any of them used (ASVS
 * 16.2.5).
 */
export function scanRecording(folder: string): ScanReport {
  const { secrets, lines } = readRecording(folder);
  const scanner = new SecretScanner(secrets, { shownInTerminals: [DEMO_PASSWORD] });
  // Nine of ten lines stand there more than once.
  const harmless = new Set<string>();
  const leaks = lines.flatMap(({ testFile, source, text }) => {
    const line = `${source} ${text}`;
    if (harmless.has(line)) return [];
    const found = scanner.find(text, source);
    if (found !== undefined) return [`  ${testFile}: ${found.what}: ${found.masked.slice(0, LONGEST_LINE)}`];
    harmless.add(line);
    return [];
  });
  const testFiles = new Set(lines.map(({ testFile }) => testFile)).size;
  const searched = `${lines.length} log lines of ${testFiles} test files searched for ${secrets.size} secrets`;
  if (leaks.length === 0) return { outcome: "clean", text: `Log scan: ${searched}: none is shown.` };
  const more = leaks.length > MOST_SHOWN ? [`  and ${leaks.length - MOST_SHOWN} more`] : [];
  const text = [
    `Log scan: ${searched}: ${leaks.length} lines show one:`,
    ...leaks.slice(0, MOST_SHOWN),
    ...more,
  ];
  return { outcome: "leaked", text: text.join("\n") };
}
