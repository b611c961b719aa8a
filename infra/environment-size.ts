import { Stack } from "aws-cdk-lib";
import type { CfnFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { SettingError } from "./settings/setting-error.ts";
import type { Settings } from "./settings/settings.ts";

/** A quota of Lambda, for all variables of a function as JSON. It cannot be raised. */
const MOST_BYTES = 4096;
/** What CloudFormation fills in is at least as long as the shortest name of a Region. */
const LEAST_FILLED_IN = "us-east-1";
/** Names the largest parts of the settings, not all of them. */
const NAMED_PARTS = 2;

/** Fails the synth where Lambda would refuse a function's environment at the deployment. */
export function limitEnvironment(lambda: LambdaFunction, settings: Settings): void {
  const validate = (): string[] => {
    const { environment } = lambda.node.defaultChild as CfnFunction;
    const { variables } = Stack.of(lambda).resolve(environment) as { readonly variables?: object };
    const bytes = Buffer.byteLength(JSON.stringify(withFilledIn(variables)));
    if (bytes <= MOST_BYTES) return [];
    const largest = Object.entries<unknown>({ ...settings.functions })
      .map(([name, value]) => ({ name, size: JSON.stringify(value).length }))
      .sort((one, other) => other.size - one.size)
      .slice(0, NAMED_PARTS)
      .map(({ name, size }) => `${name} is ${size} of them`);
    const subject =
      `The environment of the function has at least ${bytes} bytes as JSON; ` + largest.join(", ");
    return [new SettingError(subject, `at most ${MOST_BYTES} (a quota of Lambda)`).message];
  };
  lambda.node.addValidation({ validate });
}

/** Variables as text, as short as they can be at the deployment. */
function withFilledIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { "Fn::Join": join } = value as { readonly "Fn::Join"?: readonly [string, unknown] };
  // A list may be filled in whole.
  if (join !== undefined && Array.isArray(join[1]))
    return join[1].map((part) => String(withFilledIn(part))).join(join[0]);
  const entries = Object.entries(value);
  const [name = ""] = entries[0] ?? [];
  if (entries.length === 1 && (name === "Ref" || name.startsWith("Fn::"))) return LEAST_FILLED_IN;
  return Object.fromEntries(entries.map(([key, inner]) => [key, withFilledIn(inner)]));
}
