import { afterAll, beforeAll } from "vitest";
import { startConsole, type ConsoleUnderTest } from "../support/console-page.ts";

/**
 * What all tests of the page look at, from the first to the last: starting it takes longer than most of them.
 */
export let console: ConsoleUnderTest;

beforeAll(async () => {
  console = await startConsole();
});
afterAll(() => console.stop());
