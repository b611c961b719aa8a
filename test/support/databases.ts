import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { startDynamoDbLocal, type DynamoDbLocal } from "../../local/dynamodb-local.ts";

/** The databases of a test run, of which each process that runs test files has one. */
export interface Databases {
  /** Answers `GET /<number of the process>` with the endpoint of its database, which it starts if need be. */
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
  const server = createServer((request, response) => {
    databaseOf(request.url ?? "").then(
      ({ endpoint }) => response.end(endpoint),
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
