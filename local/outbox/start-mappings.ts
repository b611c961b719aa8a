import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import type { InvocationResult, LogLine } from "../lambda/function-instance.ts";
import type { StackModel } from "../model/stack-model.ts";
import { LocalStackError } from "../errors.ts";
import { localDynamoDb } from "../tables.ts";
import type { HeldBatch, LostBatch } from "./batch-runner.ts";
import { startMapping } from "./mapping.ts";
import type { PositionsFile } from "./positions-file.ts";
import { createStreamClient } from "./stream-client.ts";

/** How often a stream is asked for new records. Lambda asks four times a second. */
const POLL_MS = 100;

export interface MappingsOptions {
  readonly model: StackModel;
  readonly databaseEndpoint: string;
  readonly invoke: (functionName: string, payload: string) => Promise<InvocationResult>;
  readonly positions: PositionsFile;
  readonly log: (line: LogLine) => void;
  readonly onLost: (batch: LostBatch) => void;
}

/** Starts the event source mappings of a template; where it has none, nothing. */
export async function startMappings(options: MappingsOptions): Promise<{ stop(): Promise<void> }> {
  const { model, databaseEndpoint, positions } = options;
  const { region, mappings } = model;
  if (mappings.length === 0) return { stop: () => Promise.resolve() };
  const arns = await streamArns(options, new Set(mappings.map(({ tableName }) => tableName)));
  const running = mappings.map((mapping) => {
    const arn = arns.get(mapping.tableName) ?? "";
    const say = (line: string) => options.log({ functionName: mapping.functionName, stream: "stderr", line });
    return startMapping({
      mapping,
      client: createStreamClient(databaseEndpoint, region, arn),
      region,
      streamArn: arn.replace(":ddblocal:", `:${region}:`),
      invoke: (payload) => options.invoke(mapping.functionName, payload),
      positions: positions.of(mapping.logicalId),
      onLost: (batch) => {
        say(lostLine(batch, mapping.failureDestination));
        options.onLost(batch);
      },
      onHeld: (held) => say(heldLine(held)),
      onFault: (error) => say(`the stream of ${mapping.tableName} cannot be read: ${String(error)}`),
      pollMs: POLL_MS,
    });
  });
  return {
    async stop() {
      await Promise.all(running.map((mapping) => mapping.stop()));
      await positions.save();
    },
  };
}

/** Records are said by their keys, and nothing else of them. */
const keysOf = (records: LostBatch["records"]): string =>
  records.map(({ dynamodb }) => JSON.stringify(dynamodb["Keys"])).join(", ");

const heldLine = ({ records, invocations, reason }: HeldBatch): string =>
  `failed ${invocations} times with the same ${records.length} records of the stream (${reason}): ` +
  `${keysOf(records)}. They are tried again, and later records wait for them.`;

function lostLine({ records, condition, invocations, reason }: LostBatch, destination?: string): string {
  const there = destination === undefined ? "nowhere, for there is no destination" : `to ${destination}`;
  return (
    `gave up ${records.length} records after ${invocations} invocations (${condition}; ${reason}): ` +
    `${keysOf(records)}. On AWS they would go ${there}; here they are lost.`
  );
}

async function streamArns(
  { databaseEndpoint, model }: MappingsOptions,
  tableNames: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const client = localDynamoDb(databaseEndpoint, model.region);
  try {
    const arns = new Map<string, string>();
    for (const TableName of tableNames) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      if (Table?.LatestStreamArn === undefined) {
        throw new LocalStackError(
          `The table ${TableName} in the data folder has no stream, which the template reads. ` +
            "Use another folder with --data, or delete this one.",
        );
      }
      arns.set(TableName, Table.LatestStreamArn);
    }
    return arns;
  } finally {
    client.destroy();
  }
}
