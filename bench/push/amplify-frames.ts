/**
 * `node bench/push/amplify-frames.ts FILE`: has AWS's own client library (aws-amplify) connect to the push
 * endpoint of the local stack, subscribe, receive and be refused, and writes what both sides said. The tests
 * replay the file (`test/local/amplify-frames.test.ts`), since the library is too large to be installed for
 * them. To be run again with another version of it; first `npm ci --prefix bench`.
 */
import { writeFileSync } from "node:fs";
import { format } from "prettier";
import { readChannel } from "../../local/push/channel.ts";
import { startPushServer, type RunningPushServer } from "../../local/push/start-push-server.ts";

const CHANNEL = "abcdefghijklmnopqrstuvwxyz234567";
/** What the port of the run becomes in the file. */
const HOST = "localhost:3000";

type Entry =
  | { readonly from: "client"; readonly protocols: readonly string[]; readonly url: string }
  | { readonly from: "client" | "server"; readonly frame: unknown };

interface Amplify {
  configure(configuration: object): void;
}

interface AmplifyEvents {
  connect(channel: string, options: object): Promise<AmplifyChannel>;
  closeAll(): Promise<void>;
}

interface AmplifyChannel {
  subscribe(
    observer: { readonly next: () => void; readonly error: (error: unknown) => void },
    options: object,
  ): { readonly ready: Promise<unknown> };
  close(): Promise<void>;
}

const entries: Entry[] = [];
const NativeWebSocket = globalThis.WebSocket;

/** The browser's WebSocket, which the library uses, with a witness. */
class RecordedWebSocket extends NativeWebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    entries.push({ from: "client", url, protocols: protocols.map(decoded) });
    this.addEventListener("message", ({ data }) => {
      entries.push({ from: "server", frame: JSON.parse(String(data)) as unknown });
    });
  }
  override send(text: string): void {
    entries.push({ from: "client", frame: JSON.parse(text) as unknown });
    super.send(text);
  }
}

/** The credentials are in base64url: in the file they can be read. */
function decoded(protocol: string): string {
  const prefix = "header-";
  if (!protocol.startsWith(prefix)) return protocol;
  return prefix + Buffer.from(protocol.slice(prefix.length), "base64url").toString();
}

async function run(server: RunningPushServer): Promise<void> {
  globalThis.WebSocket = RecordedWebSocket as unknown as typeof WebSocket;
  const { Amplify } = (await import("aws-amplify")) as { readonly Amplify: Amplify };
  const { events } = (await import("aws-amplify/data")) as { readonly events: AmplifyEvents };
  Amplify.configure({
    API: {
      Events: { endpoint: `ws://${server.host}/event`, region: "eu-central-1", defaultAuthMode: "lambda" },
    },
  });
  const options = { authToken: CHANNEL };
  const mine = await events.connect(`/sessions/${CHANNEL}`, options);
  await new Promise<void>((resolve, reject) => {
    const subscription = mine.subscribe({ next: () => resolve(), error: reject }, options);
    const channel = readChannel(`/sessions/${CHANNEL}`);
    if (channel === undefined) throw new Error("the channel is none");
    subscription.ready.then(() => server.broadcast(channel, ["{}"]), reject);
  });
  for (const foreign of ["/sessions/*", `/sessions/${CHANNEL.replace("a", "b")}`]) {
    const other = await events.connect(foreign, options);
    await new Promise<void>((resolve, reject) => {
      other.subscribe(
        { next: () => reject(new Error(`${foreign} was let in`)), error: () => resolve() },
        options,
      );
    });
  }
  await mine.close();
  // It sends its farewell in the background.
  await new Promise((resolve) => setTimeout(resolve, 500));
  await events.closeAll();
}

/** Ids and the port are of this run. */
function asWritten(server: RunningPushServer): unknown {
  const ids: string[] = [];
  const text = JSON.stringify(entries)
    .replaceAll(server.host, HOST)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `subscription-${ids.indexOf(id) + 1}`;
    });
  return JSON.parse(text) as unknown;
}

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error("Name the file to write.");
const server = await startPushServer({
  namespaces: [{ name: "sessions" }],
  authorize: ({ operation, token, channel }) =>
    Promise.resolve(
      operation === "EVENT_CONNECT" || channel?.path === `/sessions/${token}`
        ? { outcome: "authorized", handlerContext: undefined }
        : { outcome: "refused" },
    ),
});
try {
  await run(server);
  writeFileSync(file, await format(JSON.stringify(asWritten(server)), { parser: "json", printWidth: 110 }));
} finally {
  await server.stop();
}
process.exit(0);
