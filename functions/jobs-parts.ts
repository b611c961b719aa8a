import { lambdaIdentity } from "../src/dynamodb/client.ts";
import { createRunStarter, type StartRun } from "../src/jobs/start-run.ts";
import { ENVIRONMENT } from "../src/runtime/function-settings.ts";
import { deployedParts, given, required, type Parts } from "./parts.ts";

/** What the function for calls about jobs is made of. */
export interface JobsParts extends Parts {
  readonly startRun: StartRun;
}

/**
 * The parts that the environment of the deployed function names. They are in a file of their own, so that
 * Lambda's client is in no other bundle.
 * @throws Error naming the environment variable that is missing.
 */
export function deployedJobsParts(): JobsParts {
  // The SDK's own variable, which is set on this machine only.
  const endpoint = given("AWS_ENDPOINT_URL_LAMBDA");
  const options = { ...lambdaIdentity(), ...(endpoint !== undefined && { endpoint }) };
  return { ...deployedParts(), startRun: createRunStarter(required(ENVIRONMENT.runJobFunction), options) };
}
