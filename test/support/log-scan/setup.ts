/**
 * Runs before each test file: from here on its secrets and what it writes are recorded, for the scan at the
 * end of the run.
 */
import { relative } from "node:path";
import { afterAll, expect, inject } from "vitest";
import { SessionToken } from "../../../src/sessions/token.ts";
import { recordAnswer, recordRequest } from "./captured.ts";
import { flushRecording, recordOutput, recordSecret, startRecording } from "./recorder.ts";

startRecording(inject("logScanFolder"), relative(process.cwd(), expect.getState().testPath ?? "unknown"));
afterAll(flushRecording);

const LISTENED = Symbol.for("single-session.log-scan.listened");

/** Test files that share a process share these objects: each is listened to once. */
function listenOnce(target: object, listen: () => void): void {
  if (LISTENED in target) return;
  Object.defineProperty(target, LISTENED, { value: true });
  listen();
}

listenOnce(SessionToken, () => {
  const generate = SessionToken.generate.bind(SessionToken);
  SessionToken.generate = (random) => {
    const token = generate(random);
    recordSecret("issued", token.reveal());
    return token;
  };
});

listenOnce(globalThis, () => {
  const originalFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    const { body } = init ?? {};
    recordRequest({
      url: input instanceof Request ? input.url : String(input),
      authorization: headers.get("authorization") ?? undefined,
      cookies: [headers.get("cookie") ?? ""],
      ...(typeof body === "string" && { body }),
    });
    const response = await originalFetch(input, init);
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    recordAnswer({
      setCookies: response.headers.getSetCookie(),
      ...(isJson && { body: await response.clone().text() }),
    });
    return response;
  };
});

for (const stream of [process.stdout, process.stderr]) {
  listenOnce(stream, () => {
    const write: typeof stream.write = stream.write.bind(stream);
    stream.write = ((...parameters: Parameters<typeof write>) => {
      const [chunk] = parameters;
      recordOutput("log", typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      return write(...parameters);
    }) as typeof write;
  });
}
