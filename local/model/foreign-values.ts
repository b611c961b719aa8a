/** A value that a template takes of another stack. */
export interface ForeignValue {
  /** {@link exportKey} or {@link outputKey}. */
  readonly key: string;
  /** What else could be asked for has another. */
  readonly id: string;
  /** The Region of the stack, where it is said. */
  readonly region?: string;
}

/** Names, in messages too, what a stack gives by an export. */
export const exportKey = (name: string): string => `The export ${name}`;

/** Names, in messages too, what a stack gives by an output, which needs no export for that. */
export const outputKey = (stackName: string, outputName: string): string =>
  `The output ${outputName} of the stack ${stackName}`;

/**
 * What `Fn::ImportValue` or `Fn::GetStackOutput` asks for. The CDK writes the second where
 * `@aws-cdk/core:defaultCrossStackReferences` is `weak`, as `cdk init` sets it, or `both`.
 * @param text gives the text of a part that may be an intrinsic itself.
 */
export function foreignValue(
  intrinsic: "Fn::ImportValue" | "Fn::GetStackOutput",
  argument: unknown,
  text: (part: unknown) => string,
): ForeignValue {
  if (intrinsic === "Fn::ImportValue") {
    const name = text(argument);
    return { key: exportKey(name), id: name };
  }
  const { StackName, OutputName, Region } = argument as Readonly<Record<string, unknown>>;
  const [stackName, outputName] = [text(StackName), text(OutputName)];
  return {
    key: outputKey(stackName, outputName),
    id: `${stackName}.${outputName}`,
    ...(Region !== undefined && { region: text(Region) }),
  };
}
