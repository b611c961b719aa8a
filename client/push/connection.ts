import { CHANNELS } from "../routes.ts";
import type { Live } from "./live.ts";

/**
 * What is told of a connection: a message of the server's by its type, or how it ended: `refused` for good,
 * `silent` where nothing came for longer than may be, `lost`. Nothing is told after the end.
 */
export type ConnectionEvent =
  "connection_ack" | "subscribe_success" | "data" | "ka" | "refused" | "silent" | "lost";

/** `WebSocket.CONNECTING` */
const CONNECTING = 0;
/** Milliseconds, where the server does not say. */
const AWS_TIMEOUT_MS = 300_000;
/** Milliseconds that the server may take for the next step, until the page is subscribed. */
const HANDSHAKE_MS = 15_000;

/**
 * Connects and subscribes as AWS AppSync Events has it ("Understanding the Event API WebSocket protocol").
 * What an event says is not looked at. @returns what closes it; nothing is told afterwards.
 */
export function connect({ url, host, channel }: Live, tell: (event: ConnectionEvent) => void): () => void {
  const authorization = { Authorization: channel, host };
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let patienceMs = HANDSHAKE_MS;
  let timeoutMs = AWS_TIMEOUT_MS;
  let isOver = false;

  function end(how?: ConnectionEvent): void {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    // Browsers call it an error in the console when a page closes what has not opened yet.
    if (how === undefined && socket?.readyState === CONNECTING) socket.onopen = () => socket?.close();
    else socket?.close();
    if (how !== undefined) tell(how);
  }
  function wait(): void {
    clearTimeout(timer);
    timer = setTimeout(end, patienceMs, "silent");
  }
  const send = (message: object): void => socket?.send(JSON.stringify(message));

  function hear(text: string): void {
    const { type, connectionTimeoutMs = AWS_TIMEOUT_MS } = read(text);
    // AWS's words for what another try cannot change; all else may be a fault that passes.
    if (String(type).endsWith("error")) {
      end(/Unauthorized|BadRequest/.test(text) ? "refused" : "lost");
      return;
    }
    if (type === "connection_ack") {
      timeoutMs = connectionTimeoutMs;
      send({ type: "subscribe", id: "1", channel: CHANNELS + channel, authorization });
    }
    if (type === "subscribe_success") patienceMs = timeoutMs;
    if (type === "connection_ack" || patienceMs !== HANDSHAKE_MS) wait();
    tell(type as ConnectionEvent);
  }

  wait();
  try {
    // Base64 of these characters has neither `+` nor `/`, so that without its padding it is base64url.
    const header = btoa(JSON.stringify(authorization)).replace(/=+$/, "");
    socket = new WebSocket(url, ["aws-appsync-event-ws", `header-${header}`]);
    socket.onopen = () => send({ type: "connection_init" });
    socket.onmessage = ({ data }) => {
      if (!isOver) hear(String(data));
    };
    // Chromium tells only of an error where a content policy forbids it.
    socket.onerror = socket.onclose = () => end("lost");
  } catch {
    // A page of https may not connect by ws.
    end("lost");
  }
  return end;
}

interface Message {
  readonly type?: unknown;
  readonly connectionTimeoutMs?: number;
}

function read(text: string): Message {
  try {
    return Object(JSON.parse(text)) as Message;
  } catch {
    return {};
  }
}
