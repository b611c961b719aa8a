import { StoreUnavailableError } from "../dynamodb/errors.ts";

/** Seconds after which aws-jwt-verify asks for keys again. */
const RETRY_AFTER_SECONDS = 10;

/**
 * The keys of an identity provider could not be had. As for a database that could not be asked, nothing is
 * known and nothing was changed: 503, never 401 and never a yes.
 */
export class ProviderUnavailableError extends StoreUnavailableError {
  constructor(cause: unknown) {
    const options = { effect: "none", retryAfterSeconds: RETRY_AFTER_SECONDS, cause } as const;
    super("the identity provider could not be asked for its keys", options);
  }
}
