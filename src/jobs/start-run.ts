import {
  InvocationType,
  InvokeCommand,
  LambdaClient,
  LambdaServiceException,
  type InvokeCommandInput,
  type LambdaClientConfig,
} from "@aws-sdk/client-lambda";
import { StoreUnavailableError } from "../dynamodb/errors.ts";
import { TimelyHttpHandler } from "../dynamodb/timely-requests.ts";
import type { Job } from "./job.ts";

/** Starts a run of a job, which then goes on by itself. */
export type StartRun = (job: Pick<Job, "id" | "runs">) => Promise<void>;

/** The invocation that starts a run. @param functionName that of `run-job`. */
export const runInvocation = (
  functionName: string,
  { id, runs }: Pick<Job, "id" | "runs">,
): InvokeCommandInput => ({
  // A durable function is invoked by a version, which is the one that was deployed last.
  FunctionName: `${functionName}:$LATEST`,
  InvocationType: InvocationType.Event,
  // An execution of this name is not started twice, should the SDK send it again.
  DurableExecutionName: `${id}-${runs}`,
  Payload: JSON.stringify({ jobId: id }),
});

const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 3000;

/**
 * What starts runs from a Lambda function.
 * @param options region, credentials, and on this machine the endpoint.
 */
export function createRunStarter(
  functionName: string,
  options: Pick<LambdaClientConfig, "region" | "credentials" | "endpoint">,
): StartRun {
  const client = new LambdaClient({
    ...options,
    requestHandler: new TimelyHttpHandler({
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    }),
  });
  return async (job) => {
    try {
      await client.send(new InvokeCommand(runInvocation(functionName, job)));
    } catch (error) {
      if (isFault(error)) throw error;
      throw new StoreUnavailableError("Lambda did not take a run of a job", {
        effect: "unknown",
        cause: error,
      });
    }
  };
}

const THROTTLED = 429;

/** What asking again cannot help: no such function, no permission. */
function isFault(error: unknown): boolean {
  if (!(error instanceof LambdaServiceException)) return false;
  const { $fault: whose, $metadata } = error;
  return whose === "client" && $metadata.httpStatusCode !== THROTTLED;
}
