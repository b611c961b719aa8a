import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalAnswer } from "./run-users.ts";

/** What the account says of functions and queues; a test changes it to see what is said of it. */
export interface FakeAccount {
  functions: Record<string, Record<string, unknown>>;
  /** Reserved concurrency by function. */
  concurrency: Record<string, number>;
  mappings: Record<string, unknown>[];
  /** Messages by the name of a queue. */
  queues: Record<string, number>;
  /** Functions that the caller may not invoke. */
  forbidden: string[];
}

const ACCOUNT = "111122223333";
export const queueArn = (name: string): string => `arn:aws:sqs:eu-central-1:${ACCOUNT}:${name}`;
export const queueUrl = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/${name}`;

/** Enough of Lambda and SQS for `sessions doctor`. */
export async function startAccount(account: FakeAccount): Promise<LocalAnswer> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const [status, answer, error] = answerOf(account, request, body);
      response.writeHead(status, {
        "content-type": "application/json",
        ...(error !== undefined && { "x-amzn-errortype": error }),
      });
      response.end(status === 204 ? "" : JSON.stringify(answer));
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

type Reply = readonly [status: number, answer: unknown, error?: string];

function answerOf(account: FakeAccount, { url = "", headers }: IncomingMessage, body: string): Reply {
  const target = headers["x-amz-target"];
  if (typeof target === "string") return answerOfQueues(account, target.split(".")[1] ?? "", body);
  const [, name = "", what = ""] = /\/functions\/([^/]+)\/([\w-]+)$/.exec(url) ?? [];
  switch (what) {
    case "configuration":
      return [200, { FunctionName: name, ...account.functions[name] }];
    case "concurrency":
      return [200, { ReservedConcurrentExecutions: account.concurrency[name] }];
    case "event-invoke-config":
      return [200, { DestinationConfig: { OnFailure: { Destination: queueArn("failures") } } }];
    case "invocations":
      if (account.forbidden.includes(name)) return [403, { Message: "no" }, "AccessDeniedException"];
      return headers["x-amz-invocation-type"] === "DryRun" ? [204, {}] : [200, { isAuthorized: false }];
    default:
      return [200, { EventSourceMappings: account.mappings }];
  }
}

function answerOfQueues({ queues }: FakeAccount, action: string, body: string): Reply {
  const { QueueName: name, QueueUrl: url } = JSON.parse(body) as { QueueName?: string; QueueUrl?: string };
  if (action === "GetQueueUrl") return [200, { QueueUrl: queueUrl(name ?? "") }];
  const messages = queues[url?.split("/").at(-1) ?? ""] ?? 0;
  return [200, { Attributes: { ApproximateNumberOfMessages: String(messages) } }];
}
