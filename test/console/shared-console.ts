import { afterAll, beforeAll } from "vitest";
import { startConsole, type ConsoleUnderTest } from "../support/console-page.ts";

/**
 * What all tests of a file look at, from the first to the last: starting it takes longer than most of them.
 */
export let console: ConsoleUnderTest;

/** It synthesizes an app, builds the page and unpacks a browser, on a machine that may be busy. */
const STARTING_MS = 600_000;

beforeAll(async () => {
  console = await startConsole();
}, STARTING_MS);
afterAll(() => console.stop());
