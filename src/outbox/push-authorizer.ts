import { isChannel } from "../sessions/channel.ts";
import { channelPath } from "./names.ts";

/** What AppSync Events asks the authorizer of an Event API. */
export interface PushRequest {
  /** The `Authorization` that the client sent: its session's channel. */
  readonly authorizationToken?: unknown;
  readonly requestContext?: { readonly operation?: unknown; readonly channel?: unknown };
}

/** What AppSync Events wants to hear. */
export interface PushAnswer {
  readonly isAuthorized: boolean;
  /** Seconds for which AppSync may remember the answer. */
  readonly ttlOverride: 0;
}

/**
 * Who may listen where. The channel's name is the secret, and the token: who knows it may connect, and
 * subscribe to exactly that channel, so that no wildcard is ever admitted, in any namespace. Nobody may
 * publish. Nothing is read: a channel that no session has stays silent.
 */
export function authorizePush({ authorizationToken: token, requestContext }: PushRequest): PushAnswer {
  const { operation, channel } = requestContext ?? {};
  return { isAuthorized: mayDo(token, operation, channel), ttlOverride: 0 };
}

function mayDo(token: unknown, operation: unknown, channel: unknown): boolean {
  if (typeof token !== "string" || !isChannel(token)) return false;
  switch (operation) {
    case "EVENT_CONNECT":
      return true;
    case "EVENT_SUBSCRIBE":
      return channel === channelPath(token);
    default:
      return false;
  }
}
