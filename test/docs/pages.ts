import { readFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import MarkdownIt from "markdown-it";
import { PROJECT_FOLDER } from "../../local/synthesize.ts";

/** A block of code or commands of a page. */
export interface Block {
  /** `ts`, `console`, `sh`, … */
  readonly language: string;
  /** `no-run`, `in`, … of the info string: `console no-run="it needs an AWS account"`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  /** Of its first line in the page; from 1. */
  readonly line: number;
}

/** A page of the documentation that is written by hand. */
export interface Page {
  /** Relative to the project: `docs/start/tour.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

const PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**/*.md", "examples/*/README.md"];
const GENERATED = /reference\/(http-api\.md|problems\.md|construct\/)|node_modules|\.vitepress/;
const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

/** All pages that are written by hand, by their path. */
export async function readPages(): Promise<readonly Page[]> {
  const paths: string[] = [];
  for await (const path of glob(PAGES, { cwd: PROJECT_FOLDER })) {
    if (!GENERATED.test(path)) paths.push(path);
  }
  return paths.sort().map((path) => {
    const text = readFileSync(join(PROJECT_FOLDER, path), "utf8");
    return { path, text, blocks: [...blocksOf(text), ...samplesOf(text)] };
  });
}

const SAMPLE = /^<<< @\/(\S+\.(\w+))$/;

/** The files that a page shows: `<<< @/samples/cognito-stack.ts`. */
function samplesOf(text: string): Block[] {
  return text.split("\n").flatMap((line, index) => {
    const [, path, language] = SAMPLE.exec(line) ?? [];
    if (path === undefined || language === undefined) return [];
    const sample = readFileSync(join(PROJECT_FOLDER, "docs", path), "utf8");
    return [{ language, attributes: {}, text: sample, line: index + 1 }];
  });
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(text: string): Block[] {
  return new MarkdownIt().parse(withoutFrontMatter(text), {}).flatMap((token) => {
    if (token.type !== "fence") return [];
    const [language = ""] = token.info.split(/\s/, 1);
    const attributes = Object.fromEntries(
      [...token.info.matchAll(ATTRIBUTE)].map(([, name = "", value = ""]) => [name, value]),
    );
    return [{ language, attributes, text: token.content, line: (token.map?.[0] ?? 0) + 2 }];
  });
}

/** Blank lines in its place, so that line numbers stay. */
const withoutFrontMatter = (text: string): string =>
  text.replace(/^---\n[\s\S]*?\n---\n/, (matter) => matter.replaceAll(/[^\n]/g, ""));
