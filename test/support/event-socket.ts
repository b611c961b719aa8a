import { once } from "node:events";
import { WebSocket } from "ws";

export type Frame = Readonly<Record<string, unknown>>;

/** A client of an Event API that says what it is told to, for tests of the server. */
export interface EventSocket {
  readonly socket: WebSocket;
  send(frame: Frame): void;
  /** The next frame that nobody has taken yet; waits for it. */
  next(): Promise<Frame>;
  /** Sends a frame and takes the next one. */
  ask(frame: Frame): Promise<Frame>;
  /** The code with which the server closed it. */
  readonly closed: Promise<number>;
  close(): Promise<void>;
}

/** Opens a connection with these credentials as the subprotocol that AppSync Events wants. */
export async function openEventSocket(url: string, credentials: Frame | undefined): Promise<EventSocket> {
  const encoded = Buffer.from(JSON.stringify(credentials ?? {})).toString("base64url");
  const protocols = ["aws-appsync-event-ws", ...(credentials === undefined ? [] : [`header-${encoded}`])];
  const socket = new WebSocket(url, protocols);
  const frames: Frame[] = [];
  const waiting: ((frame: Frame) => void)[] = [];
  socket.on("message", (data: Buffer) => {
    const frame = JSON.parse(data.toString("utf8")) as Frame;
    const taker = waiting.shift();
    if (taker === undefined) frames.push(frame);
    else taker(frame);
  });
  const closed = new Promise<number>((resolve) => socket.once("close", resolve));
  await once(socket, "open");
  const next = (): Promise<Frame> => {
    const frame = frames.shift();
    return frame === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(frame);
  };
  const send = (frame: Frame): void => socket.send(JSON.stringify(frame));
  return {
    socket,
    send,
    next,
    ask(frame) {
      send(frame);
      return next();
    },
    closed,
    async close() {
      socket.close();
      await closed;
    },
  };
}

/** The headers of a request that is signed for AppSync, as far as anybody looks who does not verify it. */
export const signedForAppSync = {
  authorization:
    "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/appsync/aws4_request, " +
    `SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`,
  "x-amz-date": "20260101T000000Z",
  "content-type": "application/json",
} as const;
