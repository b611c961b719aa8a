import type {
  DynamoDBDocumentClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/lib-dynamodb";
import type { Command } from "@smithy/core/client";

/** What is used of a `DynamoDBDocumentClient`: it sends the commands of `@aws-sdk/lib-dynamodb`. */
export interface DocumentClient {
  send<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
    command: DocumentCommand<Input, Output>,
  ): Promise<Output>;
  /** Closes its connections. */
  destroy(): void;
}

export type DocumentCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = Command<
  Input,
  Output,
  DynamoDBDocumentClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;
