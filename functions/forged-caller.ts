import { StoreUnavailableError } from "../src/dynamodb/errors.ts";
import { presentedToken } from "../src/http/caller.ts";
import type { HttpHeaders } from "../src/http/request.ts";
import type { SessionStore } from "../src/sessions/store.ts";

/**
 * The user id of whose browser a page of another origin made a call, for the audit line of its refusal.
 * Nothing where no live session came with the call; nor where the database cannot be asked, for the call is
 * refused in any case.
 */
export async function forgedCaller(
  request: HttpHeaders,
  store: Pick<SessionStore, "validate">,
): Promise<string | undefined> {
  const presented = presentedToken(request);
  if (presented.outcome !== "token") return undefined;
  try {
    const validation = await store.validate(presented.token, { touch: false });
    return validation.outcome === "live" ? validation.session.user.id : undefined;
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}
