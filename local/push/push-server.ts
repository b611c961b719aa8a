import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { headerValues, type GatewayRequest } from "../gateway/gateway-request.ts";
import type { GatewayResponse } from "../gateway/proxy-response.ts";
import { decide } from "./authorization.ts";
import { reaches, type Channel } from "./channel.ts";
import { createConnection, EVENT_PROTOCOL, type Connection } from "./connection.ts";
import { published, readPublication } from "./publish.ts";
import type { ChannelNamespace, PushServerOptions } from "./push-options.ts";

/** Where clients connect, and where is published. */
export const REALTIME_PATH = "/event/realtime";
export const PUBLISH_PATH = "/event";

/** An Event API of AppSync, as far as clients and publishers see it. */
export interface PushServer {
  /** Takes the upgrade of `/event/realtime`; any other is refused. */
  upgrade(message: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers `POST /event`. */
  answer(request: GatewayRequest): Promise<GatewayResponse>;
  /** Sends events to the subscriptions of a channel, as a publication does. */
  broadcast(channel: Channel, events: readonly string[]): void;
  /** The clients that are connected now. */
  readonly connections: ReadonlySet<Connection>;
  /** Ends all connections. */
  close(): void;
}

/** More than a publication may have. */
const LONGEST_MESSAGE_BYTES = 2 * 1024 * 1024;

/**
 * Speaks the protocol of AWS AppSync Events ("Understanding the Event API WebSocket protocol", "Publish
 * events via HTTP"). Signatures have to be there and are not verified; quotas on rates are not emulated.
 */
export function createPushServer(options: PushServerOptions): PushServer {
  const connections = new Set<Connection>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LONGEST_MESSAGE_BYTES,
    handleProtocols: (offered) => (offered.has(EVENT_PROTOCOL) ? EVENT_PROTOCOL : false),
  });
  const namespaceOf = (channel: Channel): ChannelNamespace | undefined =>
    options.namespaces.find(({ name }) => name === channel.namespace);

  function broadcast(channel: Channel, events: readonly string[]): void {
    for (const connection of connections) {
      for (const [id, subscribed] of connection.subscriptions) {
        if (reaches(channel, subscribed))
          events.forEach((event) => connection.send({ id, type: "data", event }));
      }
    }
  }

  return {
    connections,
    broadcast,
    upgrade(message, socket, head) {
      const [path] = (message.url ?? "").split("?");
      const offered = (message.headers["sec-websocket-protocol"] ?? "").split(",").map((name) => name.trim());
      if (path !== REALTIME_PATH || !offered.includes(EVENT_PROTOCOL)) {
        refuseUpgrade(socket, path === REALTIME_PATH ? "400 Bad Request" : "404 Not Found");
        return;
      }
      sockets.handleUpgrade(message, socket, head, (webSocket) => {
        const connection = createConnection(webSocket, message, { options, namespaceOf, broadcast });
        connections.add(connection);
        webSocket.once("close", () => connections.delete(connection));
      });
    },
    async answer(request) {
      const reading = readPublication(bodyOf(request));
      if (reading.outcome === "malformed") return failure(400, "BadRequestException", reading.message);
      const { channel, events } = reading;
      const namespace = namespaceOf(channel);
      if (namespace === undefined) {
        return failure(400, "BadRequestException", `no namespace ${channel.namespace}`);
      }
      const requestHeaders = Object.fromEntries(request.headers);
      const question = { operation: "EVENT_PUBLISH", channel, requestHeaders } as const;
      const credentials = {
        authorization: headerValues(request, "authorization")[0],
        "x-amz-date": headerValues(request, "x-amz-date")[0],
      };
      const modes = namespace.publishModes ?? ["AWS_IAM"];
      const decision = await decide(modes, credentials, question, options.authorize);
      if (decision.outcome === "refused") return failure(401, "UnauthorizedException", decision.message);
      broadcast(channel, events);
      return json(200, published(events));
    },
    close() {
      for (const { terminate } of connections) terminate();
      sockets.close();
    },
  };
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function bodyOf({ body }: GatewayRequest): unknown {
  try {
    return JSON.parse(body.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}

const failure = (status: number, errorType: string, message: string): GatewayResponse =>
  json(status, { errors: [{ errorType, message }] });

const json = (status: number, body: unknown): GatewayResponse => ({
  status,
  headers: [["content-type", "application/json"]],
  body: Buffer.from(JSON.stringify(body)),
});
