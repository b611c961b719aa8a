import type { BackoffDependencies } from "../src/dynamodb/backoff.ts";
import { createDocumentClient, lambdaIdentity } from "../src/dynamodb/client.ts";
import type { DocumentClient } from "../src/dynamodb/document-client.ts";
import type { OutboxDependencies } from "../src/outbox/dependencies.ts";
import { createEventBus, createHintPublisher, createUntoldQueue } from "../src/outbox/targets.ts";
import { decodeSettings, ENVIRONMENT, type FunctionSettings } from "../src/runtime/function-settings.ts";
import type { Telemetry } from "../src/runtime/telemetry.ts";
import { deployedTelemetry, given, required, type TableNames } from "./parts.ts";

/** What the outbox is made of; time and waiting are the real ones unless given. */
export interface OutboxParts
  extends
    Partial<BackoffDependencies>,
    Pick<OutboxDependencies, "putEvents" | "sendToQueue" | "publishHint"> {
  readonly documents: DocumentClient;
  readonly tables: Pick<TableNames, "sessions" | "activity">;
  readonly settings: Pick<FunctionSettings, "era">;
  readonly telemetry: Telemetry;
  /** Epoch milliseconds. */
  readonly clock?: () => number;
}

/**
 * The parts that the environment of the deployed outbox names. They are in a file of their own, so that the
 * clients of EventBridge and SQS are in no other bundle.
 * @throws Error naming the environment variable that is missing.
 */
export function deployedOutboxParts(): OutboxParts {
  const settings = decodeSettings(required(ENVIRONMENT.settings));
  const identity = lambdaIdentity();
  // The SDK's own variables, which are set on this machine only.
  const endpointOf = (service: string) => ({ ...identity, endpoint: given(`AWS_ENDPOINT_URL_${service}`) });
  return {
    documents: createDocumentClient(),
    tables: {
      sessions: required(ENVIRONMENT.sessionsTable),
      activity: given(ENVIRONMENT.activityTable),
    },
    settings,
    telemetry: deployedTelemetry(settings),
    putEvents: createEventBus(required(ENVIRONMENT.eventBus), endpointOf("EVENTBRIDGE")),
    sendToQueue: createUntoldQueue(required(ENVIRONMENT.untoldEvents), endpointOf("SQS")),
    publishHint: settings.push && createHintPublisher(settings.push.publishUrl, identity),
  };
}
