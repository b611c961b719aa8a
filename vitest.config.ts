import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Starting a stack synthesizes and bundles it; on two busy cores that takes a while.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores, and one database for all files: more files at once only make each other slower.
    maxWorkers: 2,
  },
});
