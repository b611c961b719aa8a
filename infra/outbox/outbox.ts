import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { OUTBOX, PUSH_AUTHORIZE } from "../function-ids.ts";
import { createFunction, type FunctionContext } from "../functions.ts";
import { readStream } from "./mapping.ts";
import { acknowledgeWildcards } from "./outbox-findings.ts";
import { createPush, type Push } from "./push.ts";
import { createTargets } from "./targets.ts";

/** What tells of the changes of the sessions table. */
export interface Outbox {
  readonly lambda: LambdaFunction;
  /** Events that the bus did not take. */
  readonly untold: Queue;
  /** The name or ARN of the bus. */
  readonly bus: string;
}

/** What the functions share, with where push is, and the Event API; both as they were where push is off. */
export function withPush(
  scope: Construct,
  context: FunctionContext,
): { readonly context: FunctionContext; readonly push?: Push } {
  const { settings, baseline, logRetention, removalPolicy } = context;
  if (settings.events?.push !== true) return { context };
  const { namePrefix, encryptionKey } = baseline;
  const push = createPush(scope, {
    authorizer: createFunction(scope, PUSH_AUTHORIZE, context),
    ...{ namePrefix, encryptionKey, logRetention, removalPolicy },
  });
  const functions = { ...settings.functions, push: push.settings };
  return { context: { ...context, settings: { ...settings, functions } }, push };
}

/** The function that reads the table's stream, and its targets; `undefined` where events are off. */
export function createOutbox(
  scope: Construct,
  context: FunctionContext,
  push: Push | undefined,
): Outbox | undefined {
  const { settings, baseline, removalPolicy, tables } = context;
  if (settings.events === undefined) return undefined;
  const targets = createTargets(scope, {
    bus: settings.events.bus,
    encryptionKey: baseline.encryptionKey,
    removalPolicy,
    namespaceArns: push?.namespaceArns ?? [],
  });
  const lambda = createFunction(scope, OUTBOX, { ...context, targets });
  const read = { sessions: tables.sessions, crashes: targets.crashes };
  readStream(scope, lambda, read);
  acknowledgeWildcards(scope, read);
  return { lambda, untold: targets.untold, bus: targets.bus };
}
