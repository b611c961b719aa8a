/**
 * How long the verification of a provider's access token takes with cached keys: what a call with one takes
 * longer than a call with a session token, before anything is read. RS256, as Cognito signs.
 */
import { createAccessTokens } from "../src/identity/access-token.ts";
import { cognitoSource, createSigner } from "../test/support/access-tokens.ts";
import { benchOptions, conclude, option, wholeNumber } from "./support/options.ts";
import { expect, timesOf } from "./support/rounds.ts";
import { quantile } from "./support/statistics.ts";

const WARM_UP = 500;

const options = benchOptions("bench:access-token", "Measures the verification of an access token.", {
  tries: option("<n>", "verifications", wholeNumber(100, 1_000_000), 5000),
});
const { newJwksCache, ...signer } = await createSigner();
const tokens = createAccessTokens({ sources: [cognitoSource()], clock: Date.now, newJwksCache });
const token = await signer.cognito();

const verify = async (): Promise<void> => expect((await tokens.verify(token)).outcome, "verified");
await timesOf(verify, WARM_UP);
const times = await timesOf(verify, options.tries);
const lines = [0.5, 0.95, 0.99].map(
  (share) => `p${share * 100}: ${(quantile(times, share) / 1000).toFixed(3)} ms`,
);
await conclude(options, lines.join("\n"), { times });
