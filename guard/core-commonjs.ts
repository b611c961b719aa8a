/** The core as CommonJS: with what takes access tokens, for a file of CommonJS cannot be split. */
export * from "./core.ts";
export { accessTokens } from "./access-tokens.ts";
