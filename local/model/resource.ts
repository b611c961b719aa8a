/** The account that everything here is in. */
export const ACCOUNT_ID = "000000000000";

/** One resource with its properties resolved. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  /** The construct's id, from the path metadata; the logical id where there is none. */
  readonly constructId: string;
  properties(): unknown;
}

/** The ARN a function has here. */
export const functionArn = (region: string, name: string): string =>
  `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${name}`;
