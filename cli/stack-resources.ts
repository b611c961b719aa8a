import {
  GetTemplateCommand,
  paginateListStackResources,
  type CloudFormationClient,
} from "@aws-sdk/client-cloudformation";

/** A resource of a deployed stack, or of one nested in it. */
export interface StackResource {
  /** `AWS::Lambda::Function` */
  readonly type: string;
  readonly logicalId: string;
  readonly physicalId: string;
  /** The name or ARN of the stack that it is in. */
  readonly stack: string;
}

const NESTED = "AWS::CloudFormation::Stack";

/** All resources of a deployed stack, and of the stacks nested in it. */
export async function describeResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<StackResource[]> {
  const found: StackResource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const summary of page.StackResourceSummaries ?? []) {
      const { ResourceType: type = "", LogicalResourceId: logicalId = "" } = summary;
      const { PhysicalResourceId: physicalId, ResourceStatus: status } = summary;
      if (physicalId === undefined || status === "DELETE_COMPLETE") continue;
      found.push({ type, logicalId, physicalId, stack: stackName });
      if (type === NESTED) found.push(...(await describeResources(client, physicalId)));
    }
  }
  return found;
}

/** The resources of a stack's template by logical id, or `undefined` where the template is not JSON. */
export async function templateResources(
  client: CloudFormationClient,
  stackName: string,
): Promise<Readonly<Record<string, TemplateResource>> | undefined> {
  const { TemplateBody: text = "" } = await client.send(new GetTemplateCommand({ StackName: stackName }));
  try {
    return (JSON.parse(text) as { Resources?: Record<string, TemplateResource> }).Resources ?? {};
  } catch {
    return undefined;
  }
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
