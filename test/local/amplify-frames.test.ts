import { events } from "@aws-amplify/api-graphql";
import { Amplify } from "@aws-amplify/core";
import { format } from "prettier";
import { expect, onTestFinished, test, vi } from "vitest";
import { readChannel } from "../../local/push/channel.ts";
import { startPushServer } from "../../local/push/start-push-server.ts";

const CHANNEL = "abcdefghijklmnopqrstuvwxyz234567";
/** What the port of the run becomes in the file. */
const HOST = "localhost:3000";

type Entry =
  | { readonly from: "client"; readonly protocols: readonly string[]; readonly url: string }
  | { readonly from: "client" | "server"; readonly frame: unknown };

/**
 * The packages of aws-amplify that speak AppSync Events. The whole library has 113 MB. What both sides say is
 * in `amplify-frames.json`, to be compared once with what AWS says; `npx vitest run -u` writes it again.
 */
test("AWS's own client library hears its own channel, no other and no wildcard", async () => {
  const server = await startPushServer({
    namespaces: [{ name: "sessions" }],
    authorize: ({ operation, token, channel }) =>
      Promise.resolve(
        operation === "EVENT_CONNECT" || channel?.path === `/sessions/${token}`
          ? { outcome: "authorized", handlerContext: undefined }
          : { outcome: "refused" },
      ),
  });
  onTestFinished(() => server.stop());
  const entries = witnessed();
  const endpoint = `ws://${server.host}/event`;
  Amplify.configure({
    API: { Events: { endpoint, region: "eu-central-1", defaultAuthMode: "lambda" } },
  });
  const options = { authToken: CHANNEL };

  const mine = await events.connect(`/sessions/${CHANNEL}`, options);
  const heard = Promise.withResolvers<unknown>();
  const subscription = mine.subscribe({ next: heard.resolve, error: heard.reject }, options);
  await (subscription as unknown as { readonly ready: Promise<unknown> }).ready;
  server.broadcast(readChannel(`/sessions/${CHANNEL}`)!, ["{}"]);
  expect(await heard.promise).toMatchObject({ event: {} });

  for (const foreign of ["/sessions/*", `/sessions/${CHANNEL.replace("a", "b")}`]) {
    const other = await events.connect(foreign, options);
    const refused = Promise.withResolvers<unknown>();
    const letIn = (): void => refused.reject(new Error(`${foreign} was let in`));
    other.subscribe({ next: letIn, error: refused.resolve }, options);
    await refused.promise;
  }
  mine.close();
  // It says so in the background.
  await vi.waitFor(() => expect(JSON.stringify(entries)).toContain('"unsubscribe"'));
  await events.closeAll();

  await expect(await asWritten(entries, server.host)).toMatchFileSnapshot("./amplify-frames.json");
});

/** What is said from now on by the platform's WebSocket, which the library uses. */
function witnessed(): readonly Entry[] {
  const entries: Entry[] = [];
  class WitnessedWebSocket extends WebSocket {
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
  vi.stubGlobal("WebSocket", WitnessedWebSocket);
  onTestFinished(() => void vi.unstubAllGlobals());
  return entries;
}

/** The credentials are in base64url: in the file they can be read. */
function decoded(protocol: string): string {
  const prefix = "header-";
  if (!protocol.startsWith(prefix)) return protocol;
  return prefix + Buffer.from(protocol.slice(prefix.length), "base64url").toString();
}

/** Ids and the port are of this run. */
function asWritten(entries: readonly Entry[], host: string): Promise<string> {
  const ids: string[] = [];
  const text = JSON.stringify(entries)
    .replaceAll(host, HOST)
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => {
      if (!ids.includes(id)) ids.push(id);
      return `subscription-${ids.indexOf(id) + 1}`;
    });
  return format(text, { parser: "json", printWidth: 110 });
}
