import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { inject } from "vitest";
import { resolveIntrinsics } from "../../../local/model/intrinsics.ts";
import { NAMESPACE } from "../../../src/outbox/names.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { createToldStore } from "../../outbox/support.ts";
import { startDynamoDbProxy } from "../dynamodb-proxy.ts";
import { startFakeTargets } from "../fake-targets.ts";
import { documentsOf, LOCAL } from "../local-client.ts";
import { logIn } from "../store.ts";
import { iamRequestsOf, shapesOf, type IamRequest } from "./requests.ts";
import { ACCOUNT, REGION, referencesIn, type Role, type Template } from "./roles.ts";

/**
 * What the outbox asks of the sessions table: of the endings of a batch, and of session and ending where an
 * item is gone without one.
 */
export async function recordOutboxReads(functionId: string, tableId: string): Promise<IamRequest[]> {
  const targets = await startFakeTargets();
  const proxy = await startDynamoDbProxy(inject("dynamoDbEndpoint"));
  const credentials = { ...LOCAL.credentials, accessKeyId: functionId };
  try {
    const documents = documentsOf(new DynamoDBClient({ ...LOCAL, endpoint: proxy.endpoint, credentials }));
    const { store, tell, tableName, documents: own } = await createToldStore(targets, {}, { documents });
    const first = await logIn(store, "alice");
    await logIn(store, "bob");
    await store.logout(first.token);
    await tell();
    const { id } = (await logIn(store, "carol")).session;
    await own.send(new DeleteCommand({ TableName: tableName, Key: sessionKey(id) }));
    await tell();
    const asked = proxy.answered.filter(({ accessKeyId }) => accessKeyId === functionId);
    return shapesOf(asked.flatMap(iamRequestsOf).map((request) => ({ ...request, table: tableId })));
  } finally {
    await proxy.stop();
    await targets.stop();
  }
}

/** What the outbox asks of its targets, as its environment in the template names them. */
export function requestsToTargets({ functionId }: Role, template: Template): IamRequest[] {
  const references = referencesIn(template);
  const { Environment } = template.Resources[functionId]?.Properties as {
    readonly Environment: { readonly Variables: unknown };
  };
  const told = resolveIntrinsics(Environment.Variables, { references }, "the outbox") as {
    readonly EVENT_BUS: string;
    readonly UNTOLD_EVENTS_QUEUE: string;
    readonly SINGLE_SESSION_SETTINGS: string;
  };
  const { push } = JSON.parse(told.SINGLE_SESSION_SETTINGS) as { push?: { publishUrl: string } };
  const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
  const bus = told.EVENT_BUS.startsWith("arn:")
    ? told.EVENT_BUS
    : arn("events", `event-bus/${told.EVENT_BUS}`);
  const request = (action: string, resource: string): IamRequest => ({
    ...{ functionId, action, resource, table: "", context: {} },
  });
  // `referencesIn` makes hosts of logical ids.
  const [, apiId] = /^https:\/\/(.+)\.Dns\.Http/.exec(push?.publishUrl ?? "") ?? [];
  const namespace = arn("appsync", `apis/${apiId}/channelNamespace/${NAMESPACE}`);
  return [
    request("events:PutEvents", bus),
    request("sqs:SendMessage", arn("sqs", told.UNTOLD_EVENTS_QUEUE)),
    ...(push ? [request("appsync:EventPublish", namespace)] : []),
  ];
}
