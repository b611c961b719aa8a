import type { InvocationResult } from "../lambda/function-instance.ts";
import type { EventApiModel } from "../model/event-api-model.ts";
import { loadOnSubscribe } from "./handler-code.ts";
import { createLambdaAuthorizer } from "./lambda-authorizer.ts";
import { createPushServer, type PushServer } from "./push-server.ts";

export interface StackPushOptions {
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationResult>;
  readonly onFault: (error: unknown) => void;
}

/**
 * The Event API of a template: its authorizer is the template's function, its handlers the template's code.
 * @throws LocalStackError for handlers that do not run here.
 */
export function createStackPush(model: EventApiModel, { invoke, onFault }: StackPushOptions): PushServer {
  const { authorizer, connectModes } = model;
  return createPushServer({
    connectModes,
    authorize:
      authorizer === undefined
        ? () => Promise.resolve({ outcome: "refused" })
        : createLambdaAuthorizer(authorizer, invoke),
    namespaces: model.namespaces.map(({ name, subscribeModes, publishModes, code }) => {
      const onSubscribe = code === undefined ? undefined : loadOnSubscribe(code, name);
      return { name, subscribeModes, publishModes, ...(onSubscribe && { onSubscribe }) };
    }),
    onFault,
  });
}
