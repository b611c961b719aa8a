import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import { readEventPattern, type EventPattern } from "../outbox/event-pattern.ts";
import { functionIn, type FunctionModels } from "./function-model.ts";
import { readOr, type OnUnsupported, type ResolvedResource } from "./resource.ts";
import type { TableModel } from "./table-model.ts";

/** A function that gets the changes of a table. */
export interface MappingModel {
  readonly logicalId: string;
  readonly tableName: string;
  readonly functionName: string;
  /** A record that none of them matches is passed over. Without any, all pass. */
  readonly filters: readonly EventPattern[];
  readonly startingPosition: "TRIM_HORIZON" | "LATEST";
  readonly batchSize: number;
  /** How long records are collected before a batch that is not full is sent. */
  readonly windowSeconds: number;
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** `undefined`: as long as the stream has the records. */
  readonly mostRetries: number | undefined;
  /** `undefined`: as long as the stream has them. */
  readonly longestAgeSeconds: number | undefined;
  /** The ARN of where batches that were given up go. */
  readonly failureDestination: string | undefined;
}

const mappingSchema = z.object({
  EventSourceArn: z.string().default(""),
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  StartingPosition: z.string().default(""),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
  // Lambda's own defaults for DynamoDB, which a template may leave out.
  BatchSize: z.number().default(100),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  FunctionResponseTypes: z.array(z.string()).default([]),
  BisectBatchOnFunctionError: z.boolean().default(false),
  MaximumRetryAttempts: z.number().default(-1),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  TumblingWindowInSeconds: z.number().default(0),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).default({}),
});

/**
 * The event source mappings of a template that are enabled. Told is what does not run here: another source
 * than the stream of a table of this template, tumbling windows, a filter that cannot be evaluated.
 */
export function readMappings(
  resources: readonly ResolvedResource[],
  functions: FunctionModels,
  tables: readonly TableModel[],
  onUnsupported: OnUnsupported,
): MappingModel[] {
  return resources
    .filter(({ type }) => type === "AWS::Lambda::EventSourceMapping")
    .flatMap((resource) =>
      readOr(
        `The event source mapping ${resource.constructId}`,
        () => readMapping(resource, functions, tables),
        (why) => {
          onUnsupported(why);
          return [];
        },
      ),
    );
}

function readMapping(
  resource: ResolvedResource,
  functions: FunctionModels,
  tables: readonly TableModel[],
): MappingModel[] {
  const { logicalId, constructId } = resource;
  const given = mappingSchema.parse(resource.properties());
  if (!given.Enabled) return [];
  const whose = `The event source mapping ${constructId}`;
  const position = given.StartingPosition;
  const { name: tableName } = tableOf(given.EventSourceArn, tables, whose);
  if (position !== "TRIM_HORIZON" && position !== "LATEST") {
    throw new LocalStackError(`${whose} starts at ${position}; only TRIM_HORIZON and LATEST run here.`);
  }
  if (given.TumblingWindowInSeconds > 0) {
    throw new LocalStackError(`${whose} has a tumbling window, which does not run here.`);
  }
  const unlessMinusOne = (count: number) => (count < 0 ? undefined : count);
  return [
    {
      logicalId,
      tableName,
      functionName: functionIn(given.FunctionName, whose, functions),
      filters: (given.FilterCriteria?.Filters ?? []).map(({ Pattern }) =>
        readEventPattern(asJson(Pattern, whose), "lambda", whose),
      ),
      startingPosition: position,
      batchSize: given.BatchSize,
      windowSeconds: given.MaximumBatchingWindowInSeconds,
      reportsItemFailures: given.FunctionResponseTypes.includes("ReportBatchItemFailures"),
      bisects: given.BisectBatchOnFunctionError,
      mostRetries: unlessMinusOne(given.MaximumRetryAttempts),
      longestAgeSeconds: unlessMinusOne(given.MaximumRecordAgeInSeconds),
      failureDestination: given.DestinationConfig.OnFailure?.Destination,
    },
  ];
}

const STREAM_ARN = /:table\/([^/]+)\/stream\//;

function tableOf(arn: string, tables: readonly TableModel[], whose: string): TableModel {
  const name = STREAM_ARN.exec(arn)?.[1];
  const table = tables.find((each) => each.name === name);
  if (table?.streamView !== undefined) return table;
  throw new LocalStackError(
    `${whose} reads ${arn || "nothing"}; only the stream of a table of this template runs here.`,
  );
}

function asJson(text: string, whose: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new LocalStackError(`${whose} has a filter that is not JSON: ${text}`);
  }
}
