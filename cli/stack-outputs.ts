import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from "@aws-sdk/client-cloudformation";
import { OperatorError } from "./messages.ts";

/** An output's key and value. */
export type StackOutputs = readonly (readonly [key: string, value: string])[];

/** How to reach an account; what is not given comes from the environment, as for the AWS CLI. */
export interface AccountConfig {
  readonly region?: string;
  readonly profile?: string;
}

/**
 * The outputs of a deployed stack and of the stacks nested in it.
 * @throws OperatorError where CloudFormation does not tell.
 */
export async function describeOutputs(stackName: string, config: AccountConfig): Promise<StackOutputs> {
  const client = new CloudFormationClient(config);
  try {
    return await outputsWithNested(client, stackName);
  } catch (cause) {
    throw new OperatorError(
      `Cannot read stack "${stackName}": ${cause instanceof Error ? cause.message : String(cause)}. ` +
        "The stack's name is given by --stack, the Region by --region or AWS_REGION, " +
        "and credentials by --profile or the environment, as for the AWS CLI. " +
        "They need cloudformation:DescribeStacks and cloudformation:ListStackResources.",
      { cause },
    );
  } finally {
    client.destroy();
  }
}

async function outputsWithNested(client: CloudFormationClient, stackName: string): Promise<StackOutputs> {
  const { Stacks: stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
  const own = (stacks?.[0]?.Outputs ?? []).map(
    ({ OutputKey, OutputValue }) => [OutputKey ?? "", OutputValue ?? ""] as const,
  );
  const nested: StackOutputs[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const { ResourceType, PhysicalResourceId, ResourceStatus } of page.StackResourceSummaries ?? []) {
      const isNested = ResourceType === "AWS::CloudFormation::Stack" && PhysicalResourceId !== undefined;
      if (isNested && ResourceStatus !== "DELETE_COMPLETE") {
        nested.push(await outputsWithNested(client, PhysicalResourceId));
      }
    }
  }
  return [...own, ...nested.flat()];
}
