import type { AuthMode, Authorize } from "./authorization.ts";
import type { Channel } from "./channel.ts";

export interface ChannelNamespace {
  readonly name: string;
  /** `AWS_LAMBDA` unless given. */
  readonly subscribeModes?: readonly AuthMode[];
  /** `AWS_IAM` unless given. */
  readonly publishModes?: readonly AuthMode[];
  /** Its handler of subscriptions, which runs after the authorizer. */
  readonly onSubscribe?: OnSubscribe;
}

/** @throws HandlerRefusal where it refuses; anything else that is thrown is a fault of the handler. */
export type OnSubscribe = (call: SubscribeCall) => void;

export interface SubscribeCall {
  readonly channel: Channel;
  /** What AppSync tells a handler of the caller; of a Lambda authorizer's, `handlerContext`. */
  readonly identity: unknown;
  readonly requestHeaders: Readonly<Record<string, string>>;
}

/** What a handler says with `util.unauthorized()` or `util.error()`. */
export class HandlerRefusal extends Error {
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

export interface PushServerOptions {
  readonly namespaces: readonly ChannelNamespace[];
  /** The Lambda authorizer. */
  readonly authorize: Authorize;
  /** `AWS_LAMBDA` unless given. */
  readonly connectModes?: readonly AuthMode[];
  /** How often `ka` is sent; 60,000 unless given, which AppSync keeps to. */
  readonly keepAliveMs?: number;
  /** What `connection_ack` says: silence for so long means a lost connection. 300,000 on AWS. */
  readonly connectionTimeoutMs?: number;
  /** Told of faults of the authorizer and of handlers; the client is refused then. */
  readonly onFault?: (error: unknown) => void;
}
