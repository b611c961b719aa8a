import { createPlainFunction, type CallDependencies, type LambdaFunction } from "../src/http/endpoint.ts";
import { authorizePush, type PushAnswer, type PushRequest } from "../src/outbox/push-authorizer.ts";

/**
 * The authorizer of the Event API that pushes hints: who may connect and subscribe, and that nobody may
 * publish. The channel is a secret, and is in no line.
 */
export function createPushAuthorizeHandler(
  dependencies: CallDependencies,
): LambdaFunction<PushRequest, PushAnswer> {
  return createPlainFunction(dependencies, "push-authorize", ({ input, record }) => {
    const answer = authorizePush(input);
    if (answer.isAuthorized) record.routine();
    else record.note({ outcome: "refused" });
    return Promise.resolve(answer);
  });
}
