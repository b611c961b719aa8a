/**
 * The one table of prices. To bring it up to date, replace the numbers, `read` and what `basis` says, and run
 * `npm run bench:cost -- --write`.
 */

export const REGIONS = ["us-east-1", "eu-central-1"] as const;
export type Region = (typeof REGIONS)[number];

export interface Price {
  /** What is paid for. */
  readonly what: string;
  /** How many, or how much of it, the price is for. */
  readonly per: string;
  readonly usd: Readonly<Record<Region, number>>;
  /** When whoever quotes it read it, as far as that is said: year, month and day. */
  readonly read: string;
  /** Where the price stands, and where this one was taken from. */
  readonly source: string;
}

const PRICE_LIST = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws";

/**
 * No AWS page was asked for these: they are as public copies and quotations of AWS's price list have them.
 */
export const PRICES = {
  readUnits: {
    what: "DynamoDB, on demand: read request units",
    per: "million",
    usd: { "us-east-1": 0.125, "eu-central-1": 0.1525 },
    read: "2026-05-13 and 2026-09-11",
    source: `${PRICE_LIST}/AmazonDynamoDB/current/index.json`,
  },
  writeUnits: {
    what: "DynamoDB, on demand: write request units",
    per: "million",
    usd: { "us-east-1": 0.625, "eu-central-1": 0.7625 },
    read: "2026-05-13 and 2026-09-11",
    source: `${PRICE_LIST}/AmazonDynamoDB/current/index.json`,
  },
  storage: {
    what: "DynamoDB: storage",
    per: "GB and month",
    usd: { "us-east-1": 0.25, "eu-central-1": 0.306 },
    read: "2026-05-13 and 2026-09-11",
    source: `${PRICE_LIST}/AmazonDynamoDB/current/index.json`,
  },
  pointInTimeRecovery: {
    what: "DynamoDB: point-in-time recovery (not found for us-east-1: taken in proportion to its storage)",
    per: "GB and month",
    usd: { "us-east-1": 0.2, "eu-central-1": 0.2448 },
    read: "eu-central-1 2026-09-11",
    source: `${PRICE_LIST}/AmazonDynamoDB/current/index.json`,
  },
  lambdaRequests: {
    what: "Lambda: requests",
    per: "million",
    usd: { "us-east-1": 0.2, "eu-central-1": 0.2 },
    read: "2026-09-11",
    source: `${PRICE_LIST}/AWSLambda/current/index.json`,
  },
  lambdaGbSeconds: {
    what: "Lambda, Arm: GB-seconds",
    per: "million",
    usd: { "us-east-1": 13.3334, "eu-central-1": 13.3334 },
    read: "2026-09-11",
    source: `${PRICE_LIST}/AWSLambda/current/index.json`,
  },
  httpApi: {
    what: "API Gateway, HTTP API: requests, the first 300 million of a month",
    per: "million",
    usd: { "us-east-1": 1, "eu-central-1": 1.2 },
    read: "us-east-1 2026-09-11, eu-central-1 undated",
    source: `${PRICE_LIST}/AmazonApiGateway/current/index.json`,
  },
  httpApiBeyond: {
    what: "API Gateway, HTTP API: requests beyond (not found for eu-central-1: the first price is taken)",
    per: "million",
    usd: { "us-east-1": 0.9, "eu-central-1": 1.2 },
    read: "2026-09-11",
    source: `${PRICE_LIST}/AmazonApiGateway/current/index.json`,
  },
  logs: {
    what: "CloudWatch Logs: ingestion",
    per: "GB",
    usd: { "us-east-1": 0.5, "eu-central-1": 0.63 },
    read: "2026-06 and 2026-09-11",
    source: `${PRICE_LIST}/AmazonCloudWatch/current/index.json`,
  },
  metrics: {
    what: "CloudWatch: custom metrics (eu-central-1 taken to be the same)",
    per: "metric and month",
    usd: { "us-east-1": 0.3, "eu-central-1": 0.3 },
    read: "undated",
    source: "https://aws.amazon.com/cloudwatch/pricing/",
  },
} as const satisfies Record<string, Price>;

export const HTTP_API_FIRST_TIER = 300e6;
