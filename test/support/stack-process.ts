/**
 * Runs a local stack in a process of its own until its standard input ends; says on standard output where it
 * is.
 */
import { once } from "node:events";
import { startLocalStack, type LocalStackOptions } from "../../local/stack.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as LocalStackOptions;
const tell = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);
const stack = await startLocalStack({ ...options, log: (line) => tell({ line }) });
const { url, tables } = stack;
tell({ ready: { url, tables } });
process.stdin.resume();
await once(process.stdin, "end");
await stack.stop();
