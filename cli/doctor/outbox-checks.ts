import {
  GetFunctionEventInvokeConfigCommand,
  ListEventSourceMappingsCommand,
  type EventSourceMappingConfiguration,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { ENVIRONMENT } from "../../src/runtime/function-settings.ts";
import { templateResources } from "../stack-resources.ts";
import { environmentOf, type Patient } from "./patient.ts";
import { fail, ok, skipped, warn, type DoctorCheck, type Verdict } from "./verdict.ts";

const NO_EVENTS = skipped("this stack tells no events");

const isTeller = (environment: Readonly<Record<string, string>>): boolean =>
  environment[ENVIRONMENT.eventBus] !== undefined;

const MAKE_READER =
  "A restored table has another stream, and the mapping has to be made again " +
  "(docs/operate/restore.md#events).";

const reader: DoctorCheck = {
  name: "events: the stream's reader",
  deployedOnly: true,
  async run(patient) {
    const teller = (await patient.functions()).find((one) => isTeller(environmentOf(one)));
    if (teller === undefined) return NO_EVENTS;
    const { LatestStreamArn: stream } = await patient.table(patient.located.sessionsTable);
    if (stream === undefined) return fail("the table has no stream", `Switch it on. ${MAKE_READER}`);
    const command = new ListEventSourceMappingsCommand({
      EventSourceArn: stream,
      FunctionName: teller.FunctionName,
    });
    const [mapping] = (await patient.lambda.send(command)).EventSourceMappings ?? [];
    return mapping === undefined ? fail("nothing reads the table's stream", MAKE_READER) : verdictOn(mapping);
  },
};

function verdictOn({
  UUID: uuid = "UUID",
  State: state = "?",
  LastProcessingResult: last,
}: EventSourceMappingConfiguration): Verdict {
  if (state !== "Enabled") {
    return fail(
      `the mapping is ${state}`,
      `After 24 h events are lost: aws lambda update-event-source-mapping --enabled --uuid ${uuid}`,
    );
  }
  return last?.startsWith("PROBLEM") === true
    ? warn(`enabled, and the last batch failed: ${last}`, "See the log of the outbox function.")
    : ok("enabled");
}

const queues: DoctorCheck = {
  name: "queues of what failed",
  deployedOnly: true,
  async run(patient) {
    const revocations = await messagesIn(patient, await failureQueue(patient));
    const teller = (await patient.functions()).map(environmentOf).find(isTeller);
    const untold = await messagesIn(patient, teller?.[ENVIRONMENT.untoldEvents]);
    if (revocations > 0) {
      return fail(
        `${revocations} revocations were not carried out`,
        "Somebody may be signed in who should not be: send them again (docs/operate/revoke-from-events.md).",
      );
    }
    return untold > 0
      ? warn(`${untold} events were not told`, "Send them again: `sessions redrive-events`.")
      : ok("empty");
  },
};

async function failureQueue({ lambda, sqs, located }: Patient): Promise<string | undefined> {
  const command = new GetFunctionEventInvokeConfigCommand({ FunctionName: located.adminLogoutFunction });
  const { DestinationConfig: destinations } = await lambda.send(command);
  const [, , , , owner, name] = destinations?.OnFailure?.Destination?.split(":") ?? [];
  if (name === undefined) return undefined;
  const input = { QueueName: name, ...(owner !== undefined && { QueueOwnerAWSAccountId: owner }) };
  return (await sqs.send(new GetQueueUrlCommand(input))).QueueUrl;
}

async function messagesIn({ sqs }: Patient, url: string | undefined): Promise<number> {
  if (url === undefined) return 0;
  const command = new GetQueueAttributesCommand({
    QueueUrl: url,
    AttributeNames: ["ApproximateNumberOfMessages"],
  });
  return Number((await sqs.send(command)).Attributes?.ApproximateNumberOfMessages ?? 0);
}

const ALARMS = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"];

const alarms: DoctorCheck = {
  name: "alarms: somebody hears them",
  deployedOnly: true,
  async run({ located, resources, cloudFormation }) {
    const ours = (await resources()).filter(({ type }) => ALARMS.includes(type));
    if (ours.length === 0) {
      return warn(
        "the stack has no alarm",
        "sessions.monitor({ alarmTopic }) makes them (docs/operate/monitor.md).",
      );
    }
    const silent: string[] = [];
    for (const stack of new Set(ours.map((alarm) => alarm.stack))) {
      const template = await templateResources(cloudFormation, stack);
      if (template === undefined) return skipped(`the template of ${stack} is not JSON`);
      const rules = JSON.stringify(Object.values(template).map((one) => one.Properties?.["AlarmRule"]));
      // A part of a composite alarm is heard by way of it.
      const isPart = (logicalId: string): boolean => rules.includes(`["${logicalId}","Arn"]`);
      const here = ours.filter((alarm) => alarm.stack === stack && !isPart(alarm.logicalId));
      silent.push(
        ...here
          .filter(({ logicalId }) => isSilent(template[logicalId]?.Properties))
          .map(({ physicalId }) => physicalId),
      );
    }
    const count = `${silent.length} of ${ours.length} alarms of ${located.title}`;
    return silent.length === 0
      ? ok(`${ours.length} alarms with a target`)
      : warn(`${count} without a target: ${silent.join(", ")}`, "Give sessions.monitor an alarmTopic.");
  },
};

function isSilent(properties: Readonly<Record<string, unknown>> | undefined): boolean {
  const { AlarmActions: actions, ActionsEnabled: enabled } = properties ?? {};
  return enabled === false || !Array.isArray(actions) || actions.length === 0;
}

/** What fails without anybody's request failing. */
export const OUTBOX_CHECKS: readonly DoctorCheck[] = [reader, queues, alarms];
