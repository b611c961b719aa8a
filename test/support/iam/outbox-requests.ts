import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";

import { resolveIntrinsics } from "../../../local/model/intrinsics.ts";
import { NAMESPACE } from "../../../src/outbox/names.ts";
import { sessionKey } from "../../../src/sessions/table.ts";
import { createActivityWriter } from "../../../src/activity/writer.ts";
import { contention } from "../../activity/support.ts";
import { createToldStore } from "../../outbox/support.ts";
import { testDatabaseEndpoint } from "../database-endpoint.ts";
import { startDynamoDbProxy } from "../dynamodb-proxy.ts";
import { createActivityTable, createSessionsTable } from "../dynamodb.ts";
import { startFakeTargets } from "../fake-targets.ts";
import { documentsOf, LOCAL } from "../local-client.ts";
import { logIn } from "../store.ts";
import { iamRequestsOf, shapesOf, type IamRequest } from "./requests.ts";
import { ACCOUNT, REGION, referencesIn, type Role, type Template } from "./roles.ts";

/** The logical ids that are put in the places of the tables' names. */
export interface OutboxTables {
  readonly sessions: string;
  readonly activity: string;
}

/**
 * What the outbox asks of the tables: of the endings of a batch, and of session and ending where an item is
 * gone without one; and to keep what it told, and who is suspected.
 */
export async function recordOutboxRequests(
  functionId: string,
  tableIds: OutboxTables,
): Promise<IamRequest[]> {
  const targets = await startFakeTargets();
  const proxy = await startDynamoDbProxy(testDatabaseEndpoint());
  const credentials = { ...LOCAL.credentials, accessKeyId: functionId };
  try {
    const documents = documentsOf(new DynamoDBClient({ ...LOCAL, endpoint: proxy.endpoint, credentials }));
    const tables = { sessions: await createSessionsTable(), activity: await createActivityTable() };
    const { sessions: tableName } = tables;
    const {
      store,
      tell,
      documents: own,
    } = await createToldStore(targets, { tableName }, { documents, tables });
    const first = await logIn(store, "alice");
    await logIn(store, "bob");
    await store.logout(first.token);
    await tell();
    const { id } = (await logIn(store, "carol")).session;
    await own.send(new DeleteCommand({ TableName: tableName, Key: sessionKey(id) }));
    await tell();
    const activity = createActivityWriter({ documents, tableName: tables.activity, clock: Date.now });
    const { lost } = await activity.putAll([contention("shared", { at: Date.now() })]);
    if (lost.length > 0) throw new Error("a suspect was not kept", { cause: lost[0]?.error });
    const asked = proxy.answered.filter(({ accessKeyId }) => accessKeyId === functionId);
    const requests = asked.flatMap(iamRequestsOf).map((request) => ({
      ...request,
      table: request.table === tables.activity ? tableIds.activity : tableIds.sessions,
    }));
    return shapesOf(requests);
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
