/** The files of the protocol that known bugs are put into. */
export const ATTEMPT = "src/sessions/attempt.ts";
export const COMMIT = "src/sessions/commit.ts";
export const END_OWN = "src/sessions/end-own.ts";
export const START_SESSION = "src/sessions/start-session.ts";
export const REVOKE = "src/sessions/revoke.ts";
export const TRANSACT = "src/dynamodb/transact.ts";
export const VALIDATE = "src/sessions/validate.ts";
