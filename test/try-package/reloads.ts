import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { STACK_PATH } from "../../local/local-endpoints.ts";

const LONGEST_MS = 120_000;
const LOOKS_EACH_MS = 25;
/** What a person does between two changes; `dev` makes ready for the next one meanwhile. */
const PAUSE_MS = 3000;

/**
 * Changes the stack of an app that `dev` runs, again and again: how long it takes from the moment that
 * `app.ts` is written until the stack with the change is the one that runs.
 * @param app its folder; its `app.ts` has a `stack`, and is as before afterwards.
 * @param url of its first API.
 * @returns milliseconds.
 */
export async function measureReloads(app: string, url: string, count: number): Promise<number[]> {
  const file = join(app, "app.ts");
  const before = await readFile(file, "utf8");
  const times: number[] = [];
  try {
    for (let change = 1; change <= count; change++) {
      await sleep(PAUSE_MS);
      const began = performance.now();
      await writeFile(file, before + changed(change));
      while ((await outputIn(url)) !== String(change)) {
        if (performance.now() - began > LONGEST_MS)
          throw new Error(`the change ${change} did not come about`);
        await sleep(LOOKS_EACH_MS);
      }
      times.push(performance.now() - began);
    }
  } finally {
    await writeFile(file, before);
  }
  return times;
}

const changed = (value: number): string =>
  `\nimport { CfnOutput as Output } from "aws-cdk-lib";\nnew Output(stack, "Changed", { value: "${value}" });\n`;

async function outputIn(url: string): Promise<string | undefined> {
  const response = await fetch(url + STACK_PATH).catch(() => undefined);
  if (response?.ok !== true) return undefined;
  const { outputs } = (await response.json()) as { readonly outputs: Readonly<Record<string, string>> };
  return outputs["Changed"];
}
