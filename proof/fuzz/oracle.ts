import { entryIn } from "../../local/log.ts";
import { isOfBusyMachine } from "../../test/support/busy-machine.ts";
import { shapeProblems } from "./answer-shape.ts";
import { httpParts, isHttp, type Observation } from "./observation.ts";
import { accountProblems, claimedBy } from "./session-account.ts";

/** What no input may bring about; empty where all is well. No problem quotes a secret. */
export function problemsOf(observation: Observation): string[] {
  return [
    ...shapeProblems(observation),
    ...secretProblems(observation),
    ...logProblems(observation),
    ...accountProblems(observation),
    ...(observation.prototypesChanged ? ["a prototype that all objects share was changed"] : []),
  ];
}

/** Frames of a stack, files, and names of faults of the inside (ASVS 16.5.1). */
const INSIDE =
  /\n\s+at |file:\/\/|node_modules|\/(?:src|functions)\/[\w/-]+\.[jt]s|[a-z]Exception\b|arn:aws:/;

function secretProblems(observation: Observation): string[] {
  const { secrets, lines, answer } = observation;
  const text = "returned" in answer ? JSON.stringify(answer.returned) : "";
  const logged = lines.join("\n");
  const problems: string[] = [];
  if (secrets.some((secret) => text.includes(secret))) problems.push("the answer has a secret in it");
  if (secrets.some((secret) => logged.includes(secret))) problems.push("the log has a secret in it");
  if (INSIDE.test(unescaped(text))) problems.push("the answer tells of the inside");
  const token = claimedBy(observation)?.token;
  if (token !== undefined) {
    if (logged.includes(token)) problems.push("the log has the new token in it");
    if (text.split(token).length !== 2) problems.push("the answer has the new token more than once");
  }
  return problems;
}

const unescaped = (json: string): string => json.replaceAll("\\\\", "\\").replaceAll("\\n", "\n");

const MESSAGES: readonly unknown[] = ["call", "audit", "session_contention"];

/** One `call` line with the answer's status, and beside it nothing but lines that are documented. */
function logProblems(observation: Observation): string[] {
  const { lines, answer } = observation;
  const parsed = lines.map(entryIn);
  if (parsed.includes(undefined)) return ["a line of the log is no JSON"];
  const all = parsed as Readonly<Record<string, unknown>>[];
  const calls = all.filter(({ message }) => message === "call");
  const others = all.filter(
    (line) => !("_aws" in line) && !MESSAGES.includes(line["message"]) && !isOfBusyMachine(line),
  );
  const problems = others.map(({ message }) => `a line of the log says ${String(message)}`);
  if (calls.length !== 1) return [...problems, `${calls.length} lines of the log tell of the call`];
  if (calls[0]?.["fault"] !== undefined) problems.push("the log tells of a fault");
  if (
    "returned" in answer &&
    isHttp(observation) &&
    calls[0]?.["status"] !== httpParts(answer.returned).status
  )
    problems.push("the log has another status than the answer");
  return problems;
}
