import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import { decide, textOf, type AuthorizerQuestion, type Credentials, type Decision } from "./authorization.ts";
import { readChannel, type Channel } from "./channel.ts";
import { readPublication, published } from "./publish.ts";
import { HandlerRefusal, type ChannelNamespace, type PushServerOptions } from "./push-options.ts";

/** The subprotocol that AppSync Events speaks. The other one that a client offers carries its credentials. */
export const EVENT_PROTOCOL = "aws-appsync-event-ws";
const CREDENTIALS_PROTOCOL = "header-";

/** One client. */
export interface Connection {
  /** By the id that the client gave. */
  readonly subscriptions: ReadonlyMap<string, Channel>;
  send(message: Readonly<Record<string, unknown>>): void;
  /** Ends it without a farewell, as a network does. */
  readonly terminate: () => void;
}

export interface ConnectionContext {
  readonly options: PushServerOptions;
  readonly namespaceOf: (channel: Channel) => ChannelNamespace | undefined;
  readonly broadcast: (channel: Channel, events: readonly string[]) => void;
}

type Message = Readonly<Record<string, unknown>>;

/** RFC 6455, 7.4.1: the endpoint has received a message that violates its policy. */
const POLICY_VIOLATION = 1008;

/** Speaks with one client. Its messages are taken in the order they came, one after the other. */
export function createConnection(
  socket: WebSocket,
  upgrade: IncomingMessage,
  context: ConnectionContext,
): Connection {
  const { options } = context;
  const subscriptions = new Map<string, Channel>();
  const send = (message: Message): void => socket.send(JSON.stringify(message));
  const client: Client = { ...context, subscriptions, upgrade, requestHeaders: headersOf(upgrade) };
  // Asked at once, and told with the answer to the first message.
  const connecting = ask(client, credentialsOffered(upgrade), "EVENT_CONNECT");

  async function take(text: string): Promise<void> {
    const decision = await connecting;
    if (decision.outcome === "authorized") {
      send(await replyTo(asMessage(text) ?? {}, client));
      return;
    }
    send(failure({}, "connection_error", "UnauthorizedException", decision.message));
    socket.close(POLICY_VIOLATION);
  }

  let taken = Promise.resolve();
  socket.on("message", (data: Buffer) => {
    taken = taken.then(() => take(data.toString("utf8"))).catch((error: unknown) => options.onFault?.(error));
  });
  const keepAlive = setInterval(() => send({ type: "ka" }), options.keepAliveMs ?? 60_000);
  socket.once("close", () => clearInterval(keepAlive));
  // A frame that cannot be, or a lost connection: `close` follows.
  socket.on("error", () => undefined);
  return { subscriptions, send, terminate: () => socket.terminate() };
}

interface Client extends ConnectionContext {
  readonly subscriptions: Map<string, Channel>;
  readonly upgrade: IncomingMessage;
  readonly requestHeaders: Readonly<Record<string, string>>;
}

async function replyTo(message: Message, client: Client): Promise<Message> {
  const { type, id } = message;
  switch (type) {
    case "connection_init": {
      const { connectionTimeoutMs = 300_000 } = client.options;
      return { type: "connection_ack", connectionTimeoutMs };
    }
    case "subscribe":
      return subscribe(message, client);
    case "unsubscribe":
      return client.subscriptions.delete(String(id))
        ? { id, type: "unsubscribe_success" }
        : failure(message, "unsubscribe_error", "UnknownOperationError", "no subscription has this id");
    case "publish":
      return publish(message, client);
    default:
      return failure(
        message,
        "error",
        "UnsupportedOperation",
        `the type ${JSON.stringify(type)} is not known`,
      );
  }
}

async function subscribe(message: Message, client: Client): Promise<Message> {
  const { id } = message;
  const refuse = (errorType: string, text: string) => failure(message, "subscribe_error", errorType, text);
  if (typeof id !== "string" || id === "") return refuse("BadRequestException", "id is missing");
  if (client.subscriptions.has(id)) return refuse("BadRequestException", "id is in use");
  const channel = readChannel(message["channel"]);
  if (channel === undefined) return refuse("BadRequestException", "channel is not the path of a channel");
  const namespace = client.namespaceOf(channel);
  if (namespace === undefined) return refuse("BadRequestException", `no namespace ${channel.namespace}`);
  const decision = await ask(client, asCredentials(message["authorization"]), "EVENT_SUBSCRIBE", channel);
  if (decision.outcome === "refused") return refuse("UnauthorizedException", decision.message);
  try {
    const { requestHeaders } = client;
    namespace.onSubscribe?.({ channel, identity: decision.identity, requestHeaders });
  } catch (error) {
    if (error instanceof HandlerRefusal) return refuse(error.errorType, error.message);
    client.options.onFault?.(error);
    return refuse("InternalFailureException", "the handler onSubscribe failed");
  }
  client.subscriptions.set(id, channel);
  return { id, type: "subscribe_success" };
}

async function publish(message: Message, client: Client): Promise<Message> {
  const refuse = (errorType: string, text: string) => failure(message, "publish_error", errorType, text);
  const reading = readPublication(message);
  if (reading.outcome === "malformed") return refuse("BadRequestException", reading.message);
  const { channel, events } = reading;
  if (client.namespaceOf(channel) === undefined) {
    return refuse("BadRequestException", `no namespace ${channel.namespace}`);
  }
  const decision = await ask(client, asCredentials(message["authorization"]), "EVENT_PUBLISH", channel);
  if (decision.outcome === "refused") return refuse("UnauthorizedException", decision.message);
  client.broadcast(channel, events);
  return { id: message["id"], type: "publish_success", ...published(events) };
}

const failure = ({ id }: Message, type: string, errorType: string, message: string): Message => ({
  ...(id !== undefined && { id }),
  type,
  errors: [{ errorType, message }],
});

async function ask(
  { options, namespaceOf, upgrade, requestHeaders }: Client,
  credentials: Credentials | undefined,
  operation: Asked,
  channel?: Channel,
): Promise<Decision> {
  const problem = hostProblem(credentials, upgrade);
  if (credentials === undefined || problem !== undefined) {
    return { outcome: "refused", message: problem ?? "Missing authorization" };
  }
  const modes = modesOf(options, operation, channel && namespaceOf(channel));
  try {
    return await decide(modes, credentials, { operation, channel, requestHeaders }, options.authorize);
  } catch (error) {
    options.onFault?.(error);
    return { outcome: "refused", message: "The authorizer failed" };
  }
}

type Asked = AuthorizerQuestion["operation"];

function modesOf(
  { connectModes }: PushServerOptions,
  operation: Asked,
  namespace: ChannelNamespace | undefined,
) {
  switch (operation) {
    case "EVENT_CONNECT":
      return connectModes ?? ["AWS_LAMBDA"];
    case "EVENT_SUBSCRIBE":
      return namespace?.subscribeModes ?? ["AWS_LAMBDA"];
    case "EVENT_PUBLISH":
      return namespace?.publishModes ?? ["AWS_IAM"];
  }
}

function asMessage(text: string): Message | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null ? (value as Message) : undefined;
  } catch {
    return undefined;
  }
}

const asCredentials = (value: unknown): Credentials | undefined =>
  typeof value === "object" && value !== null ? (value as Credentials) : undefined;

function credentialsOffered({ headers }: IncomingMessage): Credentials | undefined {
  const offered = (headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
  const encoded = offered.find((name) => name.startsWith(CREDENTIALS_PROTOCOL));
  return asMessage(Buffer.from(encoded?.slice(CREDENTIALS_PROTOCOL.length) ?? "", "base64url").toString());
}

/** `host` is the HTTP domain of the API: on AWS not that of the WebSocket, here the same. */
function hostProblem(credentials: Credentials | undefined, upgrade: IncomingMessage): string | undefined {
  const host = credentials && textOf(credentials, "host");
  if (host === undefined) return "host is missing beside Authorization";
  return host === upgrade.headers.host ? undefined : `host is ${host}, not that of this API`;
}

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
