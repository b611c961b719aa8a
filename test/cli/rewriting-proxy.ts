import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalAnswer } from "./run-users.ts";

/** An answer on its way to the client. */
export interface PassingAnswer {
  readonly path: string;
  status: number;
  headers: [name: string, value: string][];
  body: string;
}

const OF_THE_CONNECTION = ["connection", "host", "transfer-encoding", "content-length"];

/**
 * A server before another that changes answers: what a stack with a mistake in it looks like from outside.
 */
export async function startRewritingProxy(
  target: string,
  rewrite: (answer: PassingAnswer) => void,
): Promise<LocalAnswer & { readonly url: string }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void (async () => {
        const path = request.url ?? "/";
        const headers = Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
        const answer = await fetch(target + path, {
          method: request.method ?? "GET",
          headers: Object.fromEntries(headers) as Record<string, string>,
          redirect: "manual",
          ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        });
        const passing: PassingAnswer = {
          path,
          status: answer.status,
          headers: [...answer.headers],
          body: await answer.text(),
        };
        rewrite(passing);
        const all = new Map<string, string[]>();
        for (const [name, value] of passing.headers.filter(([name]) => name !== "content-length"))
          all.set(name, [...(all.get(name) ?? []), value]);
        for (const [name, values] of all) response.setHeader(name, values);
        response.writeHead(passing.status).end(passing.body);
      })().catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://localhost:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
