/** One command of a console block, and what the page shows of its output. */
export interface Step {
  readonly command: string;
  /** `…` stands for what was left out. */
  readonly shown: string;
}

/**
 * The commands of a `console` block begin with `$ `. A command goes on while its lines end with a backslash,
 * or while a single quote is open.
 */
export function stepsOfConsole(text: string): Step[] {
  const steps: { command: string; shown: string }[] = [];
  let continues = false;
  for (const line of text.trimEnd().split("\n")) {
    const last = steps.at(-1);
    if (continues && last) last.command += `\n${line}`;
    else if (line.startsWith("$ ")) steps.push({ command: line.slice(2), shown: "" });
    else if (last) last.shown += `${line}\n`;
    else throw new Error(`a console block begins with a command, not with ${line}`);
    const isOfCommand: boolean = continues || line.startsWith("$ ");
    continues = isOfCommand && (line.endsWith("\\") || hasOpenQuote(steps.at(-1)?.command ?? ""));
  }
  return steps;
}

const hasOpenQuote = (command: string): boolean => command.split("'").length % 2 === 0;

const ISO_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g;
const DATE = /\b\d{4}-\d\d-\d\d\b/g;
/** 43 characters of base64url: a session id, or a token. */
const ID = /(?<![\w-])[\w-]{43}(?![\w-])/g;

/**
 * Text in which what differs from run to run is always the same. White space does not count, because pages
 * break long lines.
 */
function comparable(text: string): string {
  return text
    .replaceAll(ISO_TIME, "<time>")
    .replaceAll(DATE, "<date>")
    .replaceAll(ID, "<id>")
    .replaceAll(/\s+/g, "");
}

/** Whether the output of a command is what a page shows of it. */
export function isAsShown(output: string, shown: string): boolean {
  const parts = comparable(shown)
    .split("…")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*")}$`).test(comparable(output));
}
