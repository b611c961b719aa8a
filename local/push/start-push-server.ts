import { listen } from "../gateway/listener.ts";
import { gatewayMessage } from "../gateway/proxy-response.ts";
import { createPushServer, PUBLISH_PATH, REALTIME_PATH, type PushServer } from "./push-server.ts";
import type { PushServerOptions } from "./push-options.ts";

/** An Event API that runs by itself: for tests of clients. */
export interface RunningPushServer extends PushServer {
  /** `ws://localhost:3000/event/realtime` */
  readonly realtimeUrl: string;
  /** `http://localhost:3000/event` */
  readonly publishUrl: string;
  /** What clients name as `host` beside `Authorization`. */
  readonly host: string;
  /** Ends all connections, and what listens. */
  stop(): Promise<void>;
}

/** Starts one on the loopback interface; on any free port unless `port` is given. */
export async function startPushServer(options: PushServerOptions, port = 0): Promise<RunningPushServer> {
  const listener = await listen(port);
  const server = createPushServer(options);
  listener.serveUpgrades((message, socket, head) => server.upgrade(message, socket, head));
  listener.serve((request) =>
    request.method === "POST" && request.encodedPath === PUBLISH_PATH
      ? server.answer(request)
      : Promise.resolve(gatewayMessage(404, "Not Found")),
  );
  return {
    ...server,
    host: `localhost:${listener.port}`,
    realtimeUrl: `ws://localhost:${listener.port}${REALTIME_PATH}`,
    publishUrl: `${listener.url}${PUBLISH_PATH}`,
    async stop() {
      server.close();
      await listener.close();
    },
  };
}
