import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer, type Server, type Socket } from "node:net";
import { closeAll, KEEP_ALIVE_MS, listenOnLoopback, nearestFree } from "../gateway/listener.ts";
import { loadSelfsigned } from "./packages.ts";

/** Answers plain HTTP, and TLS by a certificate of its own, at one port. */
export interface ProviderListener {
  readonly port: number;
  /** `http://localhost:3001` */
  readonly url: string;
  /** Whether TLS is answered. */
  readonly hasTls: boolean;
  /** From now on requests are answered. */
  serve(answer: RequestListener): void;
  close(): Promise<void>;
}

/** The first byte of a TLS connection: a handshake record (RFC 8446 section 5.1). */
const HANDSHAKE = 0x16;

/** @param near the first port that is tried. */
export async function listenForBoth(near: number): Promise<ProviderListener> {
  const plain = createHttpServer({ keepAliveTimeout: KEEP_ALIVE_MS });
  const certificate = await makeCertificate();
  const secure = certificate && createHttpsServer({ ...certificate, keepAliveTimeout: KEEP_ALIVE_MS });
  const open = new Set<Socket>();
  const onSocket = (socket: Socket): void => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      const server: Server = secure !== undefined && first[0] === HANDSHAKE ? secure : plain;
      server.emit("connection", socket);
      process.nextTick(() => socket.resume());
    });
  };
  const { port, servers } = await nearestFree(near, (next) =>
    listenOnLoopback(next, () => createServer(onSocket)),
  );
  return {
    port,
    url: `http://localhost:${port}`,
    hasTls: secure !== undefined,
    serve(answer) {
      plain.on("request", answer);
      secure?.on("request", answer);
    },
    async close() {
      for (const socket of open) socket.destroy();
      await closeAll(servers);
    },
  };
}

/** For localhost, by itself its own authority: browsers ask once whether to go on. */
async function makeCertificate(): Promise<{ key: string; cert: string } | undefined> {
  const selfsigned = await loadSelfsigned();
  if (selfsigned === undefined) return undefined;
  const pair = await selfsigned.generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    algorithm: "sha256",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] },
    ],
  });
  return { key: pair.private, cert: pair.cert };
}
