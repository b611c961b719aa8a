import { z } from "zod";
import { LocalStackError } from "../errors.ts";
import type { OnStandIn } from "./intrinsics.ts";

/** The account that everything here is in. */
export const ACCOUNT_ID = "000000000000";

/** A Region that names nothing real here: DynamoDB Local shares one database among all. */
export const DEFAULT_REGION = "eu-central-1";

/** One resource with its properties resolved. */
export interface ResolvedResource {
  /** Among several stacks, the stack's name is before it. */
  readonly logicalId: string;
  readonly type: string;
  /** The construct's id, from the path metadata; the logical id where there is none. */
  readonly constructId: string;
  /** The construct's path, `Shop/Sessions/login/Resource`; empty where there is none. */
  readonly path?: string;
  /** @param onStandIn is told of each name in them that leads nowhere. */
  properties(onStandIn?: OnStandIn): unknown;
}

/** The ARN a function has here. */
export const functionArn = (region: string, name: string): string =>
  `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${name}`;

/** What is done about something that does not run here: it is an error, or it is told and left out. */
export type OnUnsupported = (why: string) => void;

/** @throws LocalStackError with what does not run. */
export const refuseUnsupported: OnUnsupported = (why) => {
  throw new LocalStackError(why);
};

/** What `read` gives; for what does not run here, what `otherwise` makes of the reason. */
export function readOr<T>(name: string, read: () => T, otherwise: (why: string) => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof LocalStackError) return otherwise(error.message);
    if (error instanceof z.ZodError) {
      const [issue] = error.issues;
      return otherwise(
        `${name} cannot be read here: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`,
      );
    }
    throw error;
  }
}
