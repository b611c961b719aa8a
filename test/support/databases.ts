import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startDynamoDbLocal, type DynamoDbLocal } from "../../local/dynamodb-local.ts";

/** The databases of a test run, of which each process that runs test files has one. */
export interface Databases {
  /**
   * Answers `GET /<number of the process>` with the endpoint of its database, which it starts if need be;
   * `DELETE` ends that one.
   */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * DynamoDB Local searches all changes of all streams, from the first, at each request to a table that has a
 * stream: shared by the whole run, one database took a fifth of its time for that.
 */
export async function startDatabases(): Promise<Databases> {
  const started = new Map<string, Promise<DynamoDbLocal>>();
  const databaseOf = (number: string): Promise<DynamoDbLocal> => {
    const database = started.get(number) ?? startDynamoDbLocal();
    started.set(number, database);
    return database;
  };
  async function end(number: string): Promise<void> {
    const database = started.get(number);
    started.delete(number);
    await (await database)?.stop();
  }
  const server = createServer((request, response) => {
    const number = request.url ?? "";
    const answer =
      request.method === "DELETE" ? end(number) : databaseOf(number).then(({ endpoint }) => endpoint);
    answer.then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await Promise.all([...started.values()].map(async (database) => (await database).stop()));
    },
  };
}
