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

/** Where AWS's price list of a service is. */
const listOf = (service: string): string =>
  `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${service}/current/index.json`;

const price = (
  what: string,
  per: string,
  [us, eu]: readonly [us: number, eu: number],
  read: string,
  source: string,
): Price => ({ what, per, usd: { "us-east-1": us, "eu-central-1": eu }, read, source });

const DYNAMODB = listOf("AmazonDynamoDB");
const LAMBDA = listOf("AWSLambda");
const GATEWAY = listOf("AmazonApiGateway");
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const APPSYNC = "https://aws.amazon.com/appsync/pricing/";
const BOTH_DAYS = "2026-05-13 and 2026-09-11";

/**
 * No AWS page was asked for these: they are as public copies and quotations of AWS's price list have them.
 */
export const PRICES = {
  readUnits: price(
    "DynamoDB, on demand: read request units",
    "million",
    [0.125, 0.1525],
    BOTH_DAYS,
    DYNAMODB,
  ),
  writeUnits: price(
    "DynamoDB, on demand: write request units",
    "million",
    [0.625, 0.7625],
    BOTH_DAYS,
    DYNAMODB,
  ),
  storage: price("DynamoDB: storage", "GB and month", [0.25, 0.306], BOTH_DAYS, DYNAMODB),
  pointInTimeRecovery: price(
    "DynamoDB: point-in-time recovery (not found for us-east-1: taken in proportion to its storage)",
    "GB and month",
    [0.2, 0.2448],
    "eu-central-1 2026-09-11",
    DYNAMODB,
  ),
  lambdaRequests: price("Lambda: requests", "million", [0.2, 0.2], "2026-09-11", LAMBDA),
  lambdaGbSeconds: price("Lambda, Arm: GB-seconds", "million", [13.3334, 13.3334], "2026-09-11", LAMBDA),
  httpApi: price(
    "API Gateway, HTTP API: requests, the first 300 million of a month",
    "million",
    [1, 1.2],
    "us-east-1 2026-09-11, eu-central-1 undated",
    GATEWAY,
  ),
  httpApiBeyond: price(
    "API Gateway, HTTP API: requests beyond (not found for eu-central-1: the first price is taken)",
    "million",
    [0.9, 1.2],
    "2026-09-11",
    GATEWAY,
  ),
  busEvents: price(
    "EventBridge: custom events of up to 64 KB (eu-central-1 taken to be the same)",
    "million",
    [1, 1],
    "2026-03 and 2026-06",
    "https://aws.amazon.com/eventbridge/pricing/",
  ),
  pushOperations: price(
    "AppSync Events: operations (eu-central-1 taken to be the same)",
    "million",
    [1, 1],
    "undated",
    APPSYNC,
  ),
  connectionMinutes: price(
    "AppSync Events: minutes of connections (eu-central-1 taken to be the same)",
    "million",
    [0.08, 0.08],
    "undated",
    APPSYNC,
  ),
  logs: price(
    "CloudWatch Logs: ingestion",
    "GB",
    [0.5, 0.63],
    "2026-06 and 2026-09-11",
    listOf("AmazonCloudWatch"),
  ),
  metrics: price(
    "CloudWatch: custom metrics (eu-central-1 taken to be the same)",
    "metric and month",
    [0.3, 0.3],
    "undated",
    CLOUDWATCH,
  ),
  alarmMetrics: price(
    "CloudWatch: metrics that alarms look at (eu-central-1 taken to be the same)",
    "metric and month",
    [0.1, 0.1],
    "undated",
    CLOUDWATCH,
  ),
  compositeAlarms: price(
    "CloudWatch: composite alarms (eu-central-1 taken to be the same)",
    "alarm and month",
    [0.5, 0.5],
    "undated",
    CLOUDWATCH,
  ),
  dashboards: price(
    "CloudWatch: dashboards beyond three of an account (eu-central-1 taken to be the same)",
    "dashboard and month",
    [3, 3],
    "undated",
    CLOUDWATCH,
  ),
} as const satisfies Record<string, Price>;

export const HTTP_API_FIRST_TIER = 300e6;
