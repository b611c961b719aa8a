import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Long ones: started last, one of them would run alone at the end while the other core idles. Not the store's own race: the
 * database takes one transaction after the other, and two races at once would only wait for each other.
 */
const LONG =
  /test\/(stack\/(race|admin-logout|at-limit|original-scenarios)|local\/npm-start|console\/console|docs\/(console|typescript)-blocks|infra\/package|examples\/examples)\.test\.ts$|proof\/(histories\/prove|mutations\/(known|more)-bugs)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/log-scan/setup.ts"],
    // Starting a stack synthesizes and bundles it; on two busy cores that takes a while.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // For two cores: many tests wait (for timers, for the database), and a third file fills the gaps.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
  },
});
