import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { startPushServer } from "../../local/push/start-push-server.ts";
import { openEventSocket, signedForAppSync, type Frame } from "../support/event-socket.ts";

interface Entry {
  readonly from: "client" | "server";
  /** Of the first entry alone. */
  readonly protocols?: readonly string[];
  readonly frame?: Frame;
}

// Written by bench/push/amplify-frames.ts.
const entries = JSON.parse(
  readFileSync(new URL("./amplify-frames.json", import.meta.url), "utf8"),
) as Entry[];

test("what AWS's own client library says is answered as it was when the library was content", async () => {
  const server = await startPushServer({
    namespaces: [{ name: "sessions" }],
    authorize: ({ operation, token, channel }) =>
      Promise.resolve(
        operation === "EVENT_CONNECT" || channel?.path === `/sessions/${token}`
          ? { outcome: "authorized", handlerContext: undefined }
          : { outcome: "refused" },
      ),
  });
  // The host of the file is that of the run that wrote it.
  const [opening, ...frames] = JSON.parse(
    JSON.stringify(entries).replaceAll("localhost:3000", server.host),
  ) as Entry[];
  const [eventProtocol, credentials = ""] = opening?.protocols ?? [];
  const socket = await openEventSocket(
    server.realtimeUrl,
    JSON.parse(credentials.replace(/^header-/, "")) as Frame,
  );
  expect(socket.socket.protocol).toBe(eventProtocol);
  const types: unknown[] = [];
  for (const { from, frame = {} } of frames) {
    types.push(frame["type"]);
    if (from === "client") socket.send(frame);
    else {
      if (frame["type"] === "data") await publish(server.publishUrl, frame["event"], frames);
      expect(await socket.next()).toEqual(frame);
    }
  }
  expect(types.filter((type) => type === "subscribe_error")).toHaveLength(2);
  expect(types).toContain("data");
  await socket.close();
  await server.stop();
});

/** On the channel of the first subscription. */
async function publish(url: string, event: unknown, frames: readonly Entry[]): Promise<void> {
  const channel = frames.find(({ frame }) => frame?.["type"] === "subscribe")?.frame?.["channel"];
  const body = JSON.stringify({ channel, events: [event] });
  const { status } = await fetch(url, { method: "POST", headers: signedForAppSync, body });
  expect(status).toBe(200);
}
