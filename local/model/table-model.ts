import type { AttributeDefinition, KeySchemaElement, Projection } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { ResolvedResource } from "./resource.ts";

/** The resource types that are DynamoDB tables: CDK's `Table`, and its `TableV2`. */
export const TABLE_TYPES: readonly string[] = ["AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"];

/** What DynamoDB is told of a table. Capacity means nothing on one machine: every table is on demand. */
export interface TableModel {
  readonly logicalId: string;
  readonly name: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly attributes: readonly AttributeDefinition[];
  readonly globalIndexes: readonly IndexModel[];
  readonly localIndexes: readonly IndexModel[];
  readonly streamView: "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES" | undefined;
  readonly ttlAttribute: string | undefined;
}

export interface IndexModel {
  readonly name: string;
  readonly keySchema: readonly KeySchemaElement[];
  readonly projection: Projection;
}

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));

const indexSchema = z
  .object({
    IndexName: z.string(),
    KeySchema: keySchema,
    Projection: z.object({
      ProjectionType: z.enum(["ALL", "INCLUDE", "KEYS_ONLY"]),
      NonKeyAttributes: z.array(z.string()).optional(),
    }),
  })
  .transform(({ IndexName, KeySchema, Projection }): IndexModel => ({
    name: IndexName,
    keySchema: KeySchema,
    projection: {
      ProjectionType: Projection.ProjectionType,
      ...(Projection.NonKeyAttributes && { NonKeyAttributes: Projection.NonKeyAttributes }),
    },
  }));

const tableSchema = z.object({
  TableName: z.string().optional(),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(["S", "N", "B"]) }),
  ),
  GlobalSecondaryIndexes: z.array(indexSchema).default([]),
  LocalSecondaryIndexes: z.array(indexSchema).default([]),
  StreamSpecification: z
    .object({
      StreamViewType: z.enum(["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"]),
    })
    .optional(),
  TimeToLiveSpecification: z
    .object({ Enabled: z.boolean(), AttributeName: z.string().optional() })
    .optional(),
});

/** The tables of a template; `suffix` is appended to their names. */
export function readTables(resources: readonly ResolvedResource[], suffix: string): TableModel[] {
  return resources
    .filter(({ type }) => TABLE_TYPES.includes(type))
    .map((resource) => {
      const table = tableSchema.parse(resource.properties());
      const ttl = table.TimeToLiveSpecification;
      return {
        logicalId: resource.logicalId,
        name: (table.TableName ?? resource.logicalId) + suffix,
        keySchema: table.KeySchema,
        attributes: table.AttributeDefinitions,
        globalIndexes: table.GlobalSecondaryIndexes,
        localIndexes: table.LocalSecondaryIndexes,
        streamView: table.StreamSpecification?.StreamViewType,
        ttlAttribute: ttl?.Enabled === true ? ttl.AttributeName : undefined,
      };
    });
}
