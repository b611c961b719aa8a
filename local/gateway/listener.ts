import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";
import type { Duplex } from "node:stream";
import { LocalStackError } from "../errors.ts";
import { readRequest, type GatewayRequest } from "./gateway-request.ts";
import { gatewayMessage, INTERNAL_SERVER_ERROR, type GatewayResponse } from "./proxy-response.ts";

type Answer = (request: GatewayRequest) => Promise<GatewayResponse>;
type Upgrade = (message: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface Listener {
  readonly port: number;
  /** `http://localhost:3000` */
  readonly url: string;
  /** From now on requests are answered by `answer`; before, by 503. */
  serve(answer: Answer): void;
  /**
   * From now on requests to change to another protocol are this one's; without one, they are requests like
   * any other. What it opens is its own to close. A later one takes the place of the earlier.
   */
  serveUpgrades(upgrade: Upgrade | undefined): void;
  close(): Promise<void>;
}

/** `localhost` is either of the two, and clients differ in which they try first. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

/**
 * Longer than there is nothing to ask for: with Node's 5 s, a busy machine closes a connection just as the
 * next request comes by it.
 */
export const KEEP_ALIVE_MS = 60_000;

/**
 * Listens on the loopback interface only.
 * @param port 0 for any that is free.
 * @throws LocalStackError where the port is in use.
 */
export async function listen(port: number): Promise<Listener> {
  let answer: Answer = () => Promise.resolve(gatewayMessage(503, "Service Unavailable"));
  const { port: actual, servers } = await listenOnLoopback(port, (own) =>
    createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (message, response) => {
      void respond(message, response, own(), (request) => answer(request));
    }),
  );
  return {
    port: actual,
    url: `http://localhost:${actual}`,
    serve: (next) => {
      answer = next;
    },
    serveUpgrades: (upgrade) => {
      for (const server of servers) {
        server.removeAllListeners("upgrade");
        if (upgrade !== undefined) server.on("upgrade", upgrade);
      }
    },
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

/**
 * A server of each family of addresses that the machine has, at one port.
 * @param newServer is told how to ask for the port, once it is known.
 * @throws LocalStackError where the port is in use.
 */
export async function listenOnLoopback<Kind extends NetServer>(
  port: number,
  newServer: (port: () => number) => Kind,
): Promise<{ readonly port: number; readonly servers: readonly Kind[] }> {
  const servers: Kind[] = [];
  let actual = port;
  for (const address of LOOPBACK) {
    const server = newServer(() => actual);
    const result = await bind(server, actual, address);
    if (result === "in-use") {
      await closeAll(servers);
      throw new LocalStackError(`Port ${actual} is in use. Choose another one with --port.`);
    }
    if (result === "no-such-address") continue;
    actual = result;
    servers.push(server);
  }
  return { port: actual, servers };
}

/** Ends servers that have no connections any more. */
export async function closeAll(servers: readonly NetServer[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}

/** As {@link listen}, at this port or the first of the next ones that is free; else at any. */
export const listenNear = (port: number): Promise<Listener> => nearestFree(port, listen);

/** What `listenAt` gives at this port or the first of the next ones that is free; else at any. */
export async function nearestFree<Listening>(
  port: number,
  listenAt: (port: number) => Promise<Listening>,
): Promise<Listening> {
  for (let next = port; next < port + NEAR && next <= 65_535; next += 1) {
    try {
      return await listenAt(next);
    } catch (error) {
      if (!(error instanceof LocalStackError)) throw error;
    }
  }
  return listenAt(0);
}

const NEAR = 20;

function bind(
  server: NetServer,
  port: number,
  address: string,
): Promise<number | "in-use" | "no-such-address"> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve("in-use");
      // A machine without IPv6.
      else if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") resolve("no-such-address");
      else if (error.code === "EACCES") {
        reject(new LocalStackError(`Port ${port} needs more rights. Choose one above 1023 with --port.`));
      } else reject(error);
    });
    server.listen(port, address, () => resolve((server.address() as AddressInfo).port));
  });
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function respond(
  message: IncomingMessage,
  response: ServerResponse,
  port: number,
  answer: Answer,
): Promise<void> {
  try {
    const reading = await readRequest(message, port);
    switch (reading.outcome) {
      case "too-large":
        write(response, gatewayMessage(413, "Request Entity Too Large"));
        return;
      case "malformed":
        write(response, gatewayMessage(400, "Bad Request"));
        return;
      case "request": {
        const result = await answer(reading.request);
        const { requestId } = reading.request;
        write(response, { ...result, headers: [...result.headers, ["apigw-requestid", requestId]] });
      }
    }
  } catch {
    // The client left in the middle, or a function's header cannot be sent: there is nobody, or nothing, to
    // say it to.
    if (!response.headersSent && !response.destroyed) write(response, INTERNAL_SERVER_ERROR);
  }
}

/** Headers that say how a body travels are Node's to write: a function cannot know. */
const NOT_FROM_FUNCTIONS = ["connection", "content-length", "transfer-encoding"];

function write(response: ServerResponse, { status, headers, body }: GatewayResponse): void {
  const all = new Map<string, string[]>();
  for (const [name, value] of headers) {
    if (!NOT_FROM_FUNCTIONS.includes(name)) all.set(name, [...(all.get(name) ?? []), value]);
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  for (const [name, values] of all)
    response.setHeader(name, values.length === 1 ? (values[0] ?? "") : values);
  response.statusCode = status;
  response.end(body);
}
