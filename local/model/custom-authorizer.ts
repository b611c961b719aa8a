import { LocalStackError } from "../errors.ts";
import type { ResolvedResource } from "./resource.ts";

/** What a route of an HTTP API and a method of a REST API say alike of who may call. */
interface Authorized {
  readonly AuthorizationType: string;
  readonly AuthorizerId?: string | undefined;
}

/**
 * The authorizer before a place of an API (`The route GET /reports`); `undefined` where everybody may call.
 * @throws LocalStackError where it is of another kind than a Lambda authorizer.
 */
export function customAuthorizer(
  place: string,
  { AuthorizationType: type, AuthorizerId: id }: Authorized,
  authorizers: readonly ResolvedResource[],
): ResolvedResource | undefined {
  if (type === "NONE") return undefined;
  const resource = authorizers.find(({ logicalId }) => logicalId === id);
  if (type === "CUSTOM" && resource !== undefined) return resource;
  throw new LocalStackError(
    `${place} has the authorization type ${type}; only NONE and CUSTOM (Lambda) run here.`,
  );
}
