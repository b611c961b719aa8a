import { CfnOutput, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { STACK_OUTPUT_VERSION, type StackOutput } from "../src/runtime/stack-output.ts";

/**
 * Tells operators' commands of a construct: one output of its stack, which `cli/place.ts` finds by its shape.
 */
export function addOperatorsOutput(
  scope: Construct,
  values: Omit<StackOutput, "singleSession" | "construct">,
): void {
  const output: StackOutput = {
    singleSession: STACK_OUTPUT_VERSION,
    construct: pathInStack(scope),
    ...values,
  };
  new CfnOutput(scope, "Operators", {
    description: "Single session: where the operators' commands find tables and functions",
    value: Stack.of(scope).toJsonString(output),
  });
}

function outermostStack(scope: Construct): Stack {
  let stack = Stack.of(scope);
  while (stack.nestedStackParent) stack = stack.nestedStackParent;
  return stack;
}

/**
 * A name that nothing else in an account and Region has, for what needs one that is known at the synth:
 * letters, digits and hyphens.
 */
export const accountWideName = (scope: Construct): string =>
  `${outermostStack(scope).stackName}-${pathInStack(scope)}`.replaceAll(/[^\w-]/g, "-");

/** Below the outermost stack, so that constructs in different nested stacks have different paths. */
export function pathInStack(scope: Construct): string {
  const stack = outermostStack(scope);
  const { scopes } = scope.node;
  return scopes
    .slice(scopes.indexOf(stack) + 1)
    .map(({ node }) => node.id)
    .join("/");
}
