import type { ResolvedResource } from "./resource.ts";

export const NESTED_STACK = "AWS::CloudFormation::Stack";

/** Why nothing that is in a nested stack runs here. */
export const nestedStackProblem = ({ constructId }: ResolvedResource): string =>
  `The nested stack ${constructId.replace(/\.NestedStackResource$/, "")} does not run here: ` +
  "run what is in it as a stack of its own.";

/** The nested stack an output of which is in a text, by the name that stands for it there. */
export function nestedStackIn(
  text: string,
  nestedStacks: readonly ResolvedResource[],
): ResolvedResource | undefined {
  const id = /([a-z0-9]+)-outputs-[a-z0-9-]+\.invalid/.exec(text)?.[1];
  // Among several stacks a logical id has the stack's name before it.
  return nestedStacks.find(({ logicalId }) => id !== undefined && logicalId.toLowerCase().endsWith(id));
}
