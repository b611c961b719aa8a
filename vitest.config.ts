import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * How long files begin: started last, one of them would run alone at the end while the other core idles. The
 * longest of them waits more than it works, and the others fill its gaps.
 */
const LONG = /^\/\/ (Long|Longest): started first\.\n/;
const RANKS = ["Longest", "Long", undefined];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rankOf = ({ moduleId }: TestSpecification): number =>
      RANKS.indexOf(LONG.exec(readFileSync(moduleId, "utf8"))?.[1]);
    const ranked = sorted.map((file) => ({ file, rank: rankOf(file) }));
    return ranked.sort((a, b) => a.rank - b.rank).map(({ file }) => file);
  }
}

/**
 * Test files share processes: to load the AWS SDK or the CDK anew takes longer than most of their tests. Each
 * leaves the process as it found it. These have one of their own: the parts of the console's tests register
 * hooks when they are loaded, and the others run compilers.
 */
const ALONE = ["test/{console,create,examples}/**/*.test.ts", "test/infra/package.test.ts"];

const project = (
  name: string,
  files: { readonly include: string[]; readonly exclude?: string[]; readonly isolate?: boolean },
): TestProjectInlineConfiguration => ({
  test: {
    ...files,
    name,
    setupFiles: ["test/support/log-scan/setup.ts", "test/support/own-database.ts"],
    // Starting a stack synthesizes and bundles it; on two busy cores that takes a while. No limit is an
    // assertion.
    testTimeout: 120_000,
    hookTimeout: 240_000,
  },
});

// What Node compiled of the packages is kept between runs, for test files and for the programs that they
// start.
process.env["NODE_COMPILE_CACHE"] ??= join(import.meta.dirname, "node_modules/.cache/compiled");

export default defineConfig({
  test: {
    globalSetup: ["test/support/global-setup.ts"],
    sequence: { sequencer: LongestFirst },
    // For two cores: many tests wait (for timers, for the database), and a third file fills the gaps.
    maxWorkers: 3,
    projects: [
      project("alone", { include: ALONE }),
      project("shared", { include: ["test/**/*.test.ts"], exclude: ALONE, isolate: false }),
      project("proof", { include: ["proof/**/*.test.ts"] }),
    ],
    // One line a file: what passed says nothing, however long it took.
    slowTestThreshold: 60_000,
    silent: "passed-only",
  },
});
