import prices from "./prices.json" with { type: "json" };

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

/**
 * The one table of prices. To bring it up to date, replace the numbers, `read` and what `what` says of their
 * basis in `prices.json`, and run `npm run bench:cost -- --write`. No AWS page was asked for these: they are
 * as public copies and quotations of AWS's price list have them.
 */
export const PRICES: Readonly<Record<keyof typeof prices, Price>> = prices;

/** Requests of a month to an HTTP API, beyond which they cost less. */
export const HTTP_API_FIRST_TIER = 300e6;
