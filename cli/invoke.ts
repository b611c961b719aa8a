import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { Located } from "./place.ts";

/** A function threw, or gave no answer. */
export class FunctionFault extends Error {
  override readonly name = "FunctionFault";
}

export interface Invoking {
  /**
   * Invokes a function directly and waits for its answer, which may be a refusal with a `code`.
   * @throws FunctionFault where the function threw; else what the SDK throws.
   */
  invoke(
    functionName: string,
    event: object,
    signal?: AbortSignal,
  ): Promise<Readonly<Record<string, unknown>>>;
  close(): void;
}

/** Direct invocations of the functions of one construct. */
export function connectFunctions({ lambda }: Pick<Located, "lambda">): Invoking {
  const client = new LambdaClient(lambda);
  return {
    async invoke(functionName, event, signal) {
      const { FunctionError: fault, Payload: payload } = await client.send(
        new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify(event) }),
        signal && { abortSignal: signal },
      );
      const result = JSON.parse(payload?.transformToString() ?? "null") as Record<string, unknown> | null;
      if (fault === undefined && result !== null) return result;
      const message = (result as { errorMessage?: string } | null)?.errorMessage ?? "no answer";
      throw new FunctionFault(`${functionName} threw: ${message}`);
    },
    close: () => client.destroy(),
  };
}
