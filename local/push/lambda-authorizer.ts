import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { InvocationResult } from "../lambda/function-instance.ts";
import type { PushAuthorizerModel } from "../model/event-api-model.ts";
import { ACCOUNT_ID } from "../model/resource.ts";
import type { Authorize } from "./authorization.ts";

const answerSchema = z.object({ isAuthorized: z.boolean(), handlerContext: z.unknown().optional() });

/**
 * Asks a function as AppSync Events asks its Lambda authorizers ("Configuring authorization and
 * authentication to secure Event APIs"). It rejects where the function fails or answers nonsense.
 */
export function createLambdaAuthorizer(
  { functionName, tokenPattern }: PushAuthorizerModel,
  invoke: (functionName: string, payload: string) => Promise<InvocationResult>,
): Authorize {
  return async function authorize({ operation, token, channel, requestHeaders }) {
    if (tokenPattern !== undefined && !tokenPattern.test(token)) return { outcome: "refused" };
    const event = {
      authorizationToken: token,
      requestContext: {
        apiId: "local",
        accountId: ACCOUNT_ID,
        requestId: randomUUID(),
        operation,
        channelNamespaceName: channel?.namespace ?? null,
        channel: channel?.path ?? null,
      },
      requestHeaders,
    };
    const result = await invoke(functionName, JSON.stringify(event));
    if (result.outcome === "fault") {
      const { errorType, errorMessage } = result.fault;
      throw new Error(`the authorizer ${functionName} failed (${errorType}: ${errorMessage})`);
    }
    const answer = answerSchema.safeParse(JSON.parse(result.payload));
    if (!answer.success) throw new Error(`the authorizer ${functionName} answered without isAuthorized`);
    const { isAuthorized, handlerContext } = answer.data;
    return isAuthorized ? { outcome: "authorized", handlerContext } : { outcome: "refused" };
  };
}
