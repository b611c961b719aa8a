import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { StoreUnavailableError } from "../../src/dynamodb/errors.ts";
import { reading } from "../../src/dynamodb/faults.ts";
import { testClient } from "../support/dynamodb.ts";

/**
 * A server that listens and never accepts: its queue full, the kernel leaves every further connection
 * unanswered.
 */
const DEAF_SERVER = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

let server: Worker;
let port: number;
const queued: Socket[] = [];

beforeAll(async () => {
  server = new Worker(DEAF_SERVER, { eval: true });
  [port] = (await once(server, "message")) as [number];
  for (let count = 0; count < 8; count++)
    queued.push(connect(port, "127.0.0.1").on("error", () => undefined));
});
afterAll(async () => {
  for (const socket of queued) socket.destroy();
  await server.terminate();
});

test("a database that no connection comes about with is unavailable, not a fault of ours", async () => {
  const documents = testClient({
    endpoint: `http://127.0.0.1:${port}`,
    tries: 1,
    connectionTimeout: 300,
    requestTimeout: 2000,
  });
  const get = () => documents.send(new GetCommand({ TableName: "sessions", Key: { pk: "x" } }));
  // What is to be shown is the client's own timeout, which has a name and no code.
  await expect(get()).rejects.toMatchObject({ name: "TimeoutError" });
  await expect(reading(get)).rejects.toBeInstanceOf(StoreUnavailableError);
});
