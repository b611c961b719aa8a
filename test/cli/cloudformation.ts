import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalAnswer } from "./run-users.ts";

export interface FakeStack {
  readonly outputs?: Readonly<Record<string, string>>;
  /** Names of nested stacks. */
  readonly nested?: readonly string[];
  /** Type and physical id by logical id. */
  readonly resources?: Readonly<Record<string, readonly [type: string, physicalId: string]>>;
  readonly template?: object;
}

/**
 * Enough of CloudFormation for the operators' commands, with stacks by name; any other name does not exist.
 */
export async function startCloudFormation(stacks: Readonly<Record<string, FakeStack>>): Promise<LocalAnswer> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const asked = new URLSearchParams(body);
      const name = asked.get("StackName") ?? "";
      const stack = stacks[name];
      const answer = stack && answerOf(asked.get("Action") ?? "", name, stack);
      response.writeHead(answer === undefined ? 400 : 200, { "content-type": "text/xml" });
      response.end(answer ?? missing(name));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const NAMESPACE = 'xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"';
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

function answerOf(action: string, name: string, stack: FakeStack): string {
  const { outputs = {}, nested = [], resources = {}, template = {} } = stack;
  if (action === "GetTemplate") {
    return `<GetTemplateResponse ${NAMESPACE}><GetTemplateResult><TemplateBody>${escaped(JSON.stringify(template))}</TemplateBody>
      </GetTemplateResult></GetTemplateResponse>`;
  }
  if (action === "ListStackResources") {
    const all = [
      ...nested.map((id) => ["Nested", ["AWS::CloudFormation::Stack", id]] as const),
      ...Object.entries(resources),
    ];
    const members = all.map(
      ([logicalId, [type, id]]) =>
        `<member><LogicalResourceId>${logicalId}</LogicalResourceId><PhysicalResourceId>${id}</PhysicalResourceId>
        <ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
    );
    return `<ListStackResourcesResponse ${NAMESPACE}><ListStackResourcesResult><StackResourceSummaries>${members.join("")}
      </StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`;
  }
  const members = Object.entries(outputs).map(
    ([key, value]) =>
      `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse ${NAMESPACE}><DescribeStacksResult><Stacks><member><StackName>${name}</StackName>
    <StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime>
    <Outputs>${members.join("")}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}

const missing = (name: string): string => `<ErrorResponse ${NAMESPACE}><Error><Type>Sender</Type>
  <Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;
