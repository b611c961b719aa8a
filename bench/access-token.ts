/**
 * How long the verification of a provider's access token takes with cached keys: what a call with one takes
 * longer than a call with a session token, before anything is read. RS256, as Cognito signs.
 */
import { createAccessTokens } from "../src/identity/access-token.ts";
import { cognitoSource, createSigner } from "../test/support/access-tokens.ts";
import { benchCommand, wholeNumber } from "./support/options.ts";
import { quantile } from "./support/statistics.ts";

const WARM_UP = 500;

const { tries } = benchCommand("bench:access-token", "Measures the verification of an access token.")
  .option("--tries <n>", "verifications", wholeNumber(100, 1_000_000), 5000)
  .parse()
  .opts<{ readonly tries: number }>();

const { newJwksCache, ...signer } = await createSigner();
const tokens = createAccessTokens({ sources: [cognitoSource()], clock: Date.now, newJwksCache });
const token = await signer.cognito();

const times: number[] = [];
for (let index = 0; index < WARM_UP + tries; index++) {
  const startedAt = performance.now();
  const { outcome } = await tokens.verify(token);
  if (index >= WARM_UP) times.push(performance.now() - startedAt);
  if (outcome !== "verified") throw new Error(`the token is ${outcome}`);
}
for (const share of [0.5, 0.95, 0.99])
  console.log(`p${share * 100}: ${quantile(times, share).toFixed(3)} ms`);
