import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { Handler, MetadataBearer, MiddlewareStack, SerializeMiddleware } from "@smithy/types";
import { createDocumentClient } from "../../src/dynamodb/client.ts";

/** Reads one item, in one of the ways on from the SDK's client to ours. */
export interface ClientStep {
  readonly name: string;
  readonly read: () => Promise<unknown>;
}

/** Middleware of the SDK's client that changes nothing which DynamoDB needs. */
const IDLE = [
  "getUserAgentMiddleware",
  "loggerMiddleware",
  "recursionDetectionMiddleware",
  "contentLengthMiddleware",
];

/** Each step is on top of those before it. Region, credentials and endpoint come from the environment. */
export function clientSteps(tableName: string, key: { readonly pk: string }): ClientStep[] {
  const command = (): GetCommand => new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true });
  const sdk = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const ours = createDocumentClient();
  const withoutIdle = reducedClient({ endpointGiven: false, once: false });
  const endpointGiven = reducedClient({ endpointGiven: true, once: false });
  const once = reducedClient({ endpointGiven: true, once: true });
  return [
    { name: "the SDK's document client", read: () => sdk.send(command()) },
    {
      name: "without user agent, logger, recursion detection, content length",
      read: () => withoutIdle(command()),
    },
    { name: "and the endpoint given", read: () => endpointGiven(command()) },
    { name: "and the middleware put together once", read: () => once(command()) },
    {
      name: "and of parts: one signer, a small configuration, answers collected plainly",
      read: () => ours.send(command()),
    },
  ];
}

type Stack = MiddlewareStack<object, MetadataBearer>;
/** As `src/dynamodb/sdk-pipeline.ts` looks at a document command. */
interface DocumentCommand {
  readonly input: object;
  readonly clientCommand: {
    resolveMiddleware(
      stack: Pick<Stack, "concat">,
      config: object,
      options: undefined,
    ): Handler<object, MetadataBearer>;
  };
  addMarshallingMiddleware(config: object): void;
}

/** The SDK's client without what is idle here; its endpoint resolved for each request or given, its middleware put together for each or once. */
function reducedClient({ endpointGiven, once }: { readonly endpointGiven: boolean; readonly once: boolean }) {
  const url = new URL(process.env["AWS_ENDPOINT_URL_DYNAMODB"] ?? "");
  const { config, middlewareStack } = new DynamoDBClient({ endpoint: url.href });
  const stack = middlewareStack as unknown as Stack;
  const clientStack: Pick<Stack, "concat"> = {
    concat: (commandStack) => {
      const whole = stack.concat(commandStack);
      for (const name of IDLE) whole.remove(name);
      if (endpointGiven) giveEndpoint(whole as unknown as Stack, url);
      return whole;
    },
  };
  let kept: Handler<object, MetadataBearer> | undefined;
  return async (given: GetCommand): Promise<unknown> => {
    const command = given as unknown as DocumentCommand;
    const assemble = (): Handler<object, MetadataBearer> => {
      command.addMarshallingMiddleware(config);
      return command.clientCommand.resolveMiddleware(clientStack, config, undefined);
    };
    const handler = once ? (kept ??= assemble()) : assemble();
    return (await handler({ input: command.input })).output;
  };
}

/** In place of the middleware that resolves it by the SDK's rules. */
function giveEndpoint(stack: Stack, url: URL): void {
  const middleware: SerializeMiddleware<object, MetadataBearer> = (next, context) => (args) => {
    context.endpointV2 = { url };
    return next(args);
  };
  stack.addRelativeTo(middleware, {
    name: "endpointV2Middleware",
    relation: "before",
    toMiddleware: "serializerMiddleware",
    override: true,
  });
}
